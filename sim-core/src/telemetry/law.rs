//! The law of latencies: a mixture of lognormals with a time-out, slowed down as the interval is.

use super::LatencyPart;
use super::curve::Curve;

/// The law of a latency signal, and the buckets that its histogram has, if it has any.
#[derive(Clone, Debug)]
pub(crate) struct LatencyLaw {
    curve: Curve,
    cap: f64,
    /// The logarithm of the time-out.
    last: f64,
    /// Where a search begins: the logarithm of the 90 % quantile of the signal as it normally is.
    middle: f64,
    /// A slope that the distribution function never has.
    steepest: f64,
    /// The upper bounds of the buckets, in milliseconds, and their logarithms.
    bounds: Vec<f64>,
    logs: Vec<f64>,
}

/// How latencies are slower: a share `affected` of them by the logarithm `slow`, the others by `shift`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shape {
    affected: f64,
    slow: f64,
    shift: f64,
}

impl Shape {
    /// A share `affected` of the requests is slower by `slower`, and all are by `factor`.
    pub fn new(affected: f64, slower: f64, factor: f64) -> Self {
        let slow = if affected > 0.0 {
            libm::log(factor * slower)
        } else {
            0.0
        };
        Self {
            affected,
            slow,
            shift: libm::log(factor),
        }
    }
}

impl LatencyLaw {
    /// Makes the law of `parts` with a time-out, both in milliseconds; `buckets` are the upper bounds
    /// of a histogram, none where every single latency is known.
    pub fn new(parts: &[LatencyPart], cap: f64, buckets: &[f64]) -> Self {
        let rough = Curve::new(parts, cap / 2.0, cap);
        // Factors up to 4 either way stay inside the table for all that gates mostly ask about.
        let first = rough.quantile(0.05).min(cap / 2.0) / 4.0;
        let last = libm::log(cap);
        Self {
            curve: Curve::new(parts, first, cap * 4.0),
            cap,
            last,
            middle: libm::log(rough.quantile(0.9)).min(last),
            steepest: 4.0 * parts.iter().map(steepest).sum::<f64>(),
            bounds: buckets.to_vec(),
            logs: buckets.iter().copied().map(libm::log).collect(),
        }
    }

    /// Whether [`LatencyLaw::new`] would make the same one of this.
    pub fn is_of(&self, parts: &[LatencyPart], cap: f64, buckets: &[f64]) -> bool {
        self.curve.parts() == parts && self.cap == cap && self.bounds == buckets
    }

    /// Returns the logarithm of the time-out.
    pub const fn last(&self) -> f64 {
        self.last
    }

    /// Returns the latency of this logarithm, in milliseconds: the time-out at the most.
    pub fn latency(&self, log: f64) -> f64 {
        if log >= self.last {
            self.cap
        } else {
            libm::exp(log)
        }
    }

    /// Returns the logarithm at which a search begins.
    pub const fn middle(&self) -> f64 {
        self.middle
    }

    /// Returns a slope that the distribution function never has, over the logarithm of the latency.
    pub const fn steepest(&self) -> f64 {
        self.steepest
    }

    /// Returns the upper bounds of the buckets, in milliseconds; none where latencies are known exactly.
    pub fn bounds(&self) -> &[f64] {
        &self.bounds
    }

    /// Returns the probability of a latency in bucket `bucket` or a faster one.
    pub fn upto_bucket(&self, bucket: usize, shape: Shape) -> f64 {
        match self.bounds.get(bucket) {
            Some(bound) if *bound < self.cap => self.upto(self.logs[bucket], shape),
            _ => 1.0,
        }
    }

    /// Returns the probability of a latency whose logarithm is at most `log`, as if there was no time-out.
    pub fn upto(&self, log: f64, shape: Shape) -> f64 {
        let upto = self.curve.at(log - shape.shift);
        if shape.affected > 0.0 {
            upto + shape.affected * (self.curve.at(log - shape.slow) - upto)
        } else {
            upto
        }
    }

    /// Returns the logarithm of a latency of which a share `u` is at most as long; it is known to lie
    /// between `low`, which may be minus infinity, and `high`.
    ///
    /// The method is the false position whose idle end counts half (Illinois): M. Dowell, P. Jarratt,
    /// "A modified regula falsi method for computing the root of an equation", BIT 11 (1971).
    pub fn inverse(&self, u: f64, shape: Shape, (low, high): (f64, f64)) -> f64 {
        let miss = |log: f64| self.upto(log, shape) - u;
        let low = if low == f64::NEG_INFINITY {
            below(high, miss)
        } else {
            low
        };
        let (mut a, mut b) = ((low, miss(low)), (high, miss(high)));
        for _ in 0..STEPS_MAX {
            let width = b.0 - a.0;
            if width < NEAR || b.1 <= 0.0 || a.1 >= 0.0 {
                break;
            }
            let log = a.0 - a.1 * width / (b.1 - a.1);
            let found = miss(log);
            if found < 0.0 {
                a = (log, found);
                b.1 /= 2.0;
            } else {
                b = (log, found);
                a.1 /= 2.0;
            }
            if found.abs() < SURE {
                return log;
            }
        }
        if a.1 >= 0.0 { a.0 } else { b.0 }
    }
}

/// The density of a part at its median. The cubics of the table are less than three times as steep as the
/// function at the nodes.
fn steepest(part: &LatencyPart) -> f64 {
    part.weight / (part.sigma * libm::sqrt(2.0 * std::f64::consts::PI))
}

/// No latency is so much shorter than another: a factor of e^1000.
const REACH_MAX: f64 = 1e3;
/// Two logarithms that are no further apart are the same latency, to ten digits.
const NEAR: f64 = 1e-10;
/// Rounding alone moves the distribution function more than this.
const SURE: f64 = 1e-15;
/// The false position needs fewer than a dozen steps; this many are for functions with flat parts.
const STEPS_MAX: usize = 100;

/// Steps down from `high`, ever further, to where nothing is missed any more.
fn below(high: f64, miss: impl Fn(f64) -> f64) -> f64 {
    let mut reach = 1.0;
    while miss(high - reach) > 0.0 && reach <= REACH_MAX {
        reach *= 2.0;
    }
    high - reach
}

#[cfg(test)]
mod tests {
    use super::*;

    fn law() -> LatencyLaw {
        let part = |weight, median, sigma| LatencyPart {
            weight,
            median,
            sigma,
        };
        LatencyLaw::new(&[part(0.95, 60.0, 0.4), part(0.05, 200.0, 0.5)], 1e4, &[])
    }

    #[test]
    fn the_inverse_finds_what_the_distribution_function_says() {
        let law = law();
        // A tenth of the requests takes three times as long, and all a fifth longer.
        for shape in [Shape::new(0.0, 1.0, 1.0), Shape::new(0.1, 3.0, 1.2)] {
            for step in 1..2_000 {
                let u = f64::from(step) / 2_000.0;
                let log = law.inverse(u, shape, (f64::NEG_INFINITY, law.last()));
                // The table of the function has cubics between its nodes, off by less than 1e-8.
                assert!((law.upto(log, shape) - u).abs() < 1e-9, "{u}");
            }
        }
    }

    #[test]
    fn slower_requests_are_a_mixture() {
        let law = law();
        let normal = |z: f64| 0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2);
        let plain = |x: f64| {
            let z = |median: f64, sigma| libm::log(x / median) / sigma;
            0.95 * normal(z(60.0, 0.4)) + 0.05 * normal(z(200.0, 0.5))
        };
        let shape = Shape::new(0.1, 3.0, 1.2);
        for x in [30.0, 60.0, 100.0, 250.0, 700.0, 2_000.0] {
            let exact = 0.9 * plain(x / 1.2) + 0.1 * plain(x / 3.6);
            let found = law.upto(libm::log(x), shape);
            assert!((found - exact).abs() < 1e-7, "{x}: {found} {exact}");
        }
    }
}
