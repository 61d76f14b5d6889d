//! Numbers: finite, and within the bounds in which they mean something.

use std::ops::RangeInclusive;

use sim_core::engine::{Distribution, SimDuration};

use super::problem::Problem;

/// Checks that `value` is a number within `bounds`.
pub(crate) fn within(path: &str, value: f64, bounds: RangeInclusive<f64>) -> Option<Problem> {
    if bounds.contains(&value) {
        return None;
    }
    let message = match (value.is_finite(), *bounds.end()) {
        (false, _) => format!("{value} is not a finite number"),
        (true, end) if end == f64::MAX => {
            format!("{value} is less than {}", bounds.start())
        }
        (true, end) => format!("{value} is not between {} and {end}", bounds.start()),
    };
    Some(Problem::error("CM140", path, message))
}

/// Checks that `value` is finite.
pub(crate) fn finite(path: &str, value: f64) -> Option<Problem> {
    within(path, value, f64::MIN..=f64::MAX)
}

/// Checks that `value` is finite and not negative.
pub(crate) fn not_negative(path: &str, value: f64) -> Option<Problem> {
    within(path, value, 0.0..=f64::MAX)
}

/// Checks that `value` is finite and more than zero.
pub(crate) fn positive(path: &str, value: f64) -> Option<Problem> {
    within(path, value, f64::MIN_POSITIVE..=f64::MAX)
        .map(|problem| problem.help("write a number above 0"))
}

/// Checks that `value` is a probability.
pub(crate) fn probability(path: &str, value: f64) -> Option<Problem> {
    within(path, value, 0.0..=1.0)
}

/// Checks that a time is not zero; `why` says what would happen.
pub(crate) fn lasts(path: &str, time: SimDuration, why: &str) -> Option<Problem> {
    time.is_zero()
        .then(|| Problem::error("CM143", path, "this time must be longer than zero").reason(why))
}

/// Checks the parameters of a distribution of delays.
pub(crate) fn distribution(path: &str, delay: &Distribution) -> Option<Problem> {
    let error = delay.check().err()?;
    Some(Problem::error(
        "CM135",
        path,
        format!("the distribution makes no sense: {error}"),
    ))
}
