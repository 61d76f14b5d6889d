//! Recovery: a new attempt, on the policy's conditions.

use super::NativeController;
use crate::effect::Anchor;
use crate::history::{Event, Outcome, PauseReason, Request};
use crate::plant::Plant;

impl NativeController {
    /// Seeks a new attempt after a retreat or a fallback; where the policy allows none, the rollout ends
    /// as it stands.
    pub(super) fn seek_recovery(&mut self, plant: &mut Plant<'_>) {
        let recovery = plant.plan.experiment.policy.recovery.as_ref();
        let Some(recovery) =
            recovery.filter(|recovery| u32::from(self.attempt) < recovery.attempts)
        else {
            let standing = plant.ending.standing();
            self.end(plant, standing);
            return;
        };
        match &recovery.acknowledge {
            None => self.recover(plant, false),
            Some(role) => {
                let operator = plant.role(role);
                if operator.is_none() {
                    let standing = plant.ending.standing();
                    self.end(plant, standing);
                    return;
                }
                self.ask(plant, operator, Request::Acknowledgement);
            }
        }
    }

    /// Begins the new attempt.
    pub(super) fn recover(&mut self, plant: &mut Plant<'_>, acknowledged: bool) {
        let recovery = plant.plan.experiment.policy.recovery.as_ref();
        let fresh = recovery.is_some_and(|recovery| recovery.fresh_canary);
        self.attempt += 1;
        plant.record(Event::Recovered {
            attempt: self.attempt,
            acknowledged,
            fresh,
        });
        plant.anchor_first(Anchor::Recovered, plant.now());
        plant.ending.stand_as(Outcome::Unfinished);
        self.restore_rungs(plant);
        self.forget_windows(plant, true);
        self.state.step_backs = 0;
        let stage = if fresh { 0 } else { self.state.stage };
        let plan = plant.plan;
        if plant.refused(&plan.stages[stage].entry) {
            self.pause(plant, PauseReason::Evidence);
            return;
        }
        self.shrink_to_stage(plant, stage);
    }
}
