//! Showing: which effects have really changed something, and when the history says so.

use super::World;
use crate::effect::Change;
use crate::history::Event;
use crate::policy::gate::Population;

impl World<'_> {
    /// Writes down the effects that have shown since the last time.
    pub(super) fn tell_shown(&mut self) {
        if self.outcome.is_some() {
            return;
        }
        for index in self.conditions.take_unsaid() {
            let effect = index as u16;
            self.record(Event::EffectShowed { effect });
        }
    }

    /// Notes the effects on levels and load that somebody felt in the newest interval.
    pub(super) fn watch_effects(&mut self) {
        let k = self.conditions.passed();
        let plan = self.plan;
        for &index in &plan.layers.felt {
            if !self.conditions.awaits(index) {
                continue;
            }
            let felt = match &plan.effects[index].effect.change {
                Change::Add(change) | Change::Multiply(change) | Change::Shock(change) => {
                    let share = self.conditions.interval(k).share;
                    self.conditions.part(change.population, k) > 0.0
                        && self.strong(index, change.population, k)
                        && self.conditions.affected(index, share) > 0.0
                }
                Change::Load { .. } => self.strong(index, Population::Fleet, k),
                _ => false,
            };
            if felt {
                self.conditions.show(index);
            }
        }
    }

    /// Whether an effect was at work in interval `k` while `population` could feel it.
    fn strong(&self, index: usize, population: Population, k: u64) -> bool {
        let span = self.conditions.span(population, k);
        self.conditions.strength_over(index, span) > 0.0
    }
}
