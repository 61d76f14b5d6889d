//! The exponential distribution.

use crate::engine::Draws;

/// Draws from the exponential distribution of mean `mean`, by inversion.
#[inline]
pub fn exponential(draws: &mut Draws, mean: f64) -> f64 {
    -mean * libm::log(draws.uniform())
}
