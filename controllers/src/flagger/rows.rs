//! Recorded decisions of Flagger, replayed through [`super::tick()`].
//!
//! Two kinds. `flagger`: `{"case", "real"}`, a canary's `analysis` with what its metrics, webhooks and deployments
//! answered on each tick, and what Flagger 1.44.0 did. `flagger.scheduler_sequences`: short sequences of Flagger's own
//! tests, where everything passes that is not said otherwise. Keys that a row has and this file does not know make the
//! replay fail rather than pass unseen.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::form::{Canary, CanaryAnalysis, CanarySpec, CanaryWebhook, TemplateRef};
use super::hook;
use super::metric::{Answer, Ask};
use super::policy::Policy;
use super::ready::Readiness;
use super::state::{Asked, Phase, State, Tick, Wake, World};
use super::tick;
use crate::keys;

#[path = "rows_sequences.rs"]
mod sequences;

/// Replays a row of `kind`. `None` if this room has no such kind; an error says how Flagger and this room differ.
#[must_use]
pub fn replay(kind: &str, row: &Value) -> Option<Result<(), String>> {
    match kind {
        "flagger" => Some(ticks(row)),
        "flagger.scheduler_sequences" => Some(sequences::replay(row)),
        _ => None,
    }
}

/// A recorded case.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TickRow {
    /// What was given.
    pub case: Case,
    /// What Flagger did.
    pub real: Real,
}

/// What was given.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Number of the case.
    #[serde(default)]
    pub id: u64,
    /// `spec.analysis`.
    pub analysis: Value,
    /// Ticks that were played; the first notices a revision.
    pub ticks: usize,
    /// Answers of each metric, one a tick; the last is repeated.
    #[serde(default)]
    pub values: BTreeMap<String, Vec<Value>>,
    /// Statuses of each webhook, one a tick; the last is repeated.
    #[serde(default)]
    pub hooks: BTreeMap<String, Vec<u16>>,
    /// Whether the canary is ready, one a tick; the last is repeated.
    #[serde(default)]
    pub canary_ready: Vec<bool>,
    /// The same of the primary.
    #[serde(default)]
    pub primary_ready: Vec<bool>,
    /// From this tick on a canary that is not ready is stuck.
    pub deadline_passed_at: Option<usize>,
    /// Ticks before which a new spec comes.
    #[serde(default)]
    pub new_revision_at: Vec<usize>,
    /// `spec.skipAnalysis`.
    #[serde(default)]
    pub skip_analysis: bool,
    /// `spec.provider`.
    #[serde(default)]
    pub provider: String,
}

/// What Flagger did.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Real {
    /// One for each tick.
    pub ticks: Vec<RealTick>,
}

/// What was seen after one tick.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RealTick {
    /// Number of the tick.
    #[serde(default)]
    pub tick: usize,
    /// `status.phase`.
    pub phase: Phase,
    /// Of the canary, as the router has it.
    pub weight: i64,
    /// Whether the router mirrors.
    #[serde(default)]
    pub mirror: bool,
    /// `status.failedChecks`.
    pub failed_checks: i64,
    /// `status.iterations`.
    pub iterations: i64,
    /// Metrics asked, in their order.
    #[serde(default)]
    pub metrics: Vec<String>,
    /// Webhooks called, in their order.
    #[serde(default)]
    pub hooks: Vec<String>,
}

/// The policy of a row: a canary whose metrics that are not built in have a template, which works.
fn policy(analysis: &Value, skip_analysis: bool, provider: &str) -> Result<Policy, String> {
    let keys = keys::walk(&super::keys::CANARY, "spec.analysis", analysis);
    let unknown = keys.into_iter().find(|(_, role)| role.is_none());
    if let Some((path, _)) = unknown {
        return Err(format!("{path}: not a key of a canary"));
    }
    let mut analysis: CanaryAnalysis =
        serde_json::from_value(analysis.clone()).map_err(|error| format!("analysis: {error}"))?;
    for metric in &mut analysis.metrics {
        let built_in = ["request-success-rate", "request-duration"].contains(&metric.name.as_str());
        if !built_in && metric.query.is_empty() && metric.template_ref.is_none() {
            let name = metric.name.clone();
            metric.template_ref = Some(TemplateRef {
                name,
                ..TemplateRef::default()
            });
        }
    }
    let (analysis, provider) = (Some(analysis), provider.to_owned());
    let spec = CanarySpec {
        provider,
        analysis,
        skip_analysis,
        ..CanarySpec::default()
    };
    let canary = Canary {
        spec,
        ..Canary::default()
    };
    Policy::assuming(canary, "istio").map_err(|_| "no analysis".to_owned())
}

/// The answers of one tick of a row.
struct Answers<'a> {
    case: &'a Case,
    at: usize,
}

/// The element of this tick; the last is repeated.
fn at<T>(list: &[T], tick: usize) -> Option<&T> {
    list.get(tick).or(list.last())
}

impl World for Answers<'_> {
    fn metric(&mut self, ask: &Ask<'_>) -> Answer {
        let values = self.case.values.get(&ask.metric.name);
        values
            .and_then(|list| at(list, self.at))
            .map_or(Answer::Failed, answer)
    }

    fn hook(&mut self, _: usize, hook: &CanaryWebhook, _: Phase) -> bool {
        let statuses = self.case.hooks.get(&hook.name);
        statuses
            .and_then(|list| at(list, self.at))
            .is_none_or(|status| hook::passes(*status))
    }
}

/// An answer as rows spell it.
fn answer(value: &Value) -> Answer {
    match value {
        Value::Array(list) => Answer::Series(list.iter().map(number).collect()),
        Value::String(word) if word == "empty" => Answer::Series(Vec::new()),
        Value::String(word) if word == "error" => Answer::Failed,
        other => Answer::value(number(other)),
    }
}

fn number(value: &Value) -> f64 {
    match value {
        Value::String(word) if word == "Inf" || word == "+Inf" => f64::INFINITY,
        Value::String(word) if word == "-Inf" => f64::NEG_INFINITY,
        other => other.as_f64().unwrap_or(f64::NAN),
    }
}

/// What the cluster looks like on a tick.
fn wake(case: &Case, tick: usize) -> Wake {
    let ready = |list: &[bool]| at(list, tick).copied().unwrap_or(true);
    let stuck = case.deadline_passed_at.is_some_and(|from| tick >= from);
    let changes = case
        .new_revision_at
        .iter()
        .filter(|when| **when <= tick)
        .count();
    Wake {
        revision: changes as u64 + 1,
        primary: readiness(ready(&case.primary_ready), false),
        canary: readiness(ready(&case.canary_ready), stuck),
    }
}

fn readiness(ready: bool, stuck: bool) -> Readiness {
    match (ready, stuck) {
        (true, _) => Readiness::Ready,
        (false, false) => Readiness::Waiting,
        (false, true) => Readiness::Stuck,
    }
}

fn ticks(row: &Value) -> Result<(), String> {
    let row = TickRow::deserialize(row).map_err(|error| format!("not a row: {error}"))?;
    let policy = policy(
        &row.case.analysis,
        row.case.skip_analysis,
        &row.case.provider,
    )?;
    if row.real.ticks.len() != row.case.ticks {
        return Err(format!(
            "{} ticks in the row, {} said",
            row.real.ticks.len(),
            row.case.ticks
        ));
    }
    let mut state = State::initialized(0);
    for (number, real) in row.real.ticks.iter().enumerate() {
        let mut world = Answers {
            case: &row.case,
            at: number,
        };
        let tick = tick(&policy, &state, wake(&row.case, number), &mut world);
        state = tick.state;
        let ours = seen(&policy, number, &tick);
        if ours != *real {
            return Err(format!("tick {number}: Flagger {real:?}, here {ours:?}"));
        }
    }
    Ok(())
}

/// A tick as rows tell it.
fn seen(policy: &Policy, number: usize, tick: &Tick) -> RealTick {
    let analysis = policy.analysis();
    let mut ours = RealTick {
        tick: number,
        phase: tick.state.phase,
        weight: tick.state.routes.canary,
        mirror: tick.state.routes.mirrored,
        failed_checks: tick.state.failed_checks,
        iterations: tick.state.iterations,
        metrics: Vec::new(),
        hooks: Vec::new(),
    };
    for asked in &tick.asked {
        match asked {
            Asked::Metric(index) => ours.metrics.push(analysis.metrics[*index].name.clone()),
            Asked::Hook(index) => ours.hooks.push(analysis.webhooks[*index].name.clone()),
        }
    }
    ours
}
