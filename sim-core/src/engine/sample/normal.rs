//! The normal distribution, by ziggurat.
//!
//! Source: G. Marsaglia, W. W. Tsang, "The ziggurat method for generating random variables",
//! J. Stat. Software 5(8), 2000; with the layer and the position taken from disjoint bits, as
//! J. A. Doornik, "An improved ziggurat method to generate normal random samples", 2005, asks.

use super::ziggurat::{HEIGHT, X};
use crate::engine::Draws;

/// 2^-52: the position is a signed 53-bit integer.
const POSITION_UNIT: f64 = 1.0 / 4_503_599_627_370_496.0;

/// Draws from the normal distribution of mean 0 and variance 1.
#[inline]
pub fn standard_normal(draws: &mut Draws) -> f64 {
    let bits = draws.next_u64();
    let layer = (bits & 255) as usize;
    let x = (bits as i64 >> 11) as f64 * POSITION_UNIT * X[layer];
    // Almost 99 % of all draws lie in the part of a layer that is below the curve everywhere.
    if x.abs() < X[layer + 1] {
        x
    } else {
        outside_the_core(draws, layer, x)
    }
}

/// Draws from the normal distribution of mean `mean` and standard deviation `sd`.
#[inline]
pub fn normal(draws: &mut Draws, mean: f64, sd: f64) -> f64 {
    mean + sd * standard_normal(draws)
}

#[cold]
fn outside_the_core(draws: &mut Draws, layer: usize, x: f64) -> f64 {
    let (mut layer, mut x) = (layer, x);
    loop {
        if layer == 0 {
            return tail(draws, x < 0.0);
        }
        let height = HEIGHT[layer] + (HEIGHT[layer + 1] - HEIGHT[layer]) * draws.uniform();
        if height < libm::exp(-0.5 * x * x) {
            return x;
        }
        let bits = draws.next_u64();
        layer = (bits & 255) as usize;
        x = (bits as i64 >> 11) as f64 * POSITION_UNIT * X[layer];
        if x.abs() < X[layer + 1] {
            return x;
        }
    }
}

/// Draws beyond the edge of the base layer (G. Marsaglia, Technometrics 6, 1964).
fn tail(draws: &mut Draws, negative: bool) -> f64 {
    let edge = X[1];
    loop {
        let beyond = -libm::log(draws.uniform()) / edge;
        let bound = -libm::log(draws.uniform());
        if bound + bound > beyond * beyond {
            return if negative {
                -edge - beyond
            } else {
                edge + beyond
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_follow_their_recurrence() {
        let density = |x: f64| libm::exp(-0.5 * x * x);
        let area = X[0] * density(X[1]);
        for layer in 1..255 {
            let next = libm::sqrt(-2.0 * libm::log(area / X[layer] + density(X[layer])));
            assert!((next - X[layer + 1]).abs() < 1e-12, "layer {layer}: {next}");
        }
        assert!(
            (area / X[255] + density(X[255]) - 1.0).abs() < 1e-12,
            "the layers close"
        );
        let tail = libm::sqrt(std::f64::consts::FRAC_PI_2) * libm::erfc(X[1] / 2_f64.sqrt());
        assert!(
            (X[1] * density(X[1]) + tail - area).abs() < 1e-15,
            "the base has the same area"
        );
        for layer in 0..=256 {
            assert!(
                (HEIGHT[layer] - density(X[layer])).abs() < 1e-15,
                "height {layer}"
            );
        }
    }
}
