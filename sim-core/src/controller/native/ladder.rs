//! The fallback ladder: one rung for each sustained breach.

use super::NativeController;
use crate::address;
use crate::effect::State;
use crate::history::{Event, Outcome, Request};
use crate::plant::{EventPriority, Plant, ScheduledEvent};
use crate::policy::{Ladder, RolloutPhase};

impl NativeController {
    fn ladder<'p>(plant: &Plant<'p>) -> &'p Ladder {
        let ladder = plant.plan.experiment.policy.ladder.as_ref();
        ladder.expect("a policy that takes rungs has a ladder: files are checked for it")
    }

    /// Takes the next rung, or escalates where none is left.
    pub(super) fn next_rung(&mut self, plant: &mut Plant<'_>) {
        self.forget_windows(plant, true);
        let rung = self.rungs;
        if rung == Self::ladder(plant).rungs.len() {
            self.exhausted(plant);
            return;
        }
        self.epoch += 1;
        self.rungs += 1;
        self.state.phase = RolloutPhase::Acting;
        plant.ending.stand_as(Outcome::FellBack);
        plant.record(Event::RungTaken { rung: rung as u16 });
        self.enters(plant, State::FallenBack);
        let mut draws = plant.key.draws(
            address::STEP,
            address::RUNGS + rung as u32,
            self.attempt.into(),
        );
        let takes = Self::ladder(plant).rungs[rung].takes.sample(&mut draws);
        let (epoch, rung) = (self.epoch, rung as u16);
        plant.schedule(
            takes,
            EventPriority::Command,
            ScheduledEvent::RungEffective { epoch, rung },
        );
    }

    /// The setting has taken effect: what it cures is cured, and the watch begins again.
    pub(super) fn rung_effective(&mut self, plant: &mut Plant<'_>, rung: u16) {
        plant.record(Event::RungEffective { rung });
        let now = plant.now();
        plant.conditions.faults.ease(rung.into(), now);
        self.state.phase = RolloutPhase::Active;
        self.state.observed_since = None;
        let watch = plant.plan.experiment.policy.stages[self.state.stage].observe;
        let watch = watch.max(plant.plan.experiment.policy.evaluate_every);
        let epoch = self.epoch;
        plant.schedule(
            watch,
            EventPriority::Command,
            ScheduledEvent::Settled { epoch },
        );
    }

    fn exhausted(&mut self, plant: &mut Plant<'_>) {
        plant.record(Event::LadderExhausted);
        let operator = Self::ladder(plant)
            .escalate_to
            .as_ref()
            .and_then(|role| plant.role(role));
        self.ask(plant, operator, Request::Escalation);
        self.end(plant, Outcome::FellBack);
    }

    /// Climbs down from every rung, as a new attempt does.
    pub(super) fn restore_rungs(&mut self, plant: &mut Plant<'_>) {
        self.rungs = 0;
        plant.conditions.faults.climb_down();
    }
}
