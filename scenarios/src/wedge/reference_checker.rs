//! The wedge as franken_node's `scripts/check_rollout_wedge.py` (58c1766) reads it.
//!
//! Python's rules are part of the reading: booleans are numbers, `NaN` passes every comparison of
//! the form "is it too small or too large", and an ordering of a number and a string raises.

use super::WedgeVerdict;
use super::words::{INCREMENT_POLICIES, STAGE_FIELDS, WEDGE_STATES, said};
use crate::adapter::Json;

/// Reads a wedge; the messages are the script's own.
pub fn reference_checker(wedge: &Json) -> WedgeVerdict {
    if wedge.members().is_none() {
        let kind = wedge.python_type();
        return WedgeVerdict::Raised(format!(
            "AttributeError(\"'{kind}' object has no attribute 'get'\")"
        ));
    }
    let mut errors = Vec::new();
    if let Err(exception) = stages(wedge.get("wedge_stages"), &mut errors) {
        return WedgeVerdict::Raised(exception);
    }
    fields(wedge, &mut errors);
    WedgeVerdict::Read(errors)
}

fn stages(stages: Option<&Json>, errors: &mut Vec<String>) -> Result<(), String> {
    let Some(stages) = stages
        .and_then(Json::list)
        .filter(|stages| stages.len() >= 2)
    else {
        errors.push("wedge_stages must be a list with at least 2 entries".into());
        return Ok(());
    };
    let mut previous = Json::Integer(-1.0);
    for (index, stage) in stages.iter().enumerate() {
        let mut problems = Vec::new();
        if stage.members().is_some() {
            previous = one_stage(stage, &previous, &mut problems)?;
        } else {
            problems.push("must be a dict".into());
        }
        errors.extend(
            problems
                .iter()
                .map(|problem| format!("stage {index}: {problem}")),
        );
    }
    Ok(())
}

/// Reads one stage and returns its target, with which the next one is compared whatever it is.
fn one_stage(stage: &Json, previous: &Json, problems: &mut Vec<String>) -> Result<Json, String> {
    let missing = STAGE_FIELDS
        .iter()
        .filter(|field| stage.get(field).is_none());
    problems.extend(missing.map(|field| format!("missing required field '{field}'")));
    let target = stage
        .get("target_percentage")
        .cloned()
        .unwrap_or(Json::Integer(0.0));
    match target.python_number() {
        Some(value) if (0.0..=100.0).contains(&value) || value.is_nan() => {
            if value <= comparable(&target, previous)? {
                problems.push("target_percentage must be monotonically increasing".into());
            }
        }
        _ => problems.push("target_percentage must be 0-100".into()),
    }
    let hours = stage.get("duration_hours").and_then(Json::python_number);
    if hours.is_none_or(|hours| hours <= 0.0) {
        problems.push("duration_hours must be > 0".into());
    }
    let criteria = stage.get("success_criteria").and_then(Json::list);
    if criteria.is_none_or(<[Json]>::is_empty) {
        problems.push("success_criteria must be a non-empty list".into());
    }
    if said(stage.get("rollback_trigger")).is_none() {
        problems.push("rollback_trigger must be a non-empty string".into());
    }
    Ok(target)
}

/// Returns `previous` as a number that `target` can be ordered with, or Python's exception.
fn comparable(target: &Json, previous: &Json) -> Result<f64, String> {
    previous.python_number().ok_or_else(|| {
        let (left, right) = (target.python_type(), previous.python_type());
        format!("TypeError(\"'<=' not supported between instances of '{left}' and '{right}'\")")
    })
}

fn fields(wedge: &Json, errors: &mut Vec<String>) {
    percentage(wedge, "initial_percentage", errors);
    one_of(wedge, "increment_policy", &INCREMENT_POLICIES, errors);
    percentage(wedge, "max_blast_radius", errors);
    let window = wedge
        .get("observation_window_hours")
        .and_then(Json::python_number);
    if window.is_none_or(|hours| hours < 1.0) {
        errors.push("observation_window_hours must be >= 1.0".into());
    }
    one_of(wedge, "wedge_state", &WEDGE_STATES, errors);
}

fn percentage(wedge: &Json, field: &str, errors: &mut Vec<String>) {
    let value = wedge.get(field).and_then(Json::python_number);
    if value.is_none_or(|value| value <= 0.0 || value > 100.0) {
        errors.push(format!("{field} must be > 0 and <= 100"));
    }
}

fn one_of(wedge: &Json, field: &str, words: &[&str], errors: &mut Vec<String>) {
    let known = wedge
        .get(field)
        .and_then(Json::text)
        .is_some_and(|text| words.contains(&text));
    if !known {
        errors.push(format!("{field} must be one of ['{}']", words.join("', '")));
    }
}
