//! When a regression began, and whether users were left on it.

use scenarios::Verdict as Release;
use sim_core::effect::{Change, Effect};
use sim_core::engine::{Share, SimTime};
use sim_core::{Event, Experiment, Outcome, Run};

use super::case::Case;

/// Whether a rollout met the regression of its release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Onset {
    /// Nobody was ever exposed, so that there was nothing to meet.
    Unexposed,
    /// The rollout ended, or what ended it was decided, before the regression began: it says nothing
    /// about how a regression is dealt with.
    Later,
    /// Something else stopped the rollout after the regression began: a gate on a signal that nothing of the
    /// scenario changes, so that it was a false alarm and no detection.
    ByChance,
    /// Users met it. So they did where a release is bad without any effect of its own, by their first
    /// exposure, and a good release has nothing to wait for.
    Met,
}

/// Returns whether `run` met the regression of its release.
pub(super) fn of(case: &Case, run: &Run) -> Onset {
    if case.release == Release::Good {
        return Onset::Met;
    }
    if run.exposure.reached_max == Share::ZERO {
        return Onset::Unexposed;
    }
    match run.regression {
        None if begins_by_itself(case.experiment()) => Onset::Later,
        Some(began) if stopped(run).is_some_and(|at| at < began) => Onset::Later,
        Some(_) if by_chance(case.experiment(), run) => Onset::ByChance,
        _ => Onset::Met,
    }
}

/// Whether the release has an effect, or its evidence a flaw, whose beginning can be told.
fn begins_by_itself(experiment: &Experiment) -> bool {
    let effects = experiment.release.iter();
    let strong = effects.filter(|effect| effect.course.strength > 0.0);
    let flawed = experiment.evidence.iter();
    let flawed = flawed.filter(|change| !change.state.is_sound());
    strong.count() + flawed.count() > 0
}

/// Whether the gate that stopped the rollout reads a signal that neither the release nor a fault changes.
fn by_chance(experiment: &Experiment, run: &Run) -> bool {
    let acts = |event: &Event| event.acts() && !matches!(event, Event::RollbackBegan);
    let mut past = run.history.iter();
    let last = past.rfind(|(_, event)| acts(event));
    let Some((_, Event::Triggered { gate, .. })) = last else {
        return false;
    };
    let signal = &experiment.policy.gates[usize::from(*gate)].signal;
    let effects = experiment.release.iter().chain(&experiment.faults);
    stopped(run).is_some()
        && !effects
            .clone()
            .any(|effect| may_change(&effect.change, signal))
}

/// Whether a change may move what is read of `signal`: whatever is not about another signal may.
fn may_change(change: &Change, signal: &str) -> bool {
    match change {
        Change::Add(change) | Change::Multiply(change) | Change::Shock(change) => {
            change.signal == signal
        }
        _ => true,
    }
}

/// When that was decided which ended the rollout short of completion; none where it was not stopped.
fn stopped(run: &Run) -> Option<SimTime> {
    if matches!(run.outcome, Outcome::Completed | Outcome::Unfinished) {
        return None;
    }
    let decides = |event: &Event| {
        matches!(
            event,
            Event::RollbackBegan
                | Event::KillThrown
                | Event::RungTaken { .. }
                | Event::Paused { .. }
                | Event::Refused { .. }
        )
    };
    let mut past = run.history.iter();
    past.rfind(|(_, event)| decides(event)).map(|(at, _)| *at)
}

/// Whether users are on a bad release at the end, with something of it that nothing has cured.
pub(super) fn still_exposed(case: &Case, run: &Run) -> bool {
    let mut past = run.history.iter();
    let last = past.rfind(|(_, event)| matches!(event, Event::Exposure { .. }));
    let exposed = last.is_some_and(
        |(_, event)| matches!(event, Event::Exposure { reached } if *reached > Share::ZERO),
    );
    exposed && !is_cured(case.experiment(), run)
}

/// Whether every effect of the release has been taken away by the rung that holds or the kill switch.
fn is_cured(experiment: &Experiment, run: &Run) -> bool {
    let effects: Vec<_> = experiment
        .release
        .iter()
        .filter(|effect| effect.course.strength > 0.0)
        .collect();
    let cures = cures(experiment, run);
    let cured = |effect: &&Effect| {
        let mut by = effect.cured_by.iter();
        by.any(|id| cures.contains(&id.as_str()))
    };
    !effects.is_empty() && effects.iter().all(cured)
}

/// The rungs and switches that have taken effect and hold.
fn cures<'e>(experiment: &'e Experiment, run: &Run) -> Vec<&'e str> {
    let policy = &experiment.policy;
    let mut cures = Vec::new();
    for (_, event) in &run.history {
        match event {
            Event::KillEffective => {
                cures.extend(policy.kill_switch.iter().map(|switch| switch.id.as_str()));
            }
            Event::RungEffective { rung } => {
                let ladder = policy.ladder.iter();
                let mut rungs = ladder.flat_map(|ladder| &ladder.rungs);
                cures.extend(rungs.nth(usize::from(*rung)).map(|rung| rung.id.as_str()));
            }
            // A new attempt takes the rungs away again; what was killed stays killed.
            Event::Recovered { .. } => {
                let kill = policy.kill_switch.as_ref().map(|switch| switch.id.as_str());
                cures.retain(|id| Some(*id) == kill);
            }
            _ => {}
        }
    }
    cures
}

/// The effects of some strength that never showed: the release's, and what goes wrong besides.
pub(super) fn silent<'a>(case: &'a Case, run: &Run) -> (Vec<&'a str>, Vec<&'a str>) {
    let experiment = case.experiment();
    let own = experiment.release.len();
    let declared = experiment.release.iter().chain(&experiment.faults);
    let showed = |at: usize, effect: &Effect| {
        run.history.iter().any(|(_, event)| match event {
            Event::EffectBegan { effect: index } if !effect.confirm => usize::from(*index) == at,
            Event::EffectShowed { effect: index } => usize::from(*index) == at,
            _ => false,
        })
    };
    let silent = declared
        .enumerate()
        .filter(|(at, effect)| !effect.is_inert() && !showed(*at, effect));
    let (first, second): (Vec<_>, Vec<_>) = silent.partition(|(at, _)| *at < own);
    let ids = |all: Vec<(usize, &'a Effect)>| all.iter().map(|(_, it)| it.id.as_str()).collect();
    (ids(first), ids(second))
}
