//! Anchored pairs: one fault right after another, near a moment that matters to the policy.
//!
//! Plain pairs of faults are all covered within a hundred random runs and say little; what finds defects is
//! a pair within seconds of a decision (chaos research, section 7.2).

use std::collections::BTreeSet;

use sim_core::engine::{SimDuration, SimTime};
use sim_core::policy::Action;
use sim_core::{Event, Experiment, Run};

/// How near is near: to the anchor, and the second fault to the first.
const NEAR: SimDuration = SimDuration::from_secs(10);

/// A moment that matters to a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Anchorage {
    /// A stage is entered.
    StageStart,
    /// The observation window of a stage is over.
    WindowEnd,
    /// A rollback is decided.
    Rollback,
    /// The rollout stands still.
    Pause,
    /// The controller goes down or is back.
    Failover,
    /// A new attempt begins.
    Recovery,
}

impl Anchorage {
    /// All of them, in the order of reports.
    pub const ALL: [Self; 6] = [
        Self::StageStart,
        Self::WindowEnd,
        Self::Rollback,
        Self::Pause,
        Self::Failover,
        Self::Recovery,
    ];

    /// Returns the words that reports use.
    pub const fn words(self) -> &'static str {
        match self {
            Self::StageStart => "stage start",
            Self::WindowEnd => "end of window",
            Self::Rollback => "rollback",
            Self::Pause => "pause",
            Self::Failover => "fail-over",
            Self::Recovery => "recovery",
        }
    }

    /// Whether the policy can come to such a moment and go on living, so that faults can follow it.
    pub fn exists(self, experiment: &Experiment) -> bool {
        let policy = &experiment.policy;
        match self {
            Self::StageStart | Self::WindowEnd | Self::Failover => true,
            Self::Rollback => {
                let takes_back = |action| matches!(action, Action::Rollback | Action::StepBack);
                let enforced = policy.blast_radius.is_some_and(|radius| radius.enforced);
                enforced || policy.classes.iter().any(|class| takes_back(class.action))
            }
            Self::Pause => {
                let mut classes = policy.classes.iter();
                classes.any(|class| class.action == Action::Pause && class.sign_off.is_some())
            }
            Self::Recovery => policy
                .recovery
                .as_ref()
                .is_some_and(|recovery| recovery.attempts > 0),
        }
    }
}

/// Returns the name of an anchored pair.
pub(super) fn name(anchor: Anchorage, first: &str, second: &str) -> String {
    format!("{}: {first} then {second}", anchor.words())
}

/// Returns the anchored pairs of a run, given when which fault began.
pub(super) fn pairs(
    experiment: &Experiment,
    run: &Run,
    begun: &[(SimTime, &str)],
) -> BTreeSet<String> {
    let mut pairs = BTreeSet::new();
    for (anchor, at) in moments(experiment, run) {
        let after =
            |from: SimTime, then: SimTime| then >= from && then.saturating_since(from) <= NEAR;
        for (first_at, first) in begun.iter().filter(|(begun, _)| after(at, *begun)) {
            let seconds = begun.iter().filter(|(begun, _)| after(*first_at, *begun));
            for (_, second) in seconds.filter(|(_, second)| second != first) {
                pairs.insert(name(anchor, first, second));
            }
        }
    }
    pairs
}

/// Returns when the moments of a run were; a window may be over where nobody notes it.
pub(crate) fn moments(experiment: &Experiment, run: &Run) -> Vec<(Anchorage, SimTime)> {
    let mut anchors = Vec::new();
    for (at, event) in &run.history {
        let (anchor, at) = match event {
            Event::StageEntered { .. } => (Anchorage::StageStart, *at),
            Event::ObservationBegan { stage } => {
                let stage = experiment.policy.stages.get(usize::from(*stage));
                let observe = stage.map_or(SimDuration::ZERO, |stage| stage.observe);
                (Anchorage::WindowEnd, at.saturating_add(observe))
            }
            Event::RollbackBegan => (Anchorage::Rollback, *at),
            Event::Paused { .. } => (Anchorage::Pause, *at),
            Event::ControllerStopped | Event::ControllerStarted { .. } => {
                (Anchorage::Failover, *at)
            }
            Event::Recovered { .. } => (Anchorage::Recovery, *at),
            _ => continue,
        };
        anchors.push((anchor, at));
    }
    anchors
}
