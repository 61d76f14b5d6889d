//! The effects of an experiment, resolved: what a release and the faults change, in their order.

use std::ops::Index;

use crate::effect::{Change, Effect};

/// All effects, those of the release first.
#[derive(Clone, Debug)]
pub(crate) struct Effects {
    all: Vec<EffectPlan>,
    pub layers: Layers,
}

#[derive(Clone, Debug)]
pub(crate) struct EffectPlan {
    pub effect: Effect,
    /// The effect whose hosts show it: itself, unless it names another one.
    pub hosts_of: usize,
    /// Whether it leaves the world as it was, whatever happens.
    pub inert: bool,
    pub cured_by_rungs: Vec<usize>,
    pub cured_by_kill: bool,
}

impl EffectPlan {
    /// Whether telemetry of some hosts is lost, and not all of it.
    pub fn silences_hosts(&self) -> bool {
        let some = self.effect.hosts.is_some() || self.effect.hosts_of.is_some();
        some && matches!(self.effect.change, Change::Outage(_))
    }
}

/// The effects on layers that are asked about them all the time, by index and in their order; those that
/// are inert are left out.
#[derive(Clone, Debug)]
pub(crate) struct Layers {
    /// What users feel: levels and load.
    pub user_visible: Vec<usize>,
    /// What is on the data's way from the hosts to the query.
    pub data: Vec<usize>,
    /// What can go wrong with an evaluation itself.
    pub evaluation: Vec<usize>,
}

impl Layers {
    fn of(effects: &[EffectPlan]) -> Self {
        let those = |wanted: fn(&Change) -> bool| {
            (0..effects.len())
                .filter(|index| !effects[*index].inert && wanted(&effects[*index].effect.change))
                .collect()
        };
        Self {
            user_visible: those(|change| {
                matches!(
                    change,
                    Change::Add(_) | Change::Multiply(_) | Change::Shock(_) | Change::Load { .. }
                )
            }),
            data: those(Change::is_about_data),
            evaluation: those(|change| {
                matches!(
                    change,
                    Change::SkipBeats { .. }
                        | Change::Clock { .. }
                        | Change::MaskTriggers { .. }
                        | Change::PassGates { .. }
                        | Change::FlawedEvidence { .. }
                )
            }),
        }
    }
}

impl Effects {
    pub fn new(all: Vec<EffectPlan>) -> Self {
        let layers = Layers::of(&all);
        Self { all, layers }
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub fn iter(&self) -> std::slice::Iter<'_, EffectPlan> {
        self.all.iter()
    }

    /// The effects on the data's way that are not inert.
    pub fn on_data(&self) -> impl Iterator<Item = (usize, &EffectPlan)> {
        let data = self.layers.data.iter();
        data.map(|index| (*index, &self.all[*index]))
    }

    /// Whether there are any.
    pub fn any_on_data(&self) -> bool {
        !self.layers.data.is_empty()
    }
}

impl Index<usize> for Effects {
    type Output = EffectPlan;

    fn index(&self, index: usize) -> &EffectPlan {
        &self.all[index]
    }
}
