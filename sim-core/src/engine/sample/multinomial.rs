//! The multinomial distribution, by conditional binomials.

use super::binomial;
use crate::engine::Draws;

/// Shares `n` exchangeable things out over buckets in proportion to `weights`, into `out`.
///
/// The weights need not sum to one.
///
/// # Panics
/// When the slices differ in length, a weight is negative or not finite, or no weight is
/// positive while `n` is.
pub fn multinomial(draws: &mut Draws, n: u64, weights: &[f64], out: &mut [u64]) {
    assert_eq!(weights.len(), out.len(), "every bucket has one weight");
    let valid = weights
        .iter()
        .all(|weight| weight.is_finite() && *weight >= 0.0);
    assert!(valid, "a weight is finite and not negative");
    out.fill(0);
    let Some(last) = weights.iter().rposition(|weight| *weight > 0.0) else {
        assert!(n == 0, "no bucket has a positive weight");
        return;
    };
    let mut left = n;
    let mut weight_left: f64 = weights.iter().sum();
    for (count, weight) in out.iter_mut().zip(weights).take(last) {
        // Rounding may leave a rest smaller than the next weight.
        let share = (weight / weight_left).min(1.0);
        *count = if weight_left > 0.0 {
            binomial(draws, left, share)
        } else {
            0
        };
        left -= *count;
        weight_left -= weight;
    }
    out[last] = left;
}
