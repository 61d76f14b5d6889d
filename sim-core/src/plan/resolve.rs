//! Names become indices: evidence, stages, effects and signals, and how far back anybody looks.

use std::sync::Arc;

use super::parts::{StageGate, StagePlan};
use crate::effect::{Change, Effect};
use crate::engine::SimDuration;
use crate::experiment::Experiment;
use crate::faults::EffectPlan;
use crate::grid::{Grid, intervals};
use crate::telemetry::{Motion, Signal, SignalKind, SignalPlan};
use crate::traffic::Split;

pub(super) fn position(
    what: &str,
    name: &str,
    mut names: impl Iterator<Item = impl AsRef<str>>,
) -> usize {
    names
        .position(|known| known.as_ref() == name)
        .unwrap_or_else(|| panic!("the experiment has no {what} called {name:?}"))
}

pub(super) fn tells_updates(experiment: &Experiment) -> bool {
    let mut signals = experiment.telemetry.signals.iter();
    signals.any(|signal| signal.kind == SignalKind::Updates)
}

pub(super) fn units(experiment: &Experiment) -> u32 {
    match experiment.traffic.split {
        Split::ByHost => experiment.fleet.hosts,
        _ => 1_000_000,
    }
}

/// Data that are frozen are read again however old they are, so that with a store that freezes nothing is
/// forgotten.
pub(super) fn kept(experiment: &Experiment, grid: &Grid, effects: &[EffectPlan]) -> usize {
    let freezes = |plan: &EffectPlan| matches!(plan.effect.change, Change::Freeze(_));
    if effects.iter().any(|plan| !plan.inert && freezes(plan)) {
        return usize::MAX;
    }
    let reach = grid.reach.iter().max().copied().unwrap_or_default();
    let lag = experiment.telemetry.lag.as_nanos() / grid.interval.as_nanos();
    // A step of a recording is shared out by the exposure in all of its intervals.
    let signals = experiment.telemetry.signals.iter();
    let steps = signals.filter_map(|signal| Some(signal.recording.as_ref()?.step));
    let step = intervals(steps.max().unwrap_or_default(), grid.interval);
    let back = hidden_back(experiment, grid, effects);
    reach
        .saturating_add(lag)
        .saturating_add(back)
        .saturating_add(step + 1) as usize
}

/// What lags, shifted windows and stragglers add up to, and the age at which an old sample is not read any
/// more; nothing where no fault is on the data's way.
pub(super) fn hidden_back(experiment: &Experiment, grid: &Grid, effects: &[EffectPlan]) -> u64 {
    let by = |plan: &EffectPlan| match &plan.effect.change {
        _ if plan.inert => None,
        Change::Lag { by, .. } | Change::ShiftWindow { by, .. } => Some(*by),
        Change::Straggle(straggling) => Some(straggling.by),
        change => change.is_about_data().then_some(SimDuration::ZERO),
    };
    let older = effects
        .iter()
        .filter_map(by)
        .reduce(SimDuration::saturating_add);
    let Some(older) = older else { return 0 };
    let stale = experiment.telemetry.stale_after;
    let back = older.saturating_add(stale).as_nanos() / grid.interval.as_nanos();
    back.saturating_add(2)
}

pub(super) fn evidence(experiment: &Experiment, ids: &[String]) -> Vec<usize> {
    let known = &experiment.policy.evidence;
    ids.iter()
        .map(|id| position("evidence", id, known.iter().map(|item| &item.id)))
        .collect()
}

pub(super) fn stages(experiment: &Experiment, member: &[usize]) -> Vec<StagePlan> {
    let policy = &experiment.policy;
    let roles = || experiment.operators.iter().map(|operator| &operator.role);
    let resolve = |stage: &crate::policy::Stage| StagePlan {
        watched: watched(experiment, member, stage),
        entry: evidence(experiment, &stage.entry),
        hold: evidence(experiment, &stage.hold),
        approval: stage
            .approval
            .as_ref()
            .map(|role| position("role", role, roles())),
    };
    policy.stages.iter().map(resolve).collect()
}

/// Returns the places of the stage's gates in a member's list; names are alike for all members.
fn watched(
    experiment: &Experiment,
    member: &[usize],
    stage: &crate::policy::Stage,
) -> Vec<StageGate> {
    let gates = &experiment.policy.gates;
    for id in stage.criteria.iter().chain(&stage.triggers) {
        position("gate", id, gates.iter().map(|gate| &gate.id));
    }
    let watch = |(place, gate): (usize, &usize)| {
        let criterion = stage.criteria.contains(&gates[*gate].id);
        let trigger = stage.triggers.contains(&gates[*gate].id);
        (criterion || trigger).then_some(StageGate {
            place,
            criterion,
            trigger,
        })
    };
    member.iter().enumerate().filter_map(watch).collect()
}

pub(super) fn effects(experiment: &Experiment) -> Vec<EffectPlan> {
    let policy = &experiment.policy;
    let rungs = policy.ladder.iter().flat_map(|ladder| &ladder.rungs);
    let rungs: Vec<&str> = rungs.map(|rung| rung.id.as_str()).collect();
    let switch = policy.kill_switch.as_ref().map(|switch| &switch.id);
    let all = || experiment.release.iter().chain(&experiment.faults);
    let place = |name: &String| all().position(|effect| effect.id == *name);
    let is_absent = |name: &String| place(name).is_none();
    let resolve = |(index, effect): (usize, &Effect)| EffectPlan {
        hosts_of: effect.hosts_of.as_ref().and_then(place).unwrap_or(index),
        cured_by_rungs: (0..rungs.len())
            .filter(|rung| effect.cured_by.iter().any(|cure| cure == rungs[*rung]))
            .collect(),
        cured_by_kill: effect.cured_by.iter().any(|cure| Some(cure) == switch),
        // Without the effect that it belongs to there are no hosts that could show it.
        inert: effect.is_inert() || effect.hosts_of.as_ref().is_some_and(is_absent),
        effect: effect.clone(),
    };
    all().enumerate().map(resolve).collect()
}

pub(super) fn signals(
    experiment: &Experiment,
    effects: &[EffectPlan],
    grid: &Grid,
) -> Vec<SignalPlan> {
    let telemetry = &experiment.telemetry;
    let plan = |(index, signal): (usize, &Signal)| SignalPlan {
        reach: grid.reach[index],
        effects: (0..effects.len())
            .filter(|index| changes_level(&effects[*index].effect.change, &signal.id))
            .filter(|index| !effects[*index].inert)
            .collect(),
        law: grid.laws[index].clone(),
        motion: Arc::new(Motion::new(&signal.noise, telemetry.starts_in_week)),
    };
    let signals = telemetry.signals.iter();
    signals.enumerate().map(plan).collect()
}

fn changes_level(change: &Change, signal: &str) -> bool {
    match change {
        Change::Add(change) | Change::Multiply(change) | Change::Shock(change) => {
            change.signal == signal
        }
        _ => false,
    }
}
