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
    /// The lowest quantile that anybody reads.
    lowest: f64,
    bounds: [f64; BINS],
    /// The logarithms of the bounds.
    logs: [f64; BINS],
}

/// The latencies of one interval, counted from the fastest bin on as far as somebody has looked.
///
/// A quantile needs no bin above its own, so that most of the tail is never drawn. What is drawn later is
/// what would have been drawn at once.
#[derive(Clone, Debug)]
pub(crate) struct Histogram {
    counts: [u32; BINS],
    total: u64,
    /// How many bins have been counted, and how many requests lie beyond them.
    counted: usize,
    left: u64,
    /// The probability beyond the bins that have been counted, as it is left by subtraction.
    mass: f64,
    /// The probability of these bins.
    below: f64,
    shape: Shape,
    draws: Draws,
}

/// How latencies are slower: a share `affected` of them by the logarithm `slow`, the others by `shift`.
#[derive(Clone, Copy, Debug)]
struct Shape {
    affected: f64,
    slow: f64,
    shift: f64,
}

impl Histogram {
    /// Returns the number of requests.
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// Keeps of each bin what `arriving` says about its count.
    pub fn thin(&mut self, bins: &Bins, mut arriving: impl FnMut(u32) -> u32) {
        bins.count(self, BINS - 1);
        self.counts = self.counts.map(&mut arriving);
        self.total = self.counts.iter().copied().map(u64::from).sum();
    }
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
            lowest,
            bounds,
            logs: bounds.map(libm::log),
        }
    }

    /// Whether [`Bins::new`] would make the same ones of this.
    pub fn are_of(&self, parts: &[LatencyPart], cap: f64, lowest: f64) -> bool {
        self.curve.parts() == parts && (self.cap, self.lowest) == (cap, lowest)
    }

    /// Prepares to count `requests` latencies: a share `affected` of them is slower by `slower`, and all
    /// by `factor`.
    pub fn histogram(
        draws: Draws,
        requests: u64,
        (affected, slower, factor): (f64, f64, f64),
    ) -> Histogram {
        Histogram {
            counts: [0; BINS],
            total: requests,
            counted: 0,
            left: requests,
            mass: 1.0,
            below: 0.0,
            shape: Shape {
                affected,
                slow: if affected > 0.0 {
                    libm::log(factor * slower)
                } else {
                    0.0
                },
                shift: libm::log(factor),
            },
            draws,
        }
    }

    /// Returns how many latencies of `histogram` lie in `bin`; counts them where nobody has yet.
    pub fn count(&self, histogram: &mut Histogram, bin: usize) -> u64 {
        while histogram.counted <= bin {
            if histogram.left <= FEW {
                self.place_the_rest(histogram);
            } else {
                self.count_next(histogram);
            }
        }
        histogram.counts[bin].into()
    }

    fn count_next(&self, of: &mut Histogram) {
        let (bin, weight) = (of.counted, self.next_weight(of));
        let hit = if weight >= of.mass || bin == BINS - 1 {
            // Rounding may leave a crumb of probability beyond the last bin.
            of.left
        } else {
            sample::binomial(&mut of.draws, of.left, weight / of.mass)
        };
        of.counts[bin] = hit as u32;
        of.left -= hit;
        of.mass -= weight;
    }

    /// Places the requests that are left one by one. Rounding may leave a crumb of probability beyond the
    /// last bin; what falls there has run into the time-out.
    fn place_the_rest(&self, of: &mut Histogram) {
        let mut marks = [0.0; FEW as usize];
        let mut left = of.left as usize;
        for mark in &mut marks[..left] {
            *mark = of.mass * of.draws.uniform();
        }
        while of.counted < BINS && left > 0 {
            let (bin, weight) = (of.counted, self.next_weight(of));
            let mut index = 0;
            while index < left {
                marks[index] -= weight;
                if marks[index] < 0.0 || bin == BINS - 1 {
                    of.counts[bin] += 1;
                    left -= 1;
                    marks.swap(index, left);
                } else {
                    index += 1;
                }
            }
        }
        (of.counted, of.left) = (BINS, 0);
    }

    /// Returns the probability of the next bin, which is counted with that.
    fn next_weight(&self, of: &mut Histogram) -> f64 {
        let upto = self.upto(of.counted, of.shape);
        let weight = (upto - of.below).max(0.0);
        of.below = upto;
        of.counted += 1;
        weight
    }

    /// Returns the probability of a latency in this bin or a faster one.
    fn upto(&self, bin: usize, shape: Shape) -> f64 {
        if self.bounds[bin] >= self.cap {
            return 1.0;
        }
        let log = self.logs[bin];
        let upto = self.curve.at(log - shape.shift);
        if shape.affected > 0.0 {
            upto + shape.affected * (self.curve.at(log - shape.slow) - upto)
        } else {
            upto
        }
    }

    /// Returns the end of the first bin, in milliseconds.
    pub const fn finest(&self) -> f64 {
        self.bounds[0]
    }

    /// Returns the quantile `q` of `counts`, those of the first bins, interpolated inside its bin, in
    /// milliseconds.
    pub fn quantile(&self, counts: &[u64], q: f64) -> Option<f64> {
        histogram_quantile(&self.bounds, counts.iter().map(|count| *count as f64), q)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Key;

    fn counts(bins: &Bins, draws: Draws, requests: u64, state: (f64, f64, f64)) -> [u64; BINS] {
        let mut histogram = Bins::histogram(draws, requests, state);
        std::array::from_fn(|bin| bins.count(&mut histogram, bin))
    }

    fn bins() -> Bins {
        let parts = [LatencyPart {
            weight: 1.0,
            median: 100.0,
            sigma: 0.5,
        }];
        Bins::new(&parts, 10_000.0, 0.95)
    }

    fn counted(requests: u64, state: (f64, f64, f64)) -> (Bins, [u64; BINS]) {
        let draws = Key::for_replication(1, 0).draws(0, 0, 0);
        let bins = bins();
        let counts = counts(&bins, draws, requests, state);
        (bins, counts)
    }

    #[test]
    fn it_does_not_matter_who_looks_how_far_first() {
        let bins = bins();
        for requests in [0, 5, 12, 13, 500, 1_000_000] {
            for deep in 0..BINS {
                let draws = Key::for_replication(3, requests).draws(0, 0, 0);
                let state = (0.1, 3.0, 1.1);
                let whole = counts(&bins, draws.clone(), requests, state);
                let mut histogram = Bins::histogram(draws, requests, state);
                assert_eq!(bins.count(&mut histogram, deep), whole[deep]);
                let again = std::array::from_fn(|bin| bins.count(&mut histogram, bin));
                assert_eq!(again, whole, "{requests} requests, first bin {deep}");
                assert_eq!(whole.iter().sum::<u64>(), requests);
            }
        }
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
        for tick in 0..100_000 {
            let draws = Key::for_replication(2, 0).draws(0, 0, tick);
            let counts = counts(&bins, draws, FEW, (0.0, 1.0, 1.0));
            few.iter_mut()
                .zip(counts)
                .for_each(|(sum, count)| *sum += count);
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
