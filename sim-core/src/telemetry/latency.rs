//! Latency histograms: a mixture of lognormals with a time-out, counted in bins.

use super::LatencyPart;
use super::curve::Curve;
use super::histogram::histogram_quantile;
use crate::engine::{Draws, sample};

/// How many bins a histogram has at the most.
pub(crate) const BINS: usize = 32;

/// By what factor the bounds of a bin differ, where the bins suffice for it.
const WIDTH: f64 = 1.2;

/// So few requests are placed one by one, which is cheaper than one draw for each bin that is left.
const FEW: u64 = 12;

/// The bins of a latency signal.
///
/// Bins are geometric from less than half of the lowest quantile that anybody reads up to the cap, so
/// that a quantile is interpolated inside a bin of about a fifth; what is faster shares the first bin.
#[derive(Clone, Debug)]
pub(crate) struct Bins {
    curve: Curve,
    cap: f64,
    bounds: [f64; BINS],
    /// The logarithms of the bounds.
    logs: [f64; BINS],
}

/// The probabilities of the bins in some state of the signal.
#[derive(Clone, Debug)]
pub(crate) struct Weights {
    /// What they were computed for: the affected share and the two factors.
    state: (f64, f64, f64),
    of_bins: [f64; BINS],
}

impl Weights {
    pub const UNKNOWN: Self = Self {
        state: (f64::NAN, f64::NAN, f64::NAN),
        of_bins: [0.0; BINS],
    };
}

impl Bins {
    /// Makes the bins for quantiles from `lowest` up.
    pub fn new(parts: &[LatencyPart], cap: f64, lowest: f64) -> Self {
        let rough = Curve::new(parts, cap / 2.0, cap);
        let first = (rough.quantile(lowest) / 2.5).min(cap / 2.0);
        let steps = (libm::log(cap / first) / libm::log(WIDTH))
            .ceil()
            .min((BINS - 1) as f64);
        let ratio = libm::pow(cap / first, 1.0 / steps);
        let mut bounds = [cap; BINS];
        let mut bound = first;
        for slot in bounds.iter_mut().take(steps as usize) {
            *slot = bound;
            bound *= ratio;
        }
        // Factors up to 4 either way stay inside the table.
        let curve = Curve::new(parts, first / 4.0, cap * 4.0);
        Self {
            curve,
            cap,
            bounds,
            logs: bounds.map(libm::log),
        }
    }

    /// Counts `requests` latencies: a share `affected` of them is slower by `slower`, and all by
    /// `factor`.
    pub fn count(
        &self,
        draws: &mut Draws,
        requests: u64,
        state: (f64, f64, f64),
        weights: &mut Weights,
    ) -> [u32; BINS] {
        if weights.state != state {
            *weights = Weights {
                state,
                of_bins: self.weigh(state),
            };
        }
        let mut counts = [0; BINS];
        let (mut left, mut mass, mut next) = (requests, 1.0, 0);
        for (slot, weight) in counts.iter_mut().zip(&weights.of_bins) {
            if left <= FEW {
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
            next += 1;
        }
        for _ in 0..left {
            counts[one_of(&weights.of_bins, next, mass * draws.uniform())] += 1;
        }
        counts
    }

    fn weigh(&self, (affected, slower, factor): (f64, f64, f64)) -> [f64; BINS] {
        let (shift, slow) = (libm::log(factor), libm::log(factor * slower));
        let mut below = 0.0;
        let mut weights = [0.0; BINS];
        for (index, (weight, log)) in weights.iter_mut().zip(&self.logs).enumerate() {
            let mut upto = self.curve.at(log - shift);
            if affected > 0.0 {
                upto += affected * (self.curve.at(log - slow) - upto);
            }
            if self.bounds[index] >= self.cap {
                upto = 1.0;
            }
            *weight = (upto - below).max(0.0);
            below = upto;
        }
        weights
    }

    /// Returns the end of the first bin, in milliseconds.
    pub const fn finest(&self) -> f64 {
        self.bounds[0]
    }

    /// Returns the quantile `q` of `counts`, interpolated inside its bin, in milliseconds.
    pub fn quantile(&self, counts: &[u64; BINS], q: f64) -> Option<f64> {
        histogram_quantile(&self.bounds, counts.map(|count| count as f64), q)
    }
}

/// Returns the bin, from `first` on, in which the share `mark` of the remaining mass lies. Rounding may
/// leave a crumb beyond the last bin; it has run into the time-out.
fn one_of(weights: &[f64; BINS], first: usize, mut mark: f64) -> usize {
    for (index, weight) in weights.iter().enumerate().skip(first) {
        mark -= weight;
        if mark < 0.0 {
            return index;
        }
    }
    BINS - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Key;

    fn counted(requests: u64, state: (f64, f64, f64)) -> (Bins, [u64; BINS]) {
        let parts = [LatencyPart {
            weight: 1.0,
            median: 100.0,
            sigma: 0.5,
        }];
        let bins = Bins::new(&parts, 10_000.0, 0.95);
        let mut draws = Key::for_replication(1, 0).draws(0, 0, 0);
        let counts = bins.count(&mut draws, requests, state, &mut Weights::UNKNOWN.clone());
        (bins, counts.map(u64::from))
    }

    #[test]
    fn quantiles_of_many_requests_are_those_of_the_distribution() {
        let (bins, counts) = counted(4_000_000, (0.0, 1.0, 1.0));
        assert_eq!(counts.iter().sum::<u64>(), 4_000_000);
        // Exact: 100 exp(0.5 z), z = 1.6449 and 2.3263. A bin is 20 % wide; interpolating a density
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
        let (bins, counts) = counted(1_000_000, (0.1, 4.0, 1.0));
        let p99 = bins.quantile(&counts, 0.99).expect("there are requests");
        // Mixture 0.9 LN(100, .5) + 0.1 LN(400, .5): its 99 % quantile is 762 (solved by bisection).
        assert!((p99 / 762.0 - 1.0).abs() < 0.03, "p99 {p99}");
    }

    #[test]
    fn a_factor_on_everything_moves_every_quantile() {
        let (bins, counts) = counted(1_000_000, (0.0, 1.0, 1.5));
        let p99 = bins.quantile(&counts, 0.99).expect("there are requests");
        assert!((p99 / 480.0 - 1.0).abs() < 0.03, "p99 {p99}");
    }

    #[test]
    fn few_requests_are_spread_as_many_are() {
        // Twelve at a time are placed one by one, a million at once by binomials.
        let (bins, many) = counted(1_200_000, (0.0, 1.0, 1.0));
        let mut few = [0_u64; BINS];
        let mut weights = Weights::UNKNOWN;
        for tick in 0..100_000 {
            let mut draws = Key::for_replication(2, 0).draws(0, 0, tick);
            let counts = bins.count(&mut draws, FEW, (0.0, 1.0, 1.0), &mut weights);
            few.iter_mut()
                .zip(counts)
                .for_each(|(sum, count)| *sum += u64::from(count));
        }
        for (few, many) in few.into_iter().zip(many) {
            let sd = libm::sqrt((few + many) as f64);
            assert!(
                (few as f64 - many as f64).abs() <= 4.5 * sd.max(1.0),
                "{few} and {many}"
            );
        }
    }

    #[test]
    fn nothing_takes_longer_than_the_cap() {
        let (bins, counts) = counted(1000, (1.0, 1e6, 1.0));
        let median = bins.quantile(&counts, 0.5).expect("there are requests");
        assert!((8_000.0..=10_000.0).contains(&median), "{median}");
        assert_eq!(bins.quantile(&[0; BINS], 0.5), None);
    }
}
