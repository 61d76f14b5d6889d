//! The negative binomial distribution: a Poisson count whose mean is itself a gamma variate.

use super::{gamma, poisson};
use crate::engine::Draws;

/// Draws a count of mean `mean` and variance `mean` + `mean`^2 / `size`.
///
/// The smaller the `size`, the burstier the counts; a large one comes near to Poisson.
///
/// # Panics
/// When `mean` is negative or NaN, or `size` is not finite or below 1e-300.
pub fn negative_binomial(draws: &mut Draws, mean: f64, size: f64) -> u64 {
    assert!(mean >= 0.0, "a mean count is not negative or NaN: {mean}");
    if mean == 0.0 {
        return 0;
    }
    let rate = gamma(draws, size, mean / size);
    poisson(draws, rate)
}
