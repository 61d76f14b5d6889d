//! Gaps of gates: triggers that cannot fire, fire late, look away or never have enough samples.

use sim_core::Experiment;
use sim_core::engine::SimDuration;
use sim_core::policy::gate::{Limit, Measure, Population, Relation};
use sim_core::policy::{Action, Gate, Judgement, Policy, Stage};
use sim_core::telemetry::{Signal, SignalKind};

use super::gaps::Gaps;

pub(super) fn look(experiment: &Experiment, gaps: &mut Gaps) {
    let policy = &experiment.policy;
    for gate in acting(policy) {
        limit(experiment, gate, gaps);
        reach(policy, gate, gaps);
        data(gate, gaps);
    }
    for gate in &policy.gates {
        samples(experiment, gate, gaps);
    }
    unread(experiment, gaps);
}

/// The gates that take something back where they fire.
pub(super) fn acting(policy: &Policy) -> impl Iterator<Item = &Gate> {
    let acts = |gate: &&Gate| {
        let class = gate.class.as_ref().and_then(|class| policy.class(class));
        class.is_some_and(|class| class.action > Action::Pause)
    };
    policy.gates.iter().filter(acts)
}

pub(super) fn triggered<'p>(policy: &'p Policy, gate: &'p Gate) -> impl Iterator<Item = &'p Stage> {
    let stages = policy.stages.iter();
    stages.filter(|stage| stage.triggers.contains(&gate.id))
}

fn signal<'e>(experiment: &'e Experiment, gate: &Gate) -> Option<&'e Signal> {
    let mut signals = experiment.telemetry.signals.iter();
    signals.find(|signal| signal.id == gate.signal)
}

/// A release of which so many requests more fail than normally is caught by any policy worth its name; see
/// `INV-CAUGHT`.
const PLAIN: f64 = 0.3;

/// A limit that no value passes, or none but those of a release that fails altogether.
fn limit(experiment: &Experiment, gate: &Gate, gaps: &mut Gaps) {
    let policy = &experiment.policy;
    let (Some(signal), Limit::Absolute(limit)) = (signal(experiment, gate), gate.breach.limit)
    else {
        return;
    };
    if triggered(policy, gate).next().is_none() {
        return;
    }
    let strict = match gate.breach.is {
        Relation::Above => true,
        Relation::AtLeast => false,
        Relation::Below | Relation::AtMost => return,
    };
    let (base, highest) = match (&signal.kind, gate.measure) {
        (SignalKind::Ratio { base, .. } | SignalKind::RatioOfRuns { base, .. }, Measure::Ratio) => {
            (*base, 1.0)
        }
        (SignalKind::Latency { cap, .. }, Measure::Quantile(_)) if limit >= *cap => {
            return fires_never_in_time(gate, signal, (limit, *cap), gaps);
        }
        _ => return,
    };
    if limit > highest || (strict && limit >= highest) {
        fires_never(gate, signal, limit, gaps);
    } else if limit >= base + PLAIN && !is_backed(policy, gate, limit) {
        fires_late(gate, signal, (limit, base), gaps);
    }
}

fn fires_never_in_time(gate: &Gate, signal: &Signal, (limit, cap): (f64, f64), gaps: &mut Gaps) {
    let id = &gate.id;
    let what = format!(
        "trigger `{id}` never fires: its limit is {limit} ms, and `{}` times out at {cap} ms",
        signal.id
    );
    gaps.say_of("trigger-never-fires", id, what);
}

fn fires_never(gate: &Gate, signal: &Signal, limit: f64, gaps: &mut Gaps) {
    let id = &gate.id;
    let (percent, meant) = (limit * 100.0, limit / 100.0);
    let what = format!(
        "trigger `{id}` never fires: its limit {limit} means {percent} %, and no value of `{}` is beyond \
             100 %; {limit} % is written {meant}",
        signal.id
    );
    gaps.say_of("trigger-never-fires", id, what);
}

fn fires_late(gate: &Gate, signal: &Signal, (limit, base): (f64, f64), gaps: &mut Gaps) {
    let id = &gate.id;
    let what = format!(
        "trigger `{id}` fires beyond {} % alone, and `{}` is {} % normally",
        limit * 100.0,
        signal.id,
        base * 100.0
    );
    gaps.say_of("trigger-fires-late", id, what);
}

/// Whether another trigger acts on the signal at a lower limit, or one in relation to something, wherever this
/// one does.
fn is_backed(policy: &Policy, gate: &Gate, limit: f64) -> bool {
    let others = acting(policy).filter(|other| other.id != gate.id && other.signal == gate.signal);
    let mut tighter = others.filter(|other| match other.breach.limit {
        Limit::Absolute(other) => other < limit,
        _ => true,
    });
    tighter.any(|other| triggered(policy, gate).all(|stage| stage.triggers.contains(&other.id)))
}

/// A window that is longer than the stage, and a look-back that is shorter than the time between evaluations.
fn reach(policy: &Policy, gate: &Gate, gaps: &mut Gaps) {
    let run = gate.window.run_length(policy.evaluate_every);
    let (id, span) = (&gate.id, run.unwrap_or(SimDuration::ZERO));
    let short: Vec<&Stage> = triggered(policy, gate)
        .filter(|stage| span > stage.observe)
        .collect();
    if let Some(stage) = short.first() {
        let (name, observe) = (&stage.id, stage.observe);
        let more = match short.len() - 1 {
            0 => String::new(),
            more => format!(" ({more} more stages are as short)"),
        };
        let what = format!(
            "trigger `{id}` must breach for {span} to act, and stage `{name}` is observed for {observe}{more}"
        );
        gaps.say_of("window-longer-than-stage", id, what);
    }
    if !gate.over.is_zero() && gate.over < policy.evaluate_every {
        let (over, every) = (gate.over, policy.evaluate_every);
        let what = format!("`{id}` looks back {over} and is read every {every}");
        gaps.say_of("look-back-too-short", id, what);
    }
}

/// A trigger for which a gap in the data is good news: it is silent while nothing is seen, and a count that had
/// begun begins again.
fn data(gate: &Gate, gaps: &mut Gaps) {
    let on = gate.on;
    let flaws = [
        ("missing", on.missing),
        ("stale", on.stale),
        ("not a number", on.nan),
    ];
    let passing = flaws.iter().filter(|(_, word)| *word == Judgement::Pass);
    let passing: Vec<&str> = passing.map(|(name, _)| *name).collect();
    if passing.is_empty() {
        return;
    }
    let id = &gate.id;
    let resets = gate.window.reset_by_gaps();
    let resets = resets.map(|what| format!(": a gap in the data resets {what}"));
    let what = format!(
        "trigger `{id}` takes data that are {} for healthy{}",
        passing.join(" or "),
        resets.unwrap_or_default()
    );
    gaps.say_of("trigger-ignores-gaps", id, what);
}

/// A gate whose least number of samples does not come in a stage.
fn samples(experiment: &Experiment, gate: &Gate, gaps: &mut Gaps) {
    let policy = &experiment.policy;
    let readers = policy
        .stages
        .iter()
        .filter(|stage| stage.triggers.contains(&gate.id) || stage.criteria.contains(&gate.id));
    let starved: Vec<(&Stage, f64)> = readers
        .filter_map(|stage| Some((stage, expected(experiment, gate, stage)?)))
        .filter(|(_, samples)| *samples > 0.0 && *samples < gate.min_samples as f64)
        .collect();
    let Some((stage, samples)) = starved.first() else {
        return;
    };
    let (id, asked, name) = (&gate.id, gate.min_samples, &stage.id);
    let more = match starved.len() - 1 {
        0 => String::new(),
        more => format!(" (and in {more} more stages)"),
    };
    let what = format!(
        "gate `{id}` asks for {asked} samples, and about {samples:.0} come within {} in stage `{name}`{more}: it \
         is off there",
        gate.over
    );
    gaps.say_of("min-samples-never-reached", id, what);
}

/// How many requests a reading of the gate rests on in a stage, where requests are what it counts.
fn expected(experiment: &Experiment, gate: &Gate, stage: &Stage) -> Option<f64> {
    let kind = &signal(experiment, gate)?.kind;
    let ratio = matches!(kind, SignalKind::Ratio { .. }) && gate.measure == Measure::Ratio;
    let quantile = matches!(kind, SignalKind::Latency { .. });
    if gate.window.takes_every_request() || !(ratio || quantile) {
        return None;
    }
    let hosts = experiment.fleet.hosts;
    let rounded = experiment.policy.rounding.apply(stage.target, hosts.into()) as f64;
    let canary = stage.target.as_f64().max(rounded / f64::from(hosts.max(1)));
    let part = match gate.population {
        Population::Canary | Population::CanaryBaseline => canary,
        Population::Control => 1.0 - stage.target.as_f64(),
        Population::Fleet => 1.0,
    };
    let over = if gate.over.is_zero() {
        experiment.telemetry.scrape_every
    } else {
        gate.over
    };
    Some(experiment.traffic.requests_per_second * part * over.as_secs_f64())
}

/// A signal that users feel and no gate of any stage reads.
fn unread(experiment: &Experiment, gaps: &mut Gaps) {
    let policy = &experiment.policy;
    let read = |signal: &&Signal| {
        let mut gates = policy.gates.iter().filter(|gate| gate.signal == signal.id);
        gates.any(|gate| {
            let mut stages = policy.stages.iter();
            stages
                .any(|stage| stage.triggers.contains(&gate.id) || stage.criteria.contains(&gate.id))
        })
    };
    let felt = experiment.telemetry.signals.iter();
    for signal in felt.filter(|signal| signal.harms_users && !read(signal)) {
        let id = &signal.id;
        let what = format!("no gate reads `{id}`, which users feel");
        gaps.say_of("user-signal-without-gate", id, what);
    }
}
