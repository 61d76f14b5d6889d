//! The standard normal distribution, on `libm` alone.

use std::f64::consts::FRAC_1_SQRT_2;

use libm::{erfc, exp, fabs, log, sqrt};

/// Returns the probability that a standard normal variable is more than `z`.
///
/// Relative accuracy is kept in the upper tail.
pub fn normal_tail(z: f64) -> f64 {
    0.5 * erfc(z * FRAC_1_SQRT_2)
}

/// Returns the density of the standard normal distribution at `z`.
pub fn normal_density(z: f64) -> f64 {
    const ONE_OVER_ROOT_TWO_PI: f64 = 0.398_942_280_401_432_7;
    ONE_OVER_ROOT_TWO_PI * exp(-0.5 * z * z)
}

/// Returns the `z` that a standard normal variable exceeds with probability `p`.
///
/// The start is formula 26.2.23 of Abramowitz and Stegun (error below 4.5e-4); four steps of
/// Halley's method on the tail take it to the last digits.
///
/// # Panics
///
/// If `p` is not strictly between 0 and 1.
pub fn normal_upper_quantile(p: f64) -> f64 {
    assert!(0.0 < p && p < 1.0, "{p} is no probability inside (0, 1)");
    if p > 0.5 {
        return -normal_upper_quantile(1.0 - p);
    }
    let t = sqrt(-2.0 * log(p));
    let top = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let bottom = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    let mut z = t - top / bottom;
    for _ in 0..4 {
        let newton = (normal_tail(z) - p) / normal_density(z);
        if fabs(newton) < 1e-16 * (1.0 + fabs(z)) {
            break;
        }
        // The second derivative of the tail is z times the density.
        z += newton / (1.0 - 0.5 * newton * z);
    }
    z
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values: SciPy 1.17.1, `scipy.stats.norm.isf`.
    #[test]
    fn quantiles_agree_with_scipy() {
        let table = [
            (0.5, 0.0),
            (0.025, 1.959_963_984_540_054),
            (0.01, 2.326_347_874_040_841),
            (0.99, -2.326_347_874_040_841),
            (1e-9, 5.997_807_015_007_686),
        ];
        for (p, expect) in table {
            let got = normal_upper_quantile(p);
            assert!(fabs(got - expect) < 1e-12, "{p}: {got}, not {expect}");
        }
    }

    #[test]
    fn the_quantile_inverts_the_tail() {
        for p in [1e-12, 3e-4, 0.2, 0.499, 0.77, 0.999_9] {
            let back = normal_tail(normal_upper_quantile(p));
            assert!(fabs(back / p - 1.0) < 1e-12, "{p} came back as {back}");
        }
    }
}
