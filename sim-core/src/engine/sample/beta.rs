//! The beta distribution, as a ratio of gamma variates, and the binomial mixed over it.

use super::gamma::ln_gamma_variate;
use super::{binomial, gamma};
use crate::engine::Draws;

/// Draws from the beta distribution of mean `a` / (`a` + `b`).
///
/// With tiny shapes the result is often within a rounding of 0 or 1 and is given as that.
///
/// # Panics
/// When a shape is not finite or below 1e-300.
pub fn beta(draws: &mut Draws, a: f64, b: f64) -> f64 {
    if a >= 1.0 && b >= 1.0 {
        let x = gamma(draws, a, 1.0);
        return x / (x + gamma(draws, b, 1.0));
    }
    // Two gamma variates of small shape may both underflow; their logarithms do not.
    let x = ln_gamma_variate(draws, a);
    let y = ln_gamma_variate(draws, b);
    1.0 / (1.0 + libm::exp(y - x))
}

/// Draws the successes of `n` trials that share one probability drawn from beta(`a`, `b`).
///
/// # Panics
/// As [`beta`] and [`binomial`](binomial()) do.
pub fn beta_binomial(draws: &mut Draws, n: u64, a: f64, b: f64) -> u64 {
    let p = beta(draws, a, b);
    binomial(draws, n, p)
}
