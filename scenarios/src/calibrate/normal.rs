//! The standard normal law.

/// Returns the density at `z`.
pub(super) fn density(z: f64) -> f64 {
    libm::exp(-z * z / 2.0) / 2.506_628_274_631_000_5
}

/// Returns the probability above `z`.
pub(super) fn upper(z: f64) -> f64 {
    0.5 * libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2)
}
