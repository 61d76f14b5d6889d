//! From the analysis that a Rollout asks for to metrics that are measured.
//!
//! Source: argo-rollouts v1.10.1 `analysis/analysis.go`, `utils/analysis`.

use std::sync::Arc;

use super::track::Track;
use crate::argo::args::{self, Argument};
use crate::argo::assess::{Phase, Tally};
use crate::argo::metric::{self, Metric};
use crate::pattern::Pattern;

/// An analysis to run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AnalysisSpec {
    /// The metrics of all its templates.
    pub metrics: Vec<Metric>,
    /// Arguments with their values.
    pub args: Vec<Argument>,
    /// Patterns of names of metrics whose result does not count. They are searched for, not anchored.
    pub dry_run: Vec<String>,
}

/// Resolves the arguments, refuses what no run can measure, and says which metrics are dry.
///
/// # Errors
/// The engine's words: the run ends with them before anything is measured.
pub(super) fn prepare(spec: &AnalysisSpec) -> Result<Vec<Track>, String> {
    let resolved: Result<Vec<Metric>, String> = spec
        .metrics
        .iter()
        .map(|m| args::resolve(m, &spec.args))
        .collect();
    let metrics = resolved.map_err(|e| format!("Unable to resolve metric arguments: {e}"))?;
    let invalid = |e: String| format!("Analysis spec invalid: {e}");
    metric::validate_all(&metrics).map_err(invalid)?;
    let dry = dry_metrics(&spec.dry_run, &metrics).map_err(invalid)?;
    metrics
        .iter()
        .zip(dry)
        .map(|(metric, dry)| track(metric, dry))
        .collect()
}

fn track(metric: &Metric, dry: bool) -> Result<Track, String> {
    let time = |text: &str| {
        (!text.is_empty())
            .then(|| metric::milliseconds(text))
            .transpose()
    };
    Ok(Track {
        name: metric.name.clone(),
        limits: metric.limits(),
        interval: time(&metric.interval)?,
        delay: time(&metric.initial_delay)?,
        conditions: Arc::new(metric.conditions()),
        dry,
        tally: Tally::default(),
        last: None,
        phase: Phase::Running,
        message: String::new(),
    })
}

/// Which metrics are dry: a rule that is found in no name is an error; a rule that is no pattern is found in none.
fn dry_metrics(rules: &[String], metrics: &[Metric]) -> Result<Vec<bool>, String> {
    let mut dry = vec![false; metrics.len()];
    for (i, rule) in rules.iter().enumerate() {
        let pattern = Pattern::searched(rule).ok();
        let mut found = false;
        for (dry, metric) in dry.iter_mut().zip(metrics) {
            if pattern.as_ref().is_some_and(|p| p.matches(&metric.name)) {
                (*dry, found) = (true, true);
            }
        }
        if !found {
            return Err(format!("dryRun[{i}]: Rule didn't match any metric name(s)"));
        }
    }
    Ok(dry)
}
