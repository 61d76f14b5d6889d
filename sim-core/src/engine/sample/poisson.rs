//! The Poisson distribution: inversion for small means, transformed rejection for large ones.
//!
//! Source: W. Hoermann, "The transformed rejection method for generating Poisson random
//! variables", Insurance: Mathematics and Economics 12 (1993), algorithm PTRS.

use super::floor;
use super::pmf::ln_poisson;
use crate::engine::Draws;

/// The smallest mean for which PTRS is valid.
const REJECTION_MEAN_MIN: f64 = 10.0;

/// The largest mean, 2^51: from 2^52 on neighbouring counts are no longer different `f64`s.
const MEAN_MAX: f64 = 2_251_799_813_685_248.0;

/// Below a mean of 10 the probability of a larger count is under 10^-70.
const INVERSION_COUNT_MAX: f64 = 110.0;

/// Draws a count from the Poisson distribution of mean `mean`.
///
/// A mean above 2^51 is taken for 2^51: no fleet serves so many requests between two scrapes.
///
/// # Panics
/// When `mean` is negative or NaN.
pub fn poisson(draws: &mut Draws, mean: f64) -> u64 {
    assert!(mean >= 0.0, "a Poisson mean is not negative or NaN: {mean}");
    let mean = mean.min(MEAN_MAX);
    if mean < REJECTION_MEAN_MIN {
        by_inversion(draws, mean)
    } else {
        by_rejection(draws, mean)
    }
}

fn by_inversion(draws: &mut Draws, mean: f64) -> u64 {
    let at_zero = libm::exp(-mean);
    loop {
        let mut rest = draws.uniform();
        let mut probability = at_zero;
        let mut count = 0.0;
        while count <= INVERSION_COUNT_MAX {
            if rest <= probability {
                return count as u64;
            }
            rest -= probability;
            count += 1.0;
            probability *= mean / count;
        }
        // Only rounding leads here: the probabilities sum to 1 - 10^-16 or so.
    }
}

fn by_rejection(draws: &mut Draws, mean: f64) -> u64 {
    let root = libm::sqrt(mean);
    let b = 0.931 + 2.53 * root;
    let a = -0.059 + 0.024_83 * b;
    let inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
    let sure = 0.9277 - 3.6224 / (b - 2.0);
    loop {
        let u = draws.uniform() - 0.5;
        let v = draws.uniform();
        let us = 0.5 - u.abs();
        let k = floor((2.0 * a / us + b) * u + mean + 0.43);
        if us >= 0.07 && v <= sure {
            return k as u64;
        }
        if k < 0.0 || (us < 0.013 && v > us) {
            continue;
        }
        if libm::log(v * inverse_alpha / (a / (us * us) + b)) <= ln_poisson(k, mean) {
            return k as u64;
        }
    }
}
