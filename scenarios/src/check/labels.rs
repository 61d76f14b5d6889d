//! Labels: a release that is called good or bad does what the word says.

use sim_core::effect::{Change, Effect, SignalChange};
use sim_core::policy::Policy;
use sim_core::policy::gate::{Population, Relation};
use sim_core::telemetry::{Signal, SignalKind};

use super::problem::{Problem, each};
use crate::lint::percent;
use crate::{Scenario, Verdict, World};

/// So many more of the requests fail for good: one in twenty is no release that anybody calls good.
const PLAIN_HARM: f64 = 0.05;

/// Returns whether an effect changes nothing, whatever the world.
pub(crate) fn is_idle(effect: &Effect) -> bool {
    let nothing = match &effect.change {
        Change::Add(change) => change.by == 0.0,
        Change::Multiply(change) | Change::Shock(change) => change.by == 1.0,
        _ => false,
    };
    nothing || effect.course.strength == 0.0
}

/// Checks what a release is called against what it does to the signals of `world`, as `policy` sees them.
pub(crate) fn check(policy: &Policy, scenario: &Scenario, world: &World) -> Vec<Problem> {
    match scenario.release.is {
        Verdict::Bad => improved(policy, scenario, world).into_iter().collect(),
        Verdict::Good => failing(scenario, world),
    }
}

/// A bad release all of whose effects are for the better.
fn improved(policy: &Policy, scenario: &Scenario, world: &World) -> Option<Problem> {
    let effects = &scenario.release.effects;
    let better = |effect: &Effect| is_better(policy, effect, world);
    let besides = !(scenario.faults.is_empty()
        && scenario.rehearse.is_empty()
        && scenario.method.is_none()
        && scenario.evidence.is_empty());
    (!besides && !effects.is_empty() && effects.iter().all(better)).then(|| {
        Problem::error(
            "CM177",
            "release.effects[0].change",
            "the release is called bad and only makes things better",
        )
        .reason("a policy that lets it through does right, and would be called blind")
        .help("write an effect that does harm (`by:` above 0, a factor above 1), or `is: good`")
    })
}

/// Whether the new version improves a signal, where more of it is known to be worse, or less.
fn is_better(policy: &Policy, effect: &Effect, world: &World) -> bool {
    let Some((change, factor)) = level(effect) else {
        return false;
    };
    let normal = if factor { 1.0 } else { 0.0 };
    let more = change.by > normal;
    let less = change.by < normal;
    match signal(world, change).and_then(|signal| worse_upwards(policy, signal)) {
        Some(true) => less,
        Some(false) => more,
        None => false,
    }
}

/// What an effect does to the level of a signal of the new version; whether it is a factor.
pub(crate) fn level(effect: &Effect) -> Option<(&SignalChange, bool)> {
    let (change, factor) = match &effect.change {
        Change::Add(change) => (change, false),
        Change::Multiply(change) => (change, true),
        _ => return None,
    };
    (change.population == Population::Canary).then_some((change, factor))
}

pub(crate) fn signal<'w>(world: &'w World, change: &SignalChange) -> Option<&'w Signal> {
    let mut signals = world.telemetry.signals.iter();
    signals.find(|signal| signal.id == change.signal)
}

/// Whether more of a signal is worse: what the gates say that read it, else what it is. Nothing where they
/// disagree or nobody says.
fn worse_upwards(policy: &Policy, signal: &Signal) -> Option<bool> {
    let reads = policy.gates.iter().filter(|gate| gate.signal == signal.id);
    let mut upwards =
        reads.map(|gate| matches!(gate.breach.is, Relation::Above | Relation::AtLeast));
    if let Some(first) = upwards.next() {
        upwards.all(|other| other == first).then_some(first)
    } else {
        let latency = matches!(signal.kind, SignalKind::Latency { .. });
        (signal.harms_users || latency).then_some(true)
    }
}

/// A good release that fails a good part of its users for good.
fn failing(scenario: &Scenario, world: &World) -> Vec<Problem> {
    let fails = |(path, effect): (String, &Effect)| {
        let more = lasting_harm(effect, world).filter(|more| *more >= PLAIN_HARM)?;
        let message = format!(
            "the release is called good, and {} more of its requests fail for as long as it runs",
            percent(more)
        );
        Some(
            Problem::error("CM178", format!("{path}.change"), message)
                .reason("a policy that takes it back does right, and would be blamed for a false rollback")
                .help("write `is: bad`; what is not the release's doing belongs under `faults:`"),
        )
    };
    each("release.effects", &scenario.release.effects)
        .filter_map(fails)
        .collect()
}

/// How many more of the requests of the new version fail for as long as it runs, as a fraction; nothing
/// where the effect passes, or where users do not feel it.
pub(crate) fn lasting_harm(effect: &Effect, world: &World) -> Option<f64> {
    let course = &effect.course;
    let passes = course.lasts.is_some() || course.cycle.is_some() || course.until.is_some();
    let (change, factor) = level(effect)?;
    let felt = signal(world, change).filter(|signal| signal.harms_users && !passes)?;
    let (SignalKind::Ratio { base, .. } | SignalKind::RatioOfRuns { base, .. }) = felt.kind else {
        return None;
    };
    let more = if factor {
        base * (change.by - 1.0)
    } else {
        change.by
    };
    let hosts = effect.hosts.map_or(1.0, sim_core::engine::Share::as_f64);
    Some(more.min(1.0 - base) * course.strength * hosts)
}
