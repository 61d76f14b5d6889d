//! The planned length of a rollout, as the contract adds it up.

use crate::adapter::Json;

/// Returns the sum of the stages' `duration_hours` and one observation window for each stage
/// (contract bd-2ymp, helper `compute_total_rollout_duration`), or nothing where Python raises.
///
/// A stage that is not an object counts for its window alone; the sum counts the window twice if
/// it lies inside the stage's duration.
pub fn total_rollout_hours(wedge: &Json) -> Option<f64> {
    let empty = Json::List(Vec::new());
    let zero = Json::Integer(0.0);
    let stages = wedge.get("wedge_stages").unwrap_or(&empty).list()?;
    let window = wedge
        .get("observation_window_hours")
        .unwrap_or(&zero)
        .python_number()?;
    let planned = stages.iter().filter(|stage| stage.members().is_some());
    let hours: Option<f64> = planned
        .map(|stage| stage.get("duration_hours").unwrap_or(&zero).python_number())
        .sum();
    wedge.members()?;
    Some(hours? + window * stages.len() as f64)
}
