//! The gamma distribution.
//!
//! Source: G. Marsaglia, W. W. Tsang, "A simple method for generating gamma variables", ACM
//! TOMS 26(3), 2000; shapes below 1 by their section 6: G(a) = G(a + 1) U^(1/a).

use super::standard_normal;
use crate::engine::Draws;

/// The smallest shape for which the logarithm of a variate stays finite.
const SHAPE_MIN: f64 = 1e-300;

/// Draws from the gamma distribution of mean `shape` * `scale`.
///
/// With a tiny shape most draws are smaller than any positive `f64` and come out as 0.
///
/// # Panics
/// When `shape` is not finite or below 1e-300.
pub fn gamma(draws: &mut Draws, shape: f64, scale: f64) -> f64 {
    assert!(
        shape >= SHAPE_MIN,
        "a gamma shape is at least 1e-300, not {shape}"
    );
    if shape >= 1.0 {
        return scale * at_least_one(draws, shape);
    }
    let above = at_least_one(draws, shape + 1.0);
    scale * above * libm::exp(libm::log(draws.uniform()) / shape)
}

/// Draws from the chi-squared distribution with `degrees` of freedom.
pub fn chi_squared(draws: &mut Draws, degrees: f64) -> f64 {
    gamma(draws, 0.5 * degrees, 2.0)
}

/// Draws the logarithm of a gamma variate of scale 1, which no small shape can underflow.
pub(super) fn ln_gamma_variate(draws: &mut Draws, shape: f64) -> f64 {
    assert!(
        shape >= SHAPE_MIN,
        "a gamma shape is at least 1e-300, not {shape}"
    );
    if shape >= 1.0 {
        return libm::log(at_least_one(draws, shape));
    }
    let above = libm::log(at_least_one(draws, shape + 1.0));
    above + libm::log(draws.uniform()) / shape
}

fn at_least_one(draws: &mut Draws, shape: f64) -> f64 {
    assert!(shape.is_finite(), "a gamma shape is finite, not {shape}");
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / libm::sqrt(9.0 * d);
    loop {
        let x = standard_normal(draws);
        let t = 1.0 + c * x;
        if t <= 0.0 {
            continue;
        }
        let v = t * t * t;
        let u = draws.uniform();
        let square = x * x;
        if u < 1.0 - 0.0331 * square * square
            || libm::log(u) < 0.5 * square + d * (1.0 - v + libm::log(v))
        {
            return d * v;
        }
    }
}
