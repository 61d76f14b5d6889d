//! Numbers: finite, and within the bounds in which they mean something.

use std::ops::RangeInclusive;

use sim_core::engine::{Distribution, SimDuration};

use super::problem::Problem;

/// Checks that `value` is a number within `bounds`.
pub(crate) fn within(path: &str, value: f64, bounds: RangeInclusive<f64>) -> Option<Problem> {
    if bounds.contains(&value) {
        return None;
    }
    let (start, end) = (bounds.start(), bounds.end());
    let shown = |number: f64| match number.abs() {
        size if size != 0.0 && !(1e-6..1e15).contains(&size) => format!("{number:e}"),
        _ => number.to_string(),
    };
    // The upper bound of what has none by nature is of no help.
    let open = *end >= FACTOR_MAX && value < *start;
    let message = if open && value.is_finite() {
        format!("{} is less than {}", shown(value), shown(*start))
    } else if value.is_finite() {
        format!(
            "{} is not between {} and {}",
            shown(value),
            shown(*start),
            shown(*end)
        )
    } else {
        format!("{value} is not a finite number")
    };
    Some(Problem::error("CM140", path, message))
}

/// The largest number of a form: bytes of a petabyte, nanoseconds of eleven days. Sums and products of a few
/// such numbers are still exact enough to be compared.
const LARGEST: f64 = 1e15;
/// The smallest number of a form that must be more than zero, and the smallest that is not zero.
const SMALLEST: f64 = 1e-12;
/// The largest factor.
const FACTOR_MAX: f64 = 1e6;

/// Checks that `value` is finite and not beyond every scale.
pub(crate) fn finite(path: &str, value: f64) -> Option<Problem> {
    within(path, value, -LARGEST..=LARGEST).or_else(|| vanishing(path, value))
}

/// A number so small that arithmetic with it is of no use: nobody means it, and some divide by it.
pub(crate) fn vanishing(path: &str, value: f64) -> Option<Problem> {
    (value != 0.0 && value.abs() < SMALLEST).then(|| {
        let message = format!("{value:e} is closer to 0 than anything that is measured");
        Problem::error("CM140", path, message).help("write 0, or the number that is meant")
    })
}

/// Checks that `value` is a factor: zero or more.
pub(crate) fn factor(path: &str, value: f64) -> Option<Problem> {
    within(path, value, 0.0..=FACTOR_MAX).or_else(|| vanishing(path, value))
}

/// Checks that `value` is a factor above zero.
pub(crate) fn positive_factor(path: &str, value: f64) -> Option<Problem> {
    within(path, value, 1.0 / FACTOR_MAX..=FACTOR_MAX)
}

/// Checks that `value` is finite and not negative.
pub(crate) fn not_negative(path: &str, value: f64) -> Option<Problem> {
    within(path, value, 0.0..=LARGEST).or_else(|| vanishing(path, value))
}

/// Checks that `value` is finite and more than zero.
pub(crate) fn positive(path: &str, value: f64) -> Option<Problem> {
    within(path, value, SMALLEST..=LARGEST).map(|problem| problem.help("write a number above 0"))
}

/// Checks that `value` is a probability.
pub(crate) fn probability(path: &str, value: f64) -> Option<Problem> {
    within(path, value, 0.0..=1.0).or_else(|| vanishing(path, value))
}

/// Checks that a time is not zero; `why` says what would happen.
pub(crate) fn lasts(path: &str, time: SimDuration, why: &str) -> Option<Problem> {
    time.is_zero()
        .then(|| Problem::error("CM143", path, "this time must be longer than zero").reason(why))
}

/// The largest spread of a delay, as the standard deviation of its logarithm.
const SPREAD_MAX: f64 = 10.0;

/// Checks the parameters of a distribution of delays.
pub(crate) fn distribution(path: &str, delay: &Distribution) -> Option<Problem> {
    let nonsense = match delay {
        Distribution::Lognormal { sigma, .. } if *sigma > SPREAD_MAX => {
            format!("a sigma of {sigma} is more than {SPREAD_MAX}, a factor of 20 000 either way")
        }
        delay => delay.check().err()?.to_string(),
    };
    let message = format!("the distribution makes no sense: {nonsense}");
    Some(Problem::error("CM135", path, message))
}
