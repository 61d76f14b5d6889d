//! What the native controller knows: where the rollout stands, and what its gates have said.

use super::rollback_progress::RollbackProgress;
use crate::cohort::{GateBank, Group};
use crate::decider::GuardAnswer;
use crate::effect;
use crate::engine::{Lane, SimTime};
use crate::history::Outcome;
use crate::plan::{Engine, Plan};
use crate::plant::Plant;
use crate::policy::{Observation, RolloutPhase, RolloutState};

/// The controller of a policy, or of several that have decided alike so far.
#[derive(Clone)]
pub(crate) struct NativeController {
    /// When it evaluates.
    pub(super) ticks: Lane,
    pub(super) state: RolloutState,
    /// Counts stages entered and rollbacks begun: what was planned before is void afterwards.
    pub(super) epoch: u32,
    pub(super) attempt: u16,
    pub(super) bank: GateBank,
    /// Whether leaving the stage has been approved.
    pub(super) approved: bool,
    pub(super) rollback: RollbackProgress,
    /// The rungs that have been taken.
    pub(super) rungs: usize,
    /// The units that the stage means.
    pub(super) target_units: u32,
    /// When every unit of the last stage came to serve the new version, while that stage lasts.
    pub(super) taken_over: Option<SimTime>,
    /// What the guard said last, where one decides in the place of the gates.
    pub(super) guard_said: Option<GuardAnswer>,
    /// Until when it is down.
    pub(super) stopped: Option<SimTime>,
    /// When the calendar was last seen to open, and the epoch in which it was.
    pub(super) opening: Option<(u32, SimTime)>,
}

/// Members of a cohort that decide differently, and what all of them see.
pub(crate) struct SplitDecision {
    /// Who decides what, the largest group first.
    pub groups: Vec<Group>,
    pub around: Observation,
}

impl NativeController {
    pub fn new(plan: &Plan) -> Self {
        let every = plan.experiment.policy.evaluate_every;
        let mut bank = GateBank::new(plan);
        if matches!(plan.engine, Engine::Guard(_)) {
            // A guard is told the values themselves.
            bank.always_read_exactly();
        }
        Self {
            ticks: Lane::new(SimTime::ZERO + every, every),
            state: RolloutState {
                phase: RolloutPhase::Active,
                stage: 0,
                observed_since: None,
                entered: SimTime::ZERO,
                step_backs: 0,
                asked: None,
            },
            epoch: 0,
            attempt: 0,
            bank,
            approved: false,
            rollback: RollbackProgress::default(),
            rungs: 0,
            target_units: 0,
            taken_over: None,
            guard_said: None,
            stopped: None,
            opening: None,
        }
    }

    /// Where the rollout stands.
    pub const fn state(&self) -> &RolloutState {
        &self.state
    }

    /// The gates, and who has which.
    pub const fn bank(&self) -> &GateBank {
        &self.bank
    }

    /// Lets gates find every value exactly, for those who read more of it than what gates say.
    pub const fn read_exactly(&mut self) {
        self.bank.always_read_exactly();
    }

    /// Parts with `members`, who go on with the controller that is handed back.
    pub(super) fn part_with(&mut self, plan: &Plan, members: Vec<usize>) -> Self {
        let mut other = self.clone();
        other.bank.keep_only(plan, members);
        self.bank.part_with(plan, other.bank.members());
        other
    }

    /// Ends the rollout: nothing that was planned counts any more.
    pub(super) fn end(&mut self, plant: &mut Plant<'_>, outcome: Outcome) {
        self.epoch += 1;
        self.state.phase = RolloutPhase::Over;
        plant.end(outcome);
    }

    /// Notes that the rollout is in a state, for what waits for it.
    pub(super) fn enters(&self, plant: &mut Plant<'_>, is: effect::State) {
        plant.enters(is, self.state.stage);
    }
}
