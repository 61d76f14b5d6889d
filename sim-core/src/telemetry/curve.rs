//! Curves: the distribution function of a latency mixture, cheap enough to be asked all the time.

use super::LatencyPart;

/// A mixture of lognormals as a function of the logarithm of the latency.
///
/// Between nodes it is a cubic through values and slopes (Hermite). With nodes 1/32 of the smallest sigma
/// apart its error is below h^4 / 384 times the fourth derivative, which is less than 1e-8: far below what
/// any number of simulated requests could show. Outside the nodes the exact function answers.
#[derive(Clone, Debug)]
pub(crate) struct Curve {
    parts: Vec<LatencyPart>,
    first: f64,
    step: f64,
    /// The value and the slope times the step at each node.
    nodes: Vec<(f64, f64)>,
}

impl Curve {
    /// The most nodes that are kept, so that a tiny sigma costs accuracy and not memory.
    const MOST: usize = 8192;

    /// Tabulates the mixture from `low` to `high`, in milliseconds.
    pub fn new(parts: &[LatencyPart], low: f64, high: f64) -> Self {
        let sigma = parts
            .iter()
            .map(|part| part.sigma)
            .fold(f64::INFINITY, f64::min);
        let (first, last) = (libm::log(low), libm::log(high));
        let count = ((last - first) / (sigma / 32.0)).ceil() as usize;
        let count = count.clamp(2, Self::MOST);
        let step = (last - first) / (count - 1) as f64;
        let mut curve = Self {
            parts: parts.to_vec(),
            first,
            step,
            nodes: Vec::new(),
        };
        let node = |index| {
            let log = first + step * index as f64;
            (curve.exact(log), step * curve.density(log))
        };
        curve.nodes = (0..count).map(node).collect();
        curve
    }

    /// The parts of the mixture.
    pub fn parts(&self) -> &[LatencyPart] {
        &self.parts
    }

    /// Returns the probability of a latency whose logarithm is at most `log`.
    pub fn at(&self, log: f64) -> f64 {
        let place = (log - self.first) / self.step;
        if !(place >= 0.0 && place < (self.nodes.len() - 1) as f64) {
            return self.exact(log);
        }
        let index = place as usize;
        let t = place - index as f64;
        let ((a, slope_a), (b, slope_b)) = (self.nodes[index], self.nodes[index + 1]);
        let u = 1.0 - t;
        a * u * u * (1.0 + 2.0 * t)
            + b * t * t * (1.0 + 2.0 * u)
            + t * u * (slope_a * u - slope_b * t)
    }

    /// Returns the latency of which a share `q` is at most as long, in milliseconds, by bisection.
    pub fn quantile(&self, q: f64) -> f64 {
        let medians = || self.parts.iter().map(|part| libm::log(part.median));
        let spread = self.parts.iter().map(|part| part.sigma).fold(0.0, f64::max) * 10.0;
        let mut low = medians().fold(f64::INFINITY, f64::min) - spread;
        let mut high = medians().fold(f64::NEG_INFINITY, f64::max) + spread;
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if self.exact(middle) < q {
                low = middle;
            } else {
                high = middle;
            }
        }
        libm::exp(high)
    }

    fn exact(&self, log: f64) -> f64 {
        let part = |part: &LatencyPart| {
            let z = (log - libm::log(part.median)) / part.sigma;
            part.weight * 0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
        };
        self.parts.iter().map(part).sum()
    }

    fn density(&self, log: f64) -> f64 {
        let part = |part: &LatencyPart| {
            let z = (log - libm::log(part.median)) / part.sigma;
            let root = libm::sqrt(2.0 * std::f64::consts::PI);
            part.weight * libm::exp(-z * z / 2.0) / (part.sigma * root)
        };
        self.parts.iter().map(part).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_agrees_with_the_function() {
        let part = |weight, median, sigma| LatencyPart {
            weight,
            median,
            sigma,
        };
        let parts = [
            part(0.9, 40.0, 0.5),
            part(0.09, 150.0, 0.6),
            part(0.01, 600.0, 0.6),
        ];
        let curve = Curve::new(&parts, 10.0, 10_000.0);
        for step in 0..10_000 {
            let log = 2.0 + f64::from(step) * 8e-4;
            let error = (curve.at(log) - curve.exact(log)).abs();
            assert!(error < 1e-8, "at {log}: {error}");
        }
    }

    #[test]
    fn quantiles_invert_the_function() {
        let curve = Curve::new(
            &[LatencyPart {
                weight: 1.0,
                median: 100.0,
                sigma: 0.5,
            }],
            1.0,
            1e4,
        );
        // 100 exp(0.5 x 2.326348) = 320.0.
        assert!((curve.quantile(0.99) - 320.0).abs() < 0.05);
    }
}
