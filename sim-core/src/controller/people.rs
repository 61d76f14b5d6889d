//! People: they are asked, and they answer in their own time or never.

use crate::address;
use crate::history::{Event, Request};
use crate::policy::Phase;
use crate::world::{Happening, Then, World};

/// What people have been asked and have said.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct People {
    /// Whether leaving the stage has been approved.
    pub approved: bool,
    /// How many questions have been asked.
    questions: u32,
}

impl World<'_> {
    /// Returns the operator who has `role`.
    pub fn role(&self, role: &str) -> Option<usize> {
        self.plan
            .experiment
            .operators
            .iter()
            .position(|operator| operator.role == role)
    }

    /// Asks an operator; where nobody has the role, nobody answers.
    pub fn ask(&mut self, operator: Option<usize>, request: Request) {
        let Some(index) = operator else { return };
        let declared = &self.plan.experiment.operators[index];
        let operator = index as u16;
        let mut draws = self
            .key
            .draws(address::ANSWER, index as u32, self.people.questions);
        self.people.questions += 1;
        self.record(Event::Asked { operator, request });
        if !draws.chance(declared.silent) {
            let delay = declared.answers_in.sample(&mut draws);
            let epoch = self.epoch;
            self.plan_in(
                delay,
                Then::Command,
                Happening::Answer {
                    epoch,
                    operator,
                    request,
                },
            );
        }
    }

    /// Asks for the approval to leave the stage.
    pub fn ask_approval(&mut self) {
        self.state.asked = true;
        self.ask(
            self.plan.stages[self.state.stage].approval,
            Request::Approval,
        );
    }

    /// Somebody answers. An answer to a question that is no longer open is written down and has no effect.
    pub fn answered(&mut self, epoch: u32, operator: u16, request: Request) {
        self.record(Event::Answered { operator, request });
        if epoch != self.epoch {
            return;
        }
        match request {
            Request::Approval => {
                self.people.approved = true;
                self.due();
            }
            Request::Increment if self.state.phase == Phase::Active => self.next_increment(),
            Request::SignOff if self.state.phase == Phase::Paused => self.resume(),
            Request::SignOff => self.seek_recovery(),
            Request::Acknowledgement => self.recover(true),
            Request::Increment | Request::Escalation => {}
        }
    }
}
