//! People: what their answers change.

use super::{NativeController, SplitDecision};
use crate::history::{Event, PauseReason, Request};
use crate::plant::{EventPriority, Plant, ScheduledEvent};
use crate::policy::{RolloutPhase, Unanswered};

impl NativeController {
    /// Asks an operator; where nobody has the role, nobody answers.
    pub(super) fn ask(&self, plant: &mut Plant<'_>, operator: Option<usize>, request: Request) {
        plant.ask(operator, request, self.epoch);
    }

    /// Asks for the approval to leave the stage.
    pub(super) fn ask_approval(&mut self, plant: &mut Plant<'_>) {
        self.state.asked = Some(plant.now());
        let operator = plant.plan.stages[self.state.stage].approval;
        self.ask(plant, operator, Request::Approval);
        let stage = &plant.plan.experiment.policy.stages[self.state.stage];
        if let Some(within) = stage.approval_within {
            let epoch = self.epoch;
            let due = ScheduledEvent::Due { epoch };
            plant.schedule(within.limit, EventPriority::Command, due);
        }
    }

    /// Nobody has approved in time.
    pub(super) fn unanswered(&mut self, plant: &mut Plant<'_>, then: Unanswered) {
        let stage = self.state.stage as u16;
        plant.record(Event::Unanswered { stage });
        match then {
            Unanswered::Pause => self.pause(plant, PauseReason::Unanswered),
            Unanswered::Rollback => self.roll_back(plant, None),
        }
    }

    /// Somebody answers. An answer to a question that is no longer open is written down and has no effect.
    pub(super) fn answered(
        &mut self,
        plant: &mut Plant<'_>,
        (epoch, operator, request): (u32, u16, Request),
    ) -> Option<SplitDecision> {
        plant.record(Event::Answered { operator, request });
        if epoch != self.epoch {
            return None;
        }
        match request {
            Request::Approval => {
                self.approved = true;
                return self.due(plant);
            }
            Request::Increment if self.state.phase == RolloutPhase::Active => {
                if plant.is_moving() {
                    // A second yes to the same question: what is in flight goes on beside it.
                    plant.break_off();
                }
                self.next_increment(plant);
            }
            Request::SignOff if self.state.phase == RolloutPhase::Paused => self.resume(plant),
            Request::SignOff => self.seek_recovery(plant),
            Request::Acknowledgement => self.recover(plant, true),
            Request::Increment | Request::Escalation => {}
        }
        None
    }
}
