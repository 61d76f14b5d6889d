//! What no file can tell alone: whether a policy, a scenario and a world fit together.

use sim_core::Outcome;
use sim_core::policy::gate::Measure;
use sim_core::policy::{Gate, Policy};
use sim_core::telemetry::{Signal, SignalKind};

use super::names::Names;
use super::problem::{Problem, each};
use super::scenario::all_effects;
use super::sizes::{remembered, scrapes, ticks};
use super::targets::signals;
use super::{labels, promises, targets};
use crate::diagnostic::quote::{quote, tame};
use crate::schema::nearest;
use crate::{Scenario, World};

/// Checks a policy against the world in which it is to be played.
pub(crate) fn policy_in_world(policy: &Policy, world: &World) -> Vec<Problem> {
    let signals = signals(world);
    let mut problems = Vec::new();
    for (path, gate) in each("gates", &policy.gates) {
        let known = world
            .telemetry
            .signals
            .iter()
            .find(|signal| signal.id == gate.signal);
        problems.extend(signals.resolve(format!("{path}.signal"), &gate.signal));
        problems.extend(known.and_then(|signal| fits(&path, gate, signal)));
        let every = world.telemetry.scrape_every;
        problems.extend(remembered(
            &format!("{path}.over"),
            "scrapes",
            gate.over,
            every,
        ));
    }
    let operators = world
        .operators
        .iter()
        .map(|operator| operator.role.as_str());
    let known: Vec<&str> = operators.collect();
    problems.extend(roles(policy).filter_map(|(path, role)| nobody_answers(path, role, &known)));
    problems
}

/// A role that is asked and that nobody in the world has: what is missing is in the world.
fn nobody_answers(path: String, role: &str, known: &[&str]) -> Option<Problem> {
    if known.contains(&role) {
        return None;
    }
    let message = format!("nobody in the world has the role {}", quote(role));
    let help = match nearest(role, known.iter().copied()) {
        Some(near) => format!("did you mean {}?", quote(near)),
        None => format!(
            "{}say in the world who answers and how fast: `operators: [{{role: {}, answers-in: {{constant: 10m}}}}]`",
            having(known),
            tame(role, 40)
        ),
    };
    let problem = Problem::error("CM102", path, message).label("nobody answers");
    let reason = "the policy asks for an answer here, and the rollout would wait without end";
    Some(problem.reason(reason).help(help))
}

/// The roles that there are, to be chosen from.
fn having(known: &[&str]) -> String {
    match known {
        [] => String::new(),
        known => format!("known: `{}`; or ", known.join("`, `")),
    }
}

/// The roles that somebody must answer for when the policy asks.
fn roles(policy: &Policy) -> impl Iterator<Item = (String, &str)> {
    let approvals = each("stages", &policy.stages)
        .filter_map(|(path, stage)| Some((format!("{path}.approval"), stage.approval.as_deref()?)));
    let sign_offs = each("classes", &policy.classes)
        .filter_map(|(path, class)| Some((format!("{path}.sign-off"), class.sign_off.as_deref()?)));
    let recovery = policy
        .recovery
        .as_ref()
        .and_then(|it| it.acknowledge.as_deref());
    let ladder = policy
        .ladder
        .as_ref()
        .and_then(|ladder| ladder.escalate_to.as_deref());
    approvals
        .chain(sign_offs)
        .chain(recovery.map(|role| ("recovery.acknowledge".to_owned(), role)))
        .chain(ladder.map(|role| ("ladder.escalate-to".to_owned(), role)))
}

/// Whether a gate measures its signal in a way that the kind of signal has.
fn fits(path: &str, gate: &Gate, signal: &Signal) -> Option<Problem> {
    let (kind, measures): (&str, &[&str]) = match signal.kind {
        SignalKind::Ratio { .. } => ("a ratio", &["ratio", "count", "trend"]),
        SignalKind::RatioOfRuns { .. } => ("a ratio of runs", &["ratio", "count", "trend"]),
        SignalKind::Count { .. } => ("a count", &["count", "rate-per-host-hour", "trend"]),
        SignalKind::Heartbeat { .. } => ("a heartbeat", &["ratio", "count"]),
        SignalKind::Updates => ("the outcomes of updates", &["ratio", "count"]),
        SignalKind::Gauge { .. } => ("a gauge", &["mean", "last", "trend"]),
        SignalKind::Latency { .. } => ("a latency", &["quantile"]),
    };
    let measure = match gate.measure {
        Measure::Ratio => "ratio",
        Measure::Count => "count",
        Measure::RatePerHostHour => "rate-per-host-hour",
        Measure::Mean => "mean",
        Measure::Last => "last",
        Measure::Quantile(_) => "quantile",
        Measure::Trend => "trend",
    };
    (!measures.contains(&measure)).then(|| {
        let message = format!("{} is {kind} and has no `{measure}`", quote(&signal.id));
        let choices: Vec<String> = measures.iter().map(|word| quote(word)).collect();
        Problem::error("CM121", format!("{path}.measure"), message)
            .help(format!("measure it by {}", choices.join(" or ")))
    })
}

/// Checks a scenario against its world and the policy that is to be played in it.
pub(crate) fn scenario_with(policy: &Policy, scenario: &Scenario, world: &World) -> Vec<Problem> {
    let mut problems = Vec::new();
    let roles = scenario.people(world);
    let roles: Vec<&str> = roles.iter().map(|person| person.role.as_str()).collect();
    for (path, effect) in all_effects(scenario) {
        problems.extend(targets::check(&path, effect, (policy, world, &roles)));
    }
    let known = policy.evidence.iter().map(|known| known.id.as_str());
    let evidence = Names::new("piece of evidence", known);
    problems.extend(
        each("evidence", &scenario.evidence).filter_map(|(path, change)| {
            evidence.resolve(format!("{path}.evidence"), &change.evidence)
        }),
    );
    problems.extend(long_enough(policy, scenario, world));
    problems.extend(labels::check(policy, scenario, world));
    problems.extend(too_short(policy, scenario));
    problems.extend(promises::scenario(&scenario.promises, policy));
    problems.extend(limits_of_own(policy, scenario));
    problems
}

/// The horizon is whole evaluations, scrapes and steps of histories.
fn long_enough(policy: &Policy, scenario: &Scenario, world: &World) -> Vec<Problem> {
    let mut problems = Vec::new();
    let horizon = scenario.horizon;
    problems.extend(ticks(
        "horizon",
        "evaluations",
        horizon,
        policy.evaluate_every,
    ));
    problems.extend(scrapes("horizon", horizon, world.telemetry.scrape_every));
    let resampled = world.telemetry.signals.iter();
    let resampled = resampled.filter_map(|signal| signal.noise.dependence.as_ref());
    problems.extend(
        resampled.filter_map(|it| ticks("horizon", "steps of a history", horizon, it.step())),
    );
    problems
}

/// The limits on invariants of one's own name invariants that there are.
fn limits_of_own(policy: &Policy, scenario: &Scenario) -> Vec<Problem> {
    let own = policy.promises.iter().chain(&scenario.promises);
    let known = Names::new("invariant", own.map(|known| known.id.as_str()));
    let limited = scenario.objectives.invariants.keys();
    let limited = limited.filter(|id| !id.starts_with("INV-"));
    let found = limited.filter_map(|id| known.resolve(format!("objectives.invariants.{id}"), id));
    found.collect()
}

/// A rollout that is expected to complete needs the time for it.
fn too_short(policy: &Policy, scenario: &Scenario) -> Option<Problem> {
    let expect = scenario.expect.get(&policy.profile)?;
    let observed = policy.stages.iter().map(|stage| stage.observe);
    let least = observed.fold(sim_core::engine::SimDuration::ZERO, |sum, next| {
        sum.saturating_add(next)
    });
    let cut = expect.outcome == Outcome::Completed && scenario.horizon < least;
    cut.then(|| {
        let message = format!("{} ends before the rollout can", scenario.horizon);
        Problem::error("CM166", "horizon", message)
            .reason(format!(
                "the stages are observed for {least} together, and completion is expected"
            ))
            .help(format!("write more than {least}"))
    })
}
