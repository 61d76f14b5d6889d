//! The wedge as the Rollout Wedge Policy and its contract (bd-2ymp) are written.
//!
//! Every MUST of the two texts is a rule. Where they contradict each other, both hold: the radius
//! must be no less than every target (policy) and no more than the largest one (contract). The
//! field that would say whether a subsystem is critical does not exist, so the stricter limit on
//! the initial percentage holds for all.

use super::words::{INCREMENT_POLICIES, STAGE_FIELDS, WEDGE_STATES, said};
use crate::adapter::Json;

/// What the text says about a wedge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AsWritten {
    /// The rules that the wedge breaks.
    pub problems: Vec<String>,
    /// Where the text does not say whether the wedge is allowed.
    pub open: Vec<String>,
}

impl AsWritten {
    /// Returns whether the wedge is valid; nothing where the text leaves it open.
    pub fn valid(&self) -> Option<bool> {
        if !self.problems.is_empty() {
            Some(false)
        } else if self.open.is_empty() {
            Some(true)
        } else {
            None
        }
    }

    fn must(&mut self, holds: bool, rule: impl FnOnce() -> String) {
        if !holds {
            self.problems.push(rule());
        }
    }
}

/// The largest initial percentage of a critical subsystem (Thresholds).
const INITIAL_MAX: f64 = 10.0;
/// The largest target of the first stage (Thresholds).
const FIRST_TARGET_MAX: f64 = 25.0;
/// The shortest observation window in hours (Thresholds).
const WINDOW_MIN: f64 = 1.0;

/// Reads a wedge.
pub fn as_written(wedge: &Json) -> AsWritten {
    let mut said = AsWritten::default();
    if wedge.members().is_none() {
        said.problems.push("rollout_wedge is not an object".into());
        return said;
    }
    let window = finite(wedge.get("observation_window_hours"));
    said.must(window.is_some_and(|hours| hours >= WINDOW_MIN), || {
        format!("observation_window_hours is not a number of at least {WINDOW_MIN:?} h")
    });
    let stages = wedge
        .get("wedge_stages")
        .and_then(Json::list)
        .unwrap_or(&[]);
    said.must(stages.len() >= 2, || {
        "wedge_stages has fewer than 2 stages".into()
    });
    for (index, stage) in stages.iter().enumerate() {
        one_stage(stage, index, window, &mut said);
    }
    unique_ids(stages, &mut said);
    let targets: Vec<f64> = stages.iter().filter_map(target).collect();
    order(&targets, &mut said);
    radius(wedge, &targets, &mut said);
    words(wedge, &targets, &mut said);
    said
}

fn finite(value: Option<&Json>) -> Option<f64> {
    value
        .and_then(Json::number)
        .filter(|value| value.is_finite())
}

fn target(stage: &Json) -> Option<f64> {
    finite(stage.get("target_percentage")).filter(|target| (0.0..=100.0).contains(target))
}

fn says_criteria(stage: &Json) -> bool {
    let criteria = stage.get("success_criteria").and_then(Json::list);
    let criteria = criteria.unwrap_or(&[]);
    let says = |criterion: &Json| said(Some(criterion)).is_some();
    !criteria.is_empty() && criteria.iter().all(says)
}

fn one_stage(stage: &Json, index: usize, window: Option<f64>, said: &mut AsWritten) {
    for field in STAGE_FIELDS {
        said.must(stage.get(field).is_some(), || {
            format!("stage {index} has no {field}")
        });
    }
    said.must(self::said(stage.get("stage_id")).is_some(), || {
        format!("stage {index}: stage_id says nothing")
    });
    said.must(target(stage).is_some(), || {
        format!("stage {index}: target_percentage is not a number from 0 to 100")
    });
    let hours = finite(stage.get("duration_hours")).filter(|hours| *hours > 0.0);
    said.must(hours.is_some(), || {
        format!("stage {index}: duration_hours is not a number of more than 0 h")
    });
    if let (Some(hours), Some(window)) = (hours, window)
        && hours < window
    {
        said.open.push(format!(
            "stage {index} is planned for {hours} h, less than the window of {window} h"
        ));
    }
    said.must(says_criteria(stage), || {
        format!("stage {index}: success_criteria is not a list of conditions")
    });
    said.must(self::said(stage.get("rollback_trigger")).is_some(), || {
        format!("stage {index}: rollback_trigger says nothing")
    });
}

fn unique_ids(stages: &[Json], said: &mut AsWritten) {
    let ids: Vec<&str> = stages
        .iter()
        .filter_map(|stage| self::said(stage.get("stage_id")))
        .collect();
    for (index, id) in ids.iter().enumerate() {
        said.must(!ids[..index].contains(id), || {
            format!("the stage_id {id:?} is not unique")
        });
    }
}

fn order(targets: &[f64], said: &mut AsWritten) {
    for pair in targets.windows(2) {
        said.must(pair[0] < pair[1], || {
            format!(
                "the target of {} % is not more than the {} % before it",
                pair[1], pair[0]
            )
        });
    }
}

fn radius(wedge: &Json, targets: &[f64], said: &mut AsWritten) {
    let initial = finite(wedge.get("initial_percentage"));
    said.must(
        initial.is_some_and(|initial| initial > 0.0 && initial <= INITIAL_MAX),
        || format!("initial_percentage is not a number of more than 0 and at most {INITIAL_MAX} %"),
    );
    let radius = finite(wedge.get("max_blast_radius"));
    said.must(radius.is_some(), || {
        "max_blast_radius is not a number".into()
    });
    let Some(first) = targets.first() else { return };
    said.must(*first <= FIRST_TARGET_MAX, || {
        format!("the first target of {first} % is over {FIRST_TARGET_MAX} %")
    });
    said.must(initial.is_none_or(|initial| initial <= *first), || {
        format!("initial_percentage is over the first target of {first} %")
    });
    let largest = targets.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    said.must(radius.is_none_or(|radius| radius >= largest), || {
        format!("max_blast_radius is below the target of {largest} %: the rollout cannot complete")
    });
    said.must(radius.is_none_or(|radius| radius <= largest), || {
        format!("max_blast_radius is over the largest target of {largest} %")
    });
}

fn words(wedge: &Json, targets: &[f64], said: &mut AsWritten) {
    let word = |field: &str| wedge.get(field).and_then(Json::text);
    let increment = word("increment_policy").filter(|word| INCREMENT_POLICIES.contains(word));
    said.must(increment.is_some(), || {
        format!(
            "increment_policy is none of {}",
            INCREMENT_POLICIES.join(", ")
        )
    });
    let state = word("wedge_state").filter(|word| WEDGE_STATES.contains(word));
    said.must(state.is_some(), || {
        format!("wedge_state is none of {}", WEDGE_STATES.join(", "))
    });
    let steps: Vec<f64> = match increment {
        Some("linear") => targets.windows(2).map(|pair| pair[1] - pair[0]).collect(),
        Some("exponential") => targets.windows(2).map(|pair| pair[1] / pair[0]).collect(),
        _ => return,
    };
    if steps.windows(2).any(|pair| differ(pair[0], pair[1])) {
        let policy = increment.unwrap_or_default();
        said.open.push(format!(
            "increment_policy is {policy} but the targets do not climb evenly"
        ));
    }
}

/// Percentages are written in decimals, so that equal steps may differ in the last bits.
fn differ(a: f64, b: f64) -> bool {
    (a - b).abs() > 1e-9 * a.abs().max(b.abs())
}
