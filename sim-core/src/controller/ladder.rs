//! The fallback ladder: one rung for each sustained breach.

use crate::address;
use crate::effect::State;
use crate::history::{Event, Outcome, Request};
use crate::policy::{Ladder, Phase};
use crate::world::{Happening, Then, World};

impl World<'_> {
    fn ladder(&self) -> &Ladder {
        let ladder = self.plan.experiment.policy.ladder.as_ref();
        ladder.expect("a policy that takes rungs has a ladder: files are checked for it")
    }

    /// Takes the next rung, or escalates where none is left.
    pub fn next_rung(&mut self) {
        self.forget_windows(true);
        let rung = self.rungs;
        if rung == self.ladder().rungs.len() {
            self.exhausted();
            return;
        }
        self.epoch += 1;
        self.rungs += 1;
        self.state.phase = Phase::Acting;
        self.standing = Outcome::FellBack;
        self.record(Event::RungTaken { rung: rung as u16 });
        self.stands(State::FallenBack);
        let mut draws = self.key.draws(
            address::STEP,
            address::RUNGS + rung as u32,
            self.attempt.into(),
        );
        let takes = self.ladder().rungs[rung].takes.sample(&mut draws);
        let (epoch, rung) = (self.epoch, rung as u16);
        self.plan_in(
            takes,
            Then::Command,
            Happening::RungEffective { epoch, rung },
        );
    }

    /// The setting has taken effect: what it cures is cured, and the watch begins again.
    pub fn rung_effective(&mut self, rung: u16) {
        self.record(Event::RungEffective { rung });
        let faults = &mut self.conditions.faults;
        faults.cure_all(self.now, |plan| {
            plan.cured_by_rungs.contains(&usize::from(rung))
        });
        self.state.phase = Phase::Active;
        self.state.observed_since = None;
        let watch = self.plan.experiment.policy.stages[self.state.stage].observe;
        let watch = watch.max(self.plan.experiment.policy.evaluate_every);
        let epoch = self.epoch;
        self.plan_in(watch, Then::Command, Happening::Settled { epoch });
    }

    fn exhausted(&mut self) {
        self.record(Event::LadderExhausted);
        let operator = self
            .ladder()
            .escalate_to
            .as_ref()
            .and_then(|role| self.role(role));
        self.ask(operator, Request::Escalation);
        self.end(Outcome::FellBack);
    }

    /// Climbs down from every rung, as a new attempt does.
    pub fn restore_rungs(&mut self) {
        self.rungs = 0;
        for (index, plan) in self.plan.effects.iter().enumerate() {
            if !plan.cured_by_rungs.is_empty() {
                self.conditions.faults.uncure(index);
            }
        }
    }
}
