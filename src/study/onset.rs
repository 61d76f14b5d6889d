//! What the truth about a release makes of a rollout: whether it met the regression, whether users were left on
//! it. The one place that says so, for studies of many rollouts, searches and curves alike.

use scenarios::Verdict as Release;
use sim_core::effect::{Change, Effect};
use sim_core::engine::{Share, SimTime};
use sim_core::policy::Policy;
use sim_core::{Event, Experiment, Figures, Outcome, Run};

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

/// A rollout, with what is known of its release and its policy.
#[derive(Clone, Copy, Debug)]
pub(super) struct PlayedFigures<'a> {
    /// Whether the release deserves to be rolled out.
    pub release: Release,
    /// The release, the faults and the evidence.
    pub experiment: &'a Experiment,
    /// The policy, which need not be the experiment's own.
    pub policy: &'a Policy,
    /// What the rollout came to.
    pub figures: &'a Figures,
}

impl PlayedFigures<'_> {
    /// Returns whether the rollout met the regression of its release.
    pub fn onset(&self) -> Onset {
        if self.release == Release::Good {
            return Onset::Met;
        }
        if self.figures.exposure.reached_max == Share::ZERO {
            return Onset::Unexposed;
        }
        match self.figures.regression {
            None if self.begins_by_itself() => Onset::Later,
            Some(began) if self.stopped().is_some_and(|at| at < began) => Onset::Later,
            Some(_) if self.by_chance() => Onset::ByChance,
            _ => Onset::Met,
        }
    }

    /// Whether the release has an effect, or its evidence a flaw, whose beginning can be told.
    fn begins_by_itself(&self) -> bool {
        let mut effects = self.experiment.release.iter();
        let mut evidence = self.experiment.evidence.iter();
        effects.any(|effect| effect.course.strength > 0.0)
            || evidence.any(|change| !change.state.is_sound())
    }

    /// Whether the gate that stopped the rollout reads a signal that neither the release nor a fault changes.
    fn by_chance(&self) -> bool {
        let Some(gate) = self.figures.trail.alarm else {
            return false;
        };
        let signal = &self.policy.gates[usize::from(gate)].signal;
        let mut effects = self
            .experiment
            .release
            .iter()
            .chain(&self.experiment.faults);
        self.stopped().is_some() && !effects.any(|effect| may_change(&effect.change, signal))
    }

    /// When that was decided which ended the rollout short of completion; none where it was not stopped.
    fn stopped(&self) -> Option<SimTime> {
        let outcome = self.figures.outcome;
        let ended = !matches!(outcome, Outcome::Completed | Outcome::Unfinished);
        self.figures.trail.stopped.filter(|_| ended)
    }

    /// Whether users are on a bad release at the end, with something of it that nothing has cured.
    pub fn still_exposed(&self) -> bool {
        self.figures.trail.exposed && !self.is_cured()
    }

    /// Whether every effect of the release has been taken away by the rung that holds or the kill switch.
    fn is_cured(&self) -> bool {
        let mut effects = self.experiment.release.iter();
        let strong = |effect: &&Effect| effect.course.strength > 0.0;
        let cured = |effect: &Effect| effect.cured_by.iter().any(|id| self.cures(id));
        let mut strong = effects.by_ref().filter(strong).peekable();
        strong.peek().is_some() && strong.all(cured)
    }

    /// Whether the rung or switch of this name has taken effect and holds.
    fn cures(&self, id: &str) -> bool {
        let trail = &self.figures.trail;
        let mut switches = self.policy.kill_switch.iter();
        let ladder = self.policy.ladder.iter();
        let mut rungs = ladder.flat_map(|ladder| &ladder.rungs).enumerate();
        trail.killed && switches.any(|switch| switch.id == id)
            || rungs.any(|(at, rung)| rung.id == id && trail.holds(at))
    }

    /// Returns what the truth about the release makes of the rollout; `expected` is the ending that the
    /// scenario declares for it.
    pub fn truth(&self, expected: Option<Outcome>) -> Truth {
        let onset = self.onset();
        let outcome = self.figures.outcome;
        let completed = outcome == Outcome::Completed;
        if self.release == Release::Good {
            let stalled = matches!(outcome, Outcome::Paused | Outcome::Unfinished);
            return Truth {
                stalled: Some(stalled),
                false_rollback: Some(!completed && !stalled),
                ..Truth::nothing(onset)
            };
        }
        let early = matches!(onset, Onset::Later | Onset::ByChance);
        let met = onset == Onset::Met;
        let exposed = self.still_exposed();
        let ignored = outcome == Outcome::Unfinished && !self.figures.trail.acted;
        let missed = completed || ignored || (exposed && expected != Some(outcome));
        Truth {
            ended_before: (onset != Onset::Unexposed).then_some(onset == Onset::Later),
            by_chance: (early || met).then_some(onset == Onset::ByChance),
            still_exposed: met.then_some(exposed),
            missed: (!early).then_some(missed),
            ..Truth::nothing(onset)
        }
    }
}

/// What the truth about a release makes of a rollout; none of what could not happen in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Truth {
    /// Whether the rollout met the regression.
    pub onset: Onset,
    /// A good release was rolled back, fell back, was killed or aborted.
    pub false_rollback: Option<bool>,
    /// A good release stood still to the end.
    pub stalled: Option<bool>,
    /// A bad release was completed, nothing was done about it, or users were left on it.
    pub missed: Option<bool>,
    /// The rollout ended, or what ended it was decided, before the regression began.
    pub ended_before: Option<bool>,
    /// It was stopped by a gate on a signal that the regression does not change.
    pub by_chance: Option<bool>,
    /// Users were on a bad release at the end.
    pub still_exposed: Option<bool>,
}

impl Truth {
    const fn nothing(onset: Onset) -> Self {
        Self {
            onset,
            false_rollback: None,
            stalled: None,
            missed: None,
            ended_before: None,
            by_chance: None,
            still_exposed: None,
        }
    }

    /// Says whether the rollout tells what a policy does about the release, bad or good: it was not ended
    /// before the regression began or for something else.
    pub const fn tells(self) -> bool {
        !matches!(self.onset, Onset::Later | Onset::ByChance)
    }
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
