//! The planned length of a rollout, as the contract adds it up.

use crate::adapter::Json;

/// Returns the sum of the stages' `duration_hours` and one observation window for each stage
/// (contract bd-2ymp, helper `compute_total_rollout_duration`), or nothing where Python raises.
///
/// A stage that is not an object counts for its window alone; the sum counts the window twice if
/// it lies inside the stage's duration. Whole numbers that do not fit into a float are taken to
/// raise, as they do beside any float.
pub fn total_rollout_hours(wedge: &Json) -> Option<f64> {
    wedge.members()?;
    let zero = Json::Integer(0.0);
    let (stages, count) = stages(wedge.get("wedge_stages"))?;
    let planned = stages.iter().filter(|stage| stage.members().is_some());
    let hours: Option<f64> = planned
        .map(|stage| hours(stage.get("duration_hours").unwrap_or(&zero)))
        .sum();
    let window = wedge.get("observation_window_hours").unwrap_or(&zero);
    let windows = match window {
        Json::Integer(_) | Json::Bool(_) if count == 0 => 0.0,
        window => hours_of_windows(window, count)?,
    };
    Some(hours? + windows)
}

/// Returns the stages and how many there are. Python walks over a string and an object as well, and
/// finds no stage in them.
fn stages(value: Option<&Json>) -> Option<(&[Json], usize)> {
    match value {
        None => Some((&[], 0)),
        Some(Json::List(stages)) => Some((stages, stages.len())),
        Some(Json::Text(text)) => Some((&[], text.chars().count())),
        Some(Json::Object(members)) => Some((&[], members.len())),
        Some(_) => None,
    }
}

fn hours_of_windows(window: &Json, count: usize) -> Option<f64> {
    Some(hours(window)? * count as f64)
}

fn hours(value: &Json) -> Option<f64> {
    match value {
        Json::Integer(value) if value.is_infinite() => None,
        value => value.python_number(),
    }
}
