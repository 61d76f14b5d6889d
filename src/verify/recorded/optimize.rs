//! Rows of the kind `optimize-gates`.

use scenarios::adapter::Json;
use sim_core::policy::Profile;

use super::compare::{first_difference, object, texts};
use super::outcome::{Outcome, Unusable, part};
use crate::decide::optimize::{Refusal, StageDecision, decide};

pub(super) fn check(row: &Json) -> Outcome {
    let stage = part(row, "stage")?
        .text()
        .ok_or_else(|| Unusable("its stage is no text".into()))?;
    let metrics = as_javascript(part(row, "metrics")?);
    let got = match decide(Profile::AsImplemented, stage, &metrics) {
        Ok(decision) => result(&decision),
        Err(Refusal::Threw(error)) => object([("error", Json::Text(error))]),
        Err(Refusal::Fault(fault)) => return Err(Unusable(fault.to_string())),
    };
    Ok(first_difference("result", part(row, "result")?, &got))
}

fn result(decision: &StageDecision) -> Json {
    let report = &decision.report;
    let thresholds = report
        .thresholds
        .map_or(Json::Object(Vec::new()), |limits| {
            object([
                ("max_timeout_rate", Json::Float(limits.max_timeout_rate)),
                ("max_fallback_rate", Json::Float(limits.max_fallback_rate)),
                (
                    "min_objective_delta_ratio",
                    Json::Float(limits.min_objective_delta_ratio),
                ),
            ])
        });
    object([
        ("stage", Json::Text(report.stage.clone())),
        ("pass", Json::Bool(report.pass)),
        ("reasons", texts(report.reasons.clone())),
        ("thresholds", thresholds),
    ])
}

/// Undoes the spelling of what JSON cannot say: rows write `NaN`, `undefined` and the infinities as
/// strings.
fn as_javascript(metrics: &Json) -> Json {
    let Json::Object(members) = metrics else {
        return metrics.clone();
    };
    let value = |value: &Json| match value.text() {
        Some("NaN") => Some(Json::Float(f64::NAN)),
        Some("Infinity") => Some(Json::Float(f64::INFINITY)),
        Some("-Infinity") => Some(Json::Float(f64::NEG_INFINITY)),
        Some("undefined") => None,
        _ => Some(value.clone()),
    };
    Json::Object(
        members
            .iter()
            .filter_map(|(key, v)| Some((key.clone(), value(v)?)))
            .collect(),
    )
}
