//! Two units in one history.

use super::refusal::Refusal;

/// A gap of this factor in the middle of the values, with nothing inside, parts two groups.
const GAP: f64 = 30.0;
/// Each group holds at least this part of the values.
const PART_MIN: f64 = 0.05;
/// How far the groups' medians may be from a factor of 100 or 1000.
const NEAR: f64 = 1.4;

/// Refuses values that fall into two groups a factor of about 100 or 1000 apart.
pub(super) fn check(values: &[f64]) -> Result<(), Refusal> {
    let above = values.iter().copied().filter(|value| *value > 0.0);
    let mut sorted: Vec<f64> = above.collect();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    let margin = ((n as f64 * PART_MIN) as usize).max(1);
    if n < 4 * margin || n < 20 {
        return Ok(());
    }
    let ratio = |at: usize| sorted[at] / sorted[at - 1];
    let widest = (margin..n - margin).max_by(|a, b| ratio(*a).total_cmp(&ratio(*b)));
    let Some(at) = widest.filter(|at| ratio(*at) > GAP) else {
        return Ok(());
    };
    let factor = sorted[at + (n - at) / 2] / sorted[at / 2];
    let near = |unit: f64| factor < unit * NEAR && factor > unit / NEAR;
    if !near(100.0) && !near(1000.0) {
        return Ok(());
    }
    let message = format!(
        "mixed units: {at} values are about {:.3}, {} are about {factor:.0} times that, and none lies in between",
        sorted[at / 2],
        n - at
    );
    Err(Refusal::new("CM326", message)
        .reason("seconds beside milliseconds, or fractions beside percentages, have a spread that nobody measured")
        .help("export one unit; if both levels are real, calibrate each of them on its own: --exclude FROM..TO"))
}
