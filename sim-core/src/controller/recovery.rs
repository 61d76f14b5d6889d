//! Recovery: a new attempt, on the policy's conditions.

use crate::effect::Anchor;
use crate::history::{Event, Outcome, PauseReason, Request};
use crate::world::World;

impl World<'_> {
    /// Seeks a new attempt after a retreat or a fallback; where the policy allows none, the rollout ends
    /// as it stands.
    pub fn seek_recovery(&mut self) {
        let recovery = self.plan.experiment.policy.recovery.as_ref();
        let Some(recovery) =
            recovery.filter(|recovery| u32::from(self.attempt) < recovery.attempts)
        else {
            self.end(self.standing);
            return;
        };
        match &recovery.acknowledge {
            None => self.recover(false),
            Some(role) => {
                let operator = self.role(role);
                if operator.is_none() {
                    self.end(self.standing);
                    return;
                }
                self.ask(operator, Request::Acknowledgement);
            }
        }
    }

    /// Begins the new attempt.
    pub fn recover(&mut self, acknowledged: bool) {
        let recovery = self.plan.experiment.policy.recovery.as_ref();
        let fresh = recovery.is_some_and(|recovery| recovery.fresh_canary);
        self.attempt += 1;
        self.record(Event::Recovered {
            attempt: self.attempt,
            acknowledged,
            fresh,
        });
        self.anchor_first(Anchor::Recovered, self.now);
        self.standing = Outcome::Unfinished;
        self.restore_rungs();
        self.forget_windows(true);
        self.state.step_backs = 0;
        let stage = if fresh { 0 } else { self.state.stage };
        let plan = self.plan;
        if self.refused(&plan.stages[stage].entry) {
            self.pause(PauseReason::Evidence);
            return;
        }
        self.shrink_to_stage(stage);
    }
}
