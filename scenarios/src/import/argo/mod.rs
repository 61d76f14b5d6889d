//! Argo Rollouts 1.10: Rollouts, and the templates of their analyses.

mod metric;
mod metric_data;
mod rollout;
mod steps;

use controllers::argo::condition::Fault;
use controllers::argo::form::{AnalysisTemplate, Rollout};

use super::finding::ObjectFindings;
use super::object::Object;
use super::pool::Pool;

/// ObjectFindings about an object of Argo.
pub(super) fn lint(findings: &mut ObjectFindings<'_>, pool: &Pool<'_>) {
    match findings.object.kind.as_str() {
        "Rollout" => {
            if let Ok(rollout) = findings.object.read::<Rollout>() {
                rollout::lint(findings, &rollout, pool);
            }
        }
        "Experiment" => {}
        _ => {
            if let Ok(template) = findings.object.read::<AnalysisTemplate>() {
                metric::lint(findings, &template.spec);
            }
        }
    }
}

/// Conditions that Argo takes and that are outside of the subset.
pub(super) fn beyond(object: &Object) -> Vec<(String, String)> {
    let Ok(template) = object.read::<AnalysisTemplate>() else {
        return Vec::new();
    };
    let metrics = template.spec.metrics.iter().enumerate();
    let of = |(nth, one)| {
        let resolved = metric::resolved(one, &template.spec.args).unwrap_or_else(|_| one.clone());
        let faults = controllers::argo::facts::never_evaluates(&resolved).into_iter();
        let outside = faults.filter(|(_, fault)| fault.kind == Fault::Unsupported);
        let told =
            outside.map(|(which, fault)| (metric::condition_path(nth, which), fault.to_string()));
        told.collect::<Vec<_>>()
    };
    metrics.flat_map(of).collect()
}
