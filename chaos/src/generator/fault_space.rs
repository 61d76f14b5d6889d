//! The space: what a base experiment offers to generators.

use sim_core::effect::Anchor;
use sim_core::engine::SimDuration;
use sim_core::{Experiment, Grid};

use super::{Kind, driver};
use crate::catalogue::{ENTRIES, Injection, Misfit, inject};

/// When faults may happen, and how long the rollout may take after they are healed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phases {
    /// The instant, counted from the start, at which everything heals that the harness broke.
    pub heal_at: SimDuration,
    /// The instant at which the simulation ends: until then the rollout must come to an outcome.
    pub end: SimDuration,
}

/// A base experiment, and what can go wrong in it.
#[derive(Clone, Debug)]
pub struct FaultSpace {
    /// The experiment without any fault of the campaign; its horizon is the end of the liveness phase.
    pub experiment: Experiment,
    /// What samples are drawn on in it: rehearsals are played beside this.
    pub grid: Grid,
    /// When faults heal and when the simulation ends.
    pub phases: Phases,
    /// The faults of the catalogue that can happen here, in its order.
    pub kinds: Vec<Kind>,
    /// The faults that cannot, and what is missing for each.
    pub misfits: Vec<(&'static str, Misfit)>,
    /// The instants to which faults can be tied.
    pub anchors: Vec<Anchor>,
    /// Bad releases on which the policy acts.
    pub releases: Vec<Injection>,
    /// The faults that touch how a bad release is dealt with, where somebody has looked for them.
    pub support: Vec<Injection>,
}

impl Phases {
    /// Faults within the base's own horizon, and then half of it again to come to an end.
    pub fn of(experiment: &Experiment) -> Self {
        let heal_at = experiment.horizon;
        Self {
            heal_at,
            end: heal_at.saturating_add(heal_at.mul_f64(0.5)),
        }
    }
}

impl FaultSpace {
    /// Looks at what can go wrong in `experiment`.
    pub fn new(experiment: &Experiment, phases: Phases) -> Self {
        let mut experiment = experiment.clone();
        experiment.horizon = phases.end;
        let (mut kinds, mut misfits) = (Vec::new(), Vec::new());
        for entry in ENTRIES {
            match inject(&[Injection::of(entry)], &mut experiment.clone()) {
                Ok(()) => kinds.push(Kind::of(entry)),
                Err(found) => misfits.extend(found.into_iter().map(|(_, why)| (entry.name, why))),
            }
        }
        let anchors = anchors(&experiment);
        let releases = driver::releases(&experiment);
        Self {
            grid: Grid::of(&experiment),
            experiment,
            phases,
            kinds,
            misfits,
            anchors,
            releases,
            support: Vec::new(),
        }
    }

    /// Returns the kind of this name, where it can happen here.
    pub fn kind(&self, name: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.entry.name == name)
    }

    /// Returns the longest observation window of the policy; an hour where it observes nothing.
    pub fn window(&self) -> SimDuration {
        let windows = self.experiment.policy.stages.iter();
        let longest = windows.map(|stage| stage.observe).max();
        longest
            .filter(|window| !window.is_zero())
            .unwrap_or(SimDuration::from_hours(1))
    }
}

/// The instants of this experiment's policy to which a fault can be tied.
fn anchors(experiment: &Experiment) -> Vec<Anchor> {
    let policy = &experiment.policy;
    let mut anchors = vec![
        Anchor::FirstExposure,
        Anchor::Rollback,
        Anchor::Paused,
        Anchor::Reverted,
        Anchor::ControllerBack,
    ];
    for stage in 0..policy.stages.len() as u16 {
        anchors.extend([Anchor::StageEntered(stage), Anchor::WindowOver(stage)]);
    }
    if policy.recovery.is_some() {
        anchors.push(Anchor::Recovered);
    }
    if policy.kill_switch.is_some() {
        anchors.push(Anchor::KillThrown);
    }
    anchors
}
