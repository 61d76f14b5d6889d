//! Latency histograms: a mixture of lognormals with a time-out, counted in bins.

use super::LatencyPart;
use crate::engine::{Draws, sample};

/// How many bins a histogram has.
pub(crate) const BINS: usize = 32;

/// The bins of one latency signal, and the probabilities of its normal distribution.
///
/// Bins are geometric from half the smallest median to the cap, so that a quantile between bounds is
/// interpolated over a few per cent.
#[derive(Clone, Debug)]
pub(crate) struct Bins {
    parts: Vec<LatencyPart>,
    cap: f64,
    bounds: [f64; BINS],
    weights: [f64; BINS],
    /// What the weights were computed for: the affected share and the two factors.
    state: (f64, f64, f64),
}

impl Bins {
    pub fn new(parts: &[LatencyPart], cap: f64) -> Self {
        let smallest = parts.iter().map(|part| part.median).fold(cap, f64::min);
        let first = (smallest / 2.0).min(cap / 2.0);
        let ratio = libm::pow(cap / first, 1.0 / (BINS - 1) as f64);
        let mut bounds = [cap; BINS];
        let mut bound = first;
        for slot in bounds.iter_mut().take(BINS - 1) {
            *slot = bound;
            bound *= ratio;
        }
        let state = (f64::NAN, f64::NAN, f64::NAN);
        Self {
            parts: parts.to_vec(),
            cap,
            bounds,
            weights: [0.0; BINS],
            state,
        }
    }

    /// Counts `requests` latencies into `out`: a share `affected` of them is slower by `slower`, and
    /// all by `factor`.
    pub fn count(
        &mut self,
        draws: &mut Draws,
        requests: u64,
        (affected, slower, factor): (f64, f64, f64),
        out: &mut [u32; BINS],
    ) {
        self.weigh(affected, slower, factor);
        out.fill(0);
        let (mut left, mut mass) = (requests, 1.0);
        for (slot, weight) in out.iter_mut().zip(&self.weights) {
            if left == 0 {
                break;
            }
            let hit = if *weight >= mass {
                left
            } else {
                sample::binomial(draws, left, weight / mass)
            };
            *slot = hit as u32;
            left -= hit;
            mass -= weight;
        }
        // Rounding may leave a crumb of mass; its requests have run into the time-out.
        out[BINS - 1] += left as u32;
    }

    fn weigh(&mut self, affected: f64, slower: f64, factor: f64) {
        if self.state == (affected, slower, factor) {
            return;
        }
        self.state = (affected, slower, factor);
        let mut below = 0.0;
        for index in 0..BINS {
            let bound = self.bounds[index];
            let upto = if index + 1 == BINS {
                1.0
            } else {
                let normal = self.cdf(bound / factor);
                let bad = if affected > 0.0 {
                    self.cdf(bound / (factor * slower))
                } else {
                    0.0
                };
                normal * (1.0 - affected) + bad * affected
            };
            self.weights[index] = (upto - below).max(0.0);
            below = upto;
        }
    }

    /// The distribution function of the mixture, without the cap.
    fn cdf(&self, milliseconds: f64) -> f64 {
        let part = |part: &LatencyPart| {
            let z = libm::log(milliseconds / part.median) / part.sigma;
            part.weight * 0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
        };
        self.parts.iter().map(part).sum()
    }

    /// Returns the quantile `q` of `counts`, interpolated inside its bin, in milliseconds.
    pub fn quantile(&self, counts: &[u64; BINS], q: f64) -> Option<f64> {
        let total: u64 = counts.iter().sum();
        if total == 0 {
            return None;
        }
        let rank = q * total as f64;
        let mut below = 0.0;
        for (index, count) in counts.iter().enumerate() {
            let count = *count as f64;
            if below + count >= rank && count > 0.0 {
                let low = if index == 0 {
                    0.0
                } else {
                    self.bounds[index - 1]
                };
                return Some(low + (self.bounds[index] - low) * ((rank - below) / count));
            }
            below += count;
        }
        Some(self.cap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Key;

    fn bins() -> Bins {
        Bins::new(
            &[LatencyPart {
                weight: 1.0,
                median: 100.0,
                sigma: 0.5,
            }],
            10_000.0,
        )
    }

    #[test]
    fn quantiles_of_many_requests_are_those_of_the_distribution() {
        let mut bins = bins();
        let mut draws = Key::for_replication(1, 0).draws(0, 0, 0);
        let mut out = [0; BINS];
        bins.count(&mut draws, 4_000_000, (0.0, 1.0, 1.0), &mut out);
        let counts = out.map(u64::from);
        assert_eq!(counts.iter().sum::<u64>(), 4_000_000);
        // Exact: 100 exp(0.5 z), z = 1.6449 and 2.3263. A bin is 18 % wide; interpolating a density
        // that falls inside it costs less than 2 %.
        for (q, exact) in [(0.95, 227.6), (0.99, 320.0)] {
            let found = bins.quantile(&counts, q).expect("there are requests");
            assert!(
                (found / exact - 1.0).abs() < 0.02,
                "q {q}: {found}, exactly {exact}"
            );
        }
    }

    #[test]
    fn a_slow_share_moves_the_tail() {
        let mut bins = bins();
        let mut draws = Key::for_replication(1, 1).draws(0, 0, 0);
        let mut out = [0; BINS];
        bins.count(&mut draws, 1_000_000, (0.1, 4.0, 1.0), &mut out);
        let p99 = bins
            .quantile(&out.map(u64::from), 0.99)
            .expect("there are requests");
        // Mixture 0.9 LN(100, .5) + 0.1 LN(400, .5): its 99 % quantile is 762 (solved by bisection).
        assert!((p99 / 762.0 - 1.0).abs() < 0.03, "p99 {p99}");
    }

    #[test]
    fn nothing_takes_longer_than_the_cap() {
        let mut bins = bins();
        let mut draws = Key::for_replication(1, 2).draws(0, 0, 0);
        let mut out = [0; BINS];
        bins.count(&mut draws, 1000, (1.0, 1e6, 1.0), &mut out);
        assert_eq!(out[BINS - 1], 1000);
        assert!(
            bins.quantile(&out.map(u64::from), 0.5)
                .expect("there are requests")
                <= 10_000.0
        );
        assert_eq!(bins.quantile(&[0; BINS], 0.5), None);
    }
}
