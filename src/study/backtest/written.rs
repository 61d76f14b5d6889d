//! What a recording has written down of a signal.

use scenarios::recorded::{Point, RecordedSeries};

/// How the values of a ratio are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// Bad ones, beside their number.
    Numerators,
    /// Fractions, beside the number that they are of.
    Fractions,
    /// Fractions alone.
    Bare,
}

pub(super) const NO_COUNTS: &str = "no request counts (column n)";

pub(super) const NO_SPREAD: &str = "levels of the whole fleet, whose spread is not recorded";

/// Says whether levels are parts of `n`: between 0 and 1, and each of a whole number of requests.
pub(super) fn are_parts(history: &RecordedSeries) -> bool {
    let whole = |point: &Point| {
        let count = point.n.map(|n| point.value * n);
        count.is_some_and(|count| (count - count.round()).abs() <= 1e-6 * count.max(1.0))
    };
    let part = |point: &Point| (0.0..=1.0).contains(&point.value) && whole(point);
    history.has_denominators()
        && history.points.iter().all(part)
        && history
            .points
            .iter()
            .any(|point| point.value.fract() != 0.0)
}

/// Takes the rounding out of a fraction of a whole number: 0.29 of 100 are 29, which as doubles they
/// are not. What is no whole number stays as it is.
pub(super) fn whole(count: f64) -> f64 {
    let near = count.round();
    if (count - near).abs() <= 1e-9 * near.max(1.0) {
        near
    } else {
        count
    }
}

/// Finds out how a ratio is written, or why its values are none.
pub(super) fn written(history: &RecordedSeries) -> Result<Written, String> {
    let points = &history.points;
    if let Some(doubt) = history.looks_like_percent().filter(|doubt| doubt.is_grave) {
        return Err(doubt.question());
    }
    if history.are_errors && history.has_denominators() {
        return among(history).map(|()| Written::Numerators);
    }
    let fractions = points
        .iter()
        .all(|point| (0.0..=1.0).contains(&point.value));
    let whole = points.iter().all(|point| point.value.fract() == 0.0);
    if !history.has_denominators() {
        return if fractions {
            Ok(Written::Bare)
        } else {
            Err(
                "its values are no fractions, and there is no column n to divide them by"
                    .to_owned(),
            )
        };
    }
    if fractions && !whole {
        return Ok(Written::Fractions);
    }
    among(history).map(|()| Written::Numerators)
}

/// Checks that no sample has more bad ones than all.
fn among(history: &RecordedSeries) -> Result<(), String> {
    let more = |point: &&Point| point.value < 0.0 || point.n.is_some_and(|n| point.value > n);
    match history.points.iter().find(more) {
        None => Ok(()),
        Some(point) => Err(format!(
            "at {} it has {} bad ones among {}",
            point.time,
            point.value,
            point.n.unwrap_or_default()
        )),
    }
}
