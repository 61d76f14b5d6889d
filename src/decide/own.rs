//! A policy of one's own on metrics of one's own.

use reports::decision::{OwnDecision, OwnGate};
use scenarios::adapter::Json;
use sim_core::engine::Quantity;
use sim_core::policy::gate::{Flaw, Judgement, Reading, Window};
use sim_core::policy::{Action, Gate, Policy, Stage};

use super::{GateAnswer, GateStatus, judge_once};

/// What the gates of a stage decide.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyDecision {
    /// The verdict.
    pub status: GateStatus,
    /// The report.
    pub report: OwnDecision,
}

/// Why metrics cannot be judged: what is wrong, and what to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableMetrics {
    /// What is wrong.
    pub what: String,
    /// What to write.
    pub help: String,
}

/// How a metric is written.
const FORM: &str = "write {\"SIGNAL or GATE\": NUMBER} or {\"SIGNAL or GATE\": {\"value\": NUMBER, \"samples\": N, \
    \"reference\": NUMBER, \"reference_samples\": N}}; null is missing";

/// What the metrics say about one gate.
struct GivenMetric {
    own: Reading,
    reference: Option<Reading>,
    /// Whether it is known how many samples there were.
    counted: bool,
}

/// Judges the gates of `stage` on one look at `metrics`: an object whose members are called like gates or like
/// signals.
///
/// A gate of which nothing is said finds its data missing. Where the number of samples is not said it is taken
/// to be enough. A criterion that does not pass holds; a trigger that fires does what its class says.
///
/// # Errors
///
/// When `metrics` is no such object, or a member is called like nothing that the stage reads.
pub fn decide(
    policy: &Policy,
    stage: &Stage,
    metrics: &Json,
) -> Result<PolicyDecision, UnreadableMetrics> {
    let gates = policy.gates.iter().filter(|gate| watches(stage, gate));
    let gates: Vec<&Gate> = gates.collect();
    check(&gates, metrics)?;
    let looks = looks(policy, stage, &gates, metrics)?;
    let (status, decision, gate) = match (looks.worst, looks.held) {
        (Some((action, gate)), _) => (GateStatus::Unhealthy, word(action), Some(gate)),
        (None, Some(gate)) => (GateStatus::Undecided, "hold", Some(gate)),
        (None, None) => (GateStatus::Healthy, "go-on", None),
    };
    Ok(PolicyDecision {
        status,
        report: OwnDecision {
            schema: "coalmine/decide".to_owned(),
            version: 1,
            policy: policy.name.clone(),
            stage: stage.id.clone(),
            decision: decision.to_owned(),
            gate: gate.map(|gate| gate.id.clone()),
            gates: looks.rows,
            notes: notes(&gates),
        },
    })
}

/// What a stage's gates say of given metrics.
struct Looks<'g> {
    rows: Vec<OwnGate>,
    /// The gravest action of a trigger that fires.
    worst: Option<(Action, &'g Gate)>,
    /// The first gate that holds the stage.
    held: Option<&'g Gate>,
}

fn looks<'g>(
    policy: &Policy,
    stage: &Stage,
    gates: &[&'g Gate],
    metrics: &Json,
) -> Result<Looks<'g>, UnreadableMetrics> {
    let mut rows = Vec::new();
    let mut worst: Option<(Action, &Gate)> = None;
    let mut held: Option<&Gate> = None;
    for &gate in gates {
        let metric = metric(gate, metrics)?;
        let judged = judge_once(gate, metric.own, metric.reference);
        let action = trigger(policy, stage, gate).filter(|_| judged.fired);
        if let Some(action) = action.filter(|action| *action != Action::Record)
            && worst.is_none_or(|(known, _)| action > known)
        {
            worst = Some((action, gate));
        }
        let criterion = stage.criteria.contains(&gate.id);
        if judged.judgement != Judgement::Pass && (criterion || !judged.fired) && held.is_none() {
            held = Some(gate);
        }
        rows.push(row(gate, stage, &metric, judged));
    }
    Ok(Looks { rows, worst, held })
}

fn watches(stage: &Stage, gate: &Gate) -> bool {
    stage.criteria.contains(&gate.id) || stage.triggers.contains(&gate.id)
}

/// What the class of a trigger does.
fn trigger(policy: &Policy, stage: &Stage, gate: &Gate) -> Option<Action> {
    let class = gate.class.as_ref()?;
    let found = policy.classes.iter().find(|known| known.id == *class)?;
    stage.triggers.contains(&gate.id).then_some(found.action)
}

const fn word(action: Action) -> &'static str {
    match action {
        Action::Record => "go-on",
        Action::Pause => "pause",
        Action::StepBack => "step-back",
        Action::NextRung => "next-rung",
        Action::Kill => "kill",
        Action::Rollback => "rollback",
    }
}

/// Refuses members that nobody reads: a name with a slip would be a gate that sees nothing.
fn check(gates: &[&Gate], metrics: &Json) -> Result<(), UnreadableMetrics> {
    let Some(members) = metrics.members() else {
        return Err(unreadable("the metrics are no object".to_owned()));
    };
    let known = |name: &String| {
        gates
            .iter()
            .any(|gate| gate.id == *name || gate.signal == *name)
    };
    match members.iter().find(|(name, _)| !known(name)) {
        None => Ok(()),
        Some((name, _)) => {
            let mut names: Vec<&str> = gates.iter().map(|gate| gate.signal.as_str()).collect();
            names.dedup();
            Err(UnreadableMetrics {
                what: format!("no gate of the stage reads `{name}`"),
                help: format!("it reads {}", names.join(", ")),
            })
        }
    }
}

fn unreadable(what: String) -> UnreadableMetrics {
    UnreadableMetrics {
        what,
        help: FORM.to_owned(),
    }
}

fn metric(gate: &Gate, metrics: &Json) -> Result<GivenMetric, UnreadableMetrics> {
    let said = metrics.get(&gate.id).or_else(|| metrics.get(&gate.signal));
    let number = |json: &Json, what: &str| given_number(gate, json, what);
    let Some(said) = said else {
        return Ok(GivenMetric {
            own: Reading::flawed(Flaw::Missing),
            reference: None,
            counted: false,
        });
    };
    let part = |key: &str| match said.members() {
        Some(_) => said.get(key).map_or(Ok(None), |json| number(json, key)),
        None if key == "value" => number(said, key),
        None => Ok(None),
    };
    if let Some((key, _)) = said.members().unwrap_or_default().iter().find(|(key, _)| {
        !["value", "samples", "reference", "reference_samples"].contains(&key.as_str())
    }) {
        return Err(unreadable(format!("a metric has no member `{key}`")));
    }
    let (value, samples) = (part("value")?, part("samples")?);
    let (reference, of) = (part("reference")?, part("reference_samples")?);
    let refers = gate.breach.limit.refers_to();
    Ok(GivenMetric {
        own: given_reading(value, samples),
        reference: refers.map(|_| given_reading(reference, of)),
        counted: samples.is_some(),
    })
}

/// A value with the unit of what the gate measures: `8%`, `450ms`.
fn in_unit(gate: &Gate, text: &str, what: &str) -> Result<f64, UnreadableMetrics> {
    let none = || unreadable(format!("the {what} of {} is no number", gate.signal));
    let read = Quantity::read(text).ok_or_else(none)?;
    scenarios::unit_fits(gate.measure, read.unit).map_err(|is| UnreadableMetrics {
        what: format!("the unit of `{text}` does not fit: {} is {is}", gate.signal),
        help: "write the number alone, a percentage of a ratio (`8%`) or the time of a latency (`450ms`)"
            .to_owned(),
    })?;
    Ok(read.value)
}

fn given_number(gate: &Gate, json: &Json, what: &str) -> Result<Option<f64>, UnreadableMetrics> {
    match json {
        Json::Null => Ok(None),
        Json::Text(text) if text == "NaN" => Ok(Some(f64::NAN)),
        Json::Text(text) if !what.ends_with("samples") => in_unit(gate, text, what).map(Some),
        other => {
            let number = other.number().map(Some);
            let signal = &gate.signal;
            number.ok_or_else(|| unreadable(format!("the {what} of {signal} is no number")))
        }
    }
}

/// What was read, where the number of samples that nobody says is enough.
fn given_reading(value: Option<f64>, samples: Option<f64>) -> Reading {
    let samples = samples.map_or(u64::MAX, |samples| samples.max(0.0) as u64);
    value.map_or(Reading::flawed(Flaw::Missing), |value| {
        Reading::of(value, samples)
    })
}

fn row(gate: &Gate, stage: &Stage, metric: &GivenMetric, judged: GateAnswer) -> OwnGate {
    let roles = [
        (stage.criteria.contains(&gate.id), "criterion"),
        (stage.triggers.contains(&gate.id), "trigger"),
    ];
    let roles: Vec<_> = roles
        .iter()
        .filter(|(is, _)| *is)
        .map(|(_, role)| *role)
        .collect();
    let finite = |value: f64| Some(value).filter(|value| value.is_finite());
    OwnGate {
        gate: gate.id.clone(),
        role: roles.join(" and "),
        value: finite(metric.own.value),
        samples: metric.counted.then_some(metric.own.samples),
        limit: finite(judged.limit),
        says: match judged.judgement {
            Judgement::Pass => "pass",
            Judgement::Hold => "hold",
            Judgement::Error => "error",
            Judgement::Breach => "breach",
        }
        .to_owned(),
        flaw: metric
            .own
            .flaw(gate.min_samples)
            .map(|flaw| flaw.key().to_owned()),
    }
}

fn notes(gates: &[&Gate]) -> Vec<String> {
    let long: Vec<&str> = gates
        .iter()
        .filter(|gate| gate.window != Window::Instant)
        .map(|gate| gate.id.as_str())
        .collect();
    if long.is_empty() {
        return Vec::new();
    }
    vec![format!(
        "one look cannot see a window: {} judged as if what was measured had lasted",
        long.join(", ")
    )]
}
