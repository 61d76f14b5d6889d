//! People: they are asked, and they answer in their own time or never.

use crate::address;
use crate::effect::{AnswerTrouble, Change};
use crate::engine::SimDuration;
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
            self.await_answer(operator, request, delay);
        }
    }

    /// Plans the answer that would come after `delay`, with what goes wrong with it.
    fn await_answer(&mut self, operator: u16, request: Request, delay: SimDuration) {
        let epoch = self.epoch;
        let answer = Happening::Answer {
            epoch,
            operator,
            request,
        };
        let plan = self.plan;
        let role = &plan.experiment.operators[usize::from(operator)].role;
        let trouble = |change: &Change| match change {
            Change::Answers(change) if change.role.as_ref().is_none_or(|name| name == role) => {
                Some(change.trouble.clone())
            }
            _ => None,
        };
        let delay = match self.conditions.struck(self.now, trouble) {
            None => delay,
            Some(AnswerTrouble::Unheard) => return,
            Some(AnswerTrouble::Rash) => SimDuration::ZERO,
            Some(AnswerTrouble::Late(by)) => {
                let (entity, tick) = (operator.into(), self.people.questions);
                let mut draws = self.key.draws(address::EXTRA, entity, tick);
                delay.saturating_add(by.sample(&mut draws))
            }
            Some(AnswerTrouble::Twice(again)) => {
                self.plan_in(delay.saturating_add(again), Then::Command, answer);
                delay
            }
        };
        self.plan_in(delay, Then::Command, answer);
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
            Request::Increment if self.state.phase == Phase::Active => {
                if self.spread.is_moving(self.now) {
                    // A second yes to the same question: what is in flight goes on beside it.
                    self.spread.break_off(self.now);
                }
                self.next_increment();
            }
            Request::SignOff if self.state.phase == Phase::Paused => self.resume(),
            Request::SignOff => self.seek_recovery(),
            Request::Acknowledgement => self.recover(true),
            Request::Increment | Request::Escalation => {}
        }
    }
}
