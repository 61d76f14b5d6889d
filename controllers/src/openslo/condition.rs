//! Reads an alert condition as a trigger, and says what it lacks.

use super::form::ConditionSpec;
use super::length::length;
use super::problem::{Problem, problem};
use super::trigger::Trigger;
use crate::prometheus::Millis;

/// Reads a condition; what is missing or wrong goes to the problems. The SLO's part of the trigger is left open.
pub(super) fn read(
    spec: &ConditionSpec,
    object: &str,
    path: &str,
    problems: &mut Vec<Problem>,
) -> Option<Trigger> {
    let before = problems.len();
    let condition = &spec.condition;
    let mut wrong = |key: &str, message: &str| {
        problems.push(problem(object, &format!("{path}.{key}"), message));
    };
    needs(spec, &mut wrong);
    let lookback = lookback(condition.lookback_window.as_deref(), &mut wrong);
    let alert_after = condition.alert_after.as_deref().map_or(Some(0), length);
    if alert_after.is_none() {
        wrong("condition.alertAfter", "is no duration such as `5m`");
    }
    if problems.len() > before {
        return None;
    }
    Some(Trigger {
        slo: String::new(),
        condition: String::new(),
        severity: spec.severity.clone(),
        target: 0.0,
        budget: 1.0,
        op: condition.op?,
        threshold: condition.threshold?,
        lookback: lookback?,
        alert_after: alert_after?,
        no_data: false,
        breaching: true,
    })
}

/// What every condition must have, its times apart.
fn needs(spec: &ConditionSpec, wrong: &mut dyn FnMut(&str, &str)) {
    let condition = &spec.condition;
    if spec.severity.is_empty() {
        wrong("severity", "is needed");
    }
    if condition.kind != "burnrate" {
        wrong("condition.kind", "must be `burnrate`");
    }
    if condition.op.is_none() {
        wrong("condition.op", "is needed: lt, lte, gt or gte");
    }
    if condition.threshold.is_none() {
        wrong("condition.threshold", "is needed");
    }
}

fn lookback(text: Option<&str>, wrong: &mut dyn FnMut(&str, &str)) -> Option<Millis> {
    let window = text.map(length);
    match window {
        Some(Some(1..)) => {}
        // The SDK lets `0m` through; nothing can be measured over it.
        Some(Some(_)) => wrong("condition.lookbackWindow", "must be longer than 0"),
        Some(None) => wrong("condition.lookbackWindow", "is no duration such as `1h`"),
        None => wrong("condition.lookbackWindow", "is needed"),
    }
    window?
}
