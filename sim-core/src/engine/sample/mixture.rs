//! Mixtures of lognormals: latencies with several modes or a heavy tail.

use super::lognormal;
use crate::engine::Draws;

/// A weighted mixture of lognormal distributions.
#[derive(Clone, Debug, PartialEq)]
pub struct LognormalMixture {
    components: Vec<Component>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Component {
    /// The probability of this component or an earlier one; 1 for the last.
    cumulative: f64,
    mu: f64,
    sigma: f64,
}

impl LognormalMixture {
    /// Makes a mixture from (weight, mu, sigma) triples; the weights need not sum to one.
    ///
    /// # Panics
    /// When no weight is positive, one is negative or not finite, or a sigma is negative or NaN.
    pub fn new(components: &[(f64, f64, f64)]) -> Self {
        let valid = |(weight, mu, sigma): &(f64, f64, f64)| {
            weight.is_finite() && *weight >= 0.0 && mu.is_finite() && *sigma >= 0.0
        };
        assert!(
            components.iter().all(valid),
            "a mixture has finite weights and sigmas >= 0"
        );
        let positive = components.iter().filter(|(weight, ..)| *weight > 0.0);
        let total: f64 = positive.clone().map(|(weight, ..)| weight).sum();
        assert!(total > 0.0, "a mixture has a positive weight");
        let mut sum = 0.0;
        let mut components: Vec<_> = positive
            .map(|&(weight, mu, sigma)| {
                sum += weight;
                Component {
                    cumulative: sum / total,
                    mu,
                    sigma,
                }
            })
            .collect();
        let last = components
            .last_mut()
            .expect("a positive total has a component");
        last.cumulative = 1.0;
        Self { components }
    }

    /// Draws from the mixture.
    pub fn sample(&self, draws: &mut Draws) -> f64 {
        let u = draws.uniform();
        let chosen = self
            .components
            .partition_point(|component| component.cumulative < u);
        let Component { mu, sigma, .. } = self.components[chosen];
        lognormal(draws, mu, sigma)
    }

    /// Returns the probability of a value of at most `x`.
    pub fn cdf(&self, x: f64) -> f64 {
        let mut below = 0.0;
        let mut sum = 0.0;
        for component in &self.components {
            let weight = component.cumulative - below;
            below = component.cumulative;
            sum += weight * lognormal_cdf(x, component.mu, component.sigma);
        }
        sum
    }
}

/// Returns the probability that a lognormal variate is at most `x`.
pub(super) fn lognormal_cdf(x: f64, mu: f64, sigma: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    normal_cdf(libm::log(x) - mu, sigma)
}

/// Returns the probability that a normal variate of mean 0 is at most `x`.
pub(super) fn normal_cdf(x: f64, sd: f64) -> f64 {
    if sd == 0.0 {
        return if x >= 0.0 { 1.0 } else { 0.0 };
    }
    0.5 * libm::erfc(-x / sd * std::f64::consts::FRAC_1_SQRT_2)
}
