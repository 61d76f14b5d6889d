//! People: they are asked, and they answer in their own time or never.

use super::{EventPriority, Plant, ScheduledEvent};
use crate::address;
use crate::effect::{AnswerTrouble, Change};
use crate::engine::SimDuration;
use crate::history::{Event, Request};

impl Plant<'_> {
    /// Returns the operator who has `role`.
    pub fn role(&self, role: &str) -> Option<usize> {
        self.plan
            .experiment
            .operators
            .iter()
            .position(|operator| operator.role == role)
    }

    /// Asks an operator; where nobody has the role, nobody answers. The answer carries `epoch`.
    pub fn ask(&mut self, operator: Option<usize>, request: Request, epoch: u32) {
        let Some(index) = operator else { return };
        let declared = &self.plan.experiment.operators[index];
        let operator = index as u16;
        let mut draws = self
            .key
            .draws(address::ANSWER, index as u32, self.questions);
        self.questions += 1;
        self.record(Event::Asked { operator, request });
        if !draws.chance(declared.silent) {
            let delay = declared.answers_in.sample(&mut draws);
            self.await_answer((operator, request, epoch), delay);
        }
    }

    /// Plans the answer that would come after `delay`, with what goes wrong with it.
    fn await_answer(
        &mut self,
        (operator, request, epoch): (u16, Request, u32),
        delay: SimDuration,
    ) {
        let answer = ScheduledEvent::Answer {
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
        let delay = match self.struck(trouble) {
            None => delay,
            Some(AnswerTrouble::Unheard) => return,
            Some(AnswerTrouble::Rash) => SimDuration::ZERO,
            Some(AnswerTrouble::Late(by)) => {
                let (entity, tick) = (operator.into(), self.questions);
                let mut draws = self.key.draws(address::EXTRA, entity, tick);
                delay.saturating_add(by.sample(&mut draws))
            }
            Some(AnswerTrouble::Twice(again)) => {
                self.schedule(delay.saturating_add(again), EventPriority::Command, answer);
                delay
            }
        };
        self.schedule(delay, EventPriority::Command, answer);
    }
}
