//! The lognormal distribution.

use super::standard_normal;
use crate::engine::Draws;

/// Draws a number whose logarithm is normal with mean `mu` and standard deviation `sigma`.
///
/// Its median is exp(mu), its mean exp(mu + sigma^2 / 2).
#[inline]
pub fn lognormal(draws: &mut Draws, mu: f64, sigma: f64) -> f64 {
    libm::exp(mu + sigma * standard_normal(draws))
}
