//! Showing: which effects have really changed something, and when the history says so.

use super::World;
use crate::effect::Change;
use crate::history::Event;

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
        let at = self.conditions.middle(k);
        let plan = self.plan;
        for &index in &plan.layers.felt {
            if !self.conditions.awaits(index) || self.conditions.strength(index, at) <= 0.0 {
                continue;
            }
            let felt = match &plan.effects[index].effect.change {
                Change::Add(change) | Change::Multiply(change) | Change::Shock(change) => {
                    self.conditions.part(change.population, k) > 0.0
                        && self.conditions.affected(index, k) > 0.0
                }
                Change::Load { .. } => true,
                _ => false,
            };
            if felt {
                self.conditions.show(index);
            }
        }
    }
}
