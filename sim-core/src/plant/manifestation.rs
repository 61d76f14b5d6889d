//! Manifestation: which effects have really changed something, and when the history says so.

use super::Plant;
use crate::effect::Change;
use crate::faults::Conditions;
use crate::history::Event;
use crate::policy::gate::Population;

impl Plant<'_> {
    /// Writes down the effects that have shown since the last time.
    pub fn flush_manifested(&mut self) {
        if self.ending.outcome().is_some() {
            return;
        }
        for index in self.conditions.faults.take_manifested() {
            let effect = index as u16;
            self.record(Event::EffectShowed { effect });
        }
    }

    /// Notes the effects on levels and load that somebody felt in the newest interval.
    pub fn mark_user_visible(&mut self) {
        let k = self.conditions.environment.passed();
        let plan = self.plan;
        for &index in &plan.effects.layers.user_visible {
            let change = &plan.effects[index].effect.change;
            self.conditions.manifests(index, |conditions| match change {
                Change::Add(change) | Change::Multiply(change) | Change::Shock(change) => {
                    let share = conditions.environment.interval(k).share;
                    conditions.environment.part(change.population, k) > 0.0
                        && strong(conditions, index, change.population, k)
                        && conditions.affected(index, share) > 0.0
                }
                Change::Load { .. } => strong(conditions, index, Population::Fleet, k),
                _ => false,
            });
        }
    }
}

/// Whether an effect was at work in interval `k` while `population` could feel it.
fn strong(conditions: &Conditions<'_>, index: usize, population: Population, k: u64) -> bool {
    let span = conditions.environment.span(population, k);
    conditions.strength_over(index, span) > 0.0
}
