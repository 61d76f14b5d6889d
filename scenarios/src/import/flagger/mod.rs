//! Flagger 1.44: Canaries, and the templates of their metrics.

mod canary;
mod metrics;

use controllers::flagger::form::{Canary, CanaryAnalysis, MetricTemplate, Templates};
use controllers::flagger::policy::Policy;

use super::finding::ObjectFindings;
use super::pool::Pool;
use super::recognise::Product;

/// The router where a canary does not name one: what Flagger is started with unless told otherwise.
const MESH: &str = "istio";

/// ObjectFindings about a Canary; a template decides nothing by itself.
pub(super) fn lint(findings: &mut ObjectFindings<'_>, pool: &Pool<'_>) {
    if findings.object.kind != "Canary" {
        return;
    }
    let Ok(mut canary) = findings.object.read::<Canary>() else {
        return;
    };
    if let Some(analysis) = &mut canary.spec.analysis {
        bounded(analysis);
    }
    let known = templates(pool);
    let Ok(policy) = Policy::new(canary, &known, MESH) else {
        let what = "the Canary has no `spec.analysis`";
        let why = "the API server refuses it; `canaryAnalysis` of older versions is dropped";
        findings.error(
            "CM438",
            "kind",
            [what, why, "rename `canaryAnalysis` to `analysis`"],
        );
        return;
    };
    canary::lint(findings, &policy);
    metrics::lint(findings, &policy);
}

/// Keeps numbers where sums of them are numbers, too: beyond these bounds nothing changes any more.
fn bounded(analysis: &mut CanaryAnalysis) {
    let weight = |number: &mut i64| *number = (*number).clamp(-1000, 1000);
    weight(&mut analysis.step_weight);
    weight(&mut analysis.max_weight);
    weight(&mut analysis.step_weight_promotion);
    analysis.step_weights.iter_mut().for_each(weight);
    analysis.iterations = analysis.iterations.clamp(-1, 10_000);
    analysis.threshold = analysis.threshold.clamp(-1, 10_000);
}

fn templates(pool: &Pool<'_>) -> Templates {
    let objects = pool
        .all(Product::Flagger)
        .filter(|object| object.kind == "MetricTemplate");
    let read = objects.filter_map(|object| {
        let template = object.read::<MetricTemplate>().ok()?;
        Some((
            format!("{}/{}", object.namespace, object.name),
            template.spec,
        ))
    });
    read.collect()
}
