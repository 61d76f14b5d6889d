//! Faults at work: how strong each effect is in the environment, and whether anybody has noticed.
//!
//! Who asks what an effect does says in the same call whether it did anything: [`Conditions::acting`],
//! [`Conditions::struck`] and [`Conditions::manifests`] ask and mark at once, so that no reader can forget that a
//! fault has shown.

mod effects;
mod state;

pub(crate) use effects::{EffectPlan, Effects};
pub(crate) use state::FaultState;

use crate::effect::{Change, Only};
use crate::engine::SimTime;
use crate::environment::Environment;

/// The environment and the faults in it: what signals are sampled from.
#[derive(Clone)]
pub(crate) struct Conditions<'p> {
    pub environment: Environment<'p>,
    pub faults: FaultState<'p>,
}

impl<'p> Conditions<'p> {
    /// All effects.
    pub fn effects(&self) -> &'p Effects {
        self.faults.effects()
    }

    /// Returns what effect `index` changes.
    pub fn change(&self, index: usize) -> &'p Change {
        &self.effects()[index].effect.change
    }

    /// Returns the requests a second from `from` to `to`, before the chance of arrivals.
    pub fn load(&self, from: SimTime, to: SimTime) -> f64 {
        self.environment.load(from, to) * self.load_factor(from, to)
    }

    /// By what factor effects change the load from `from` to `to`.
    fn load_factor(&self, from: SimTime, to: SimTime) -> f64 {
        let effects = self.effects();
        let factor = |index: &usize| match effects[*index].effect.change {
            Change::Load { factor } => {
                1.0 + (factor - 1.0) * self.strength_over(*index, (from, to))
            }
            _ => 1.0,
        };
        effects.layers.user_visible.iter().map(factor).product()
    }

    /// Returns the strength of effect `index` at `at`, 0 when it has been cured.
    pub fn strength(&self, index: usize, at: SimTime) -> f64 {
        if self.faults.is_out(index, at) {
            return 0.0;
        }
        let effect = &self.effects()[index].effect;
        let since = self.faults.counted_from(effect);
        let strength = effect.course.strength_at(at, since);
        match effect.only {
            Some(only) if strength > 0.0 && !self.meets(only, at) => 0.0,
            _ => strength,
        }
    }

    /// Whether the environment around `at` is as `only` says.
    fn meets(&self, only: Only, at: SimTime) -> bool {
        let around = self.environment.around(at);
        around.is_some_and(|(load, share)| only.holds(load, share))
    }

    /// As [`FaultState::may_happen`], in interval `k`.
    pub fn may_happen_in(&self, index: usize, at: SimTime, k: u64) -> bool {
        let interval = self.environment.interval(k);
        self.faults
            .may_happen(index, at, (interval.load, interval.share))
    }

    /// Returns the mean strength of effect `index` from `from` to `to`.
    pub fn strength_over(&self, index: usize, (from, to): (SimTime, SimTime)) -> f64 {
        if self.faults.next_turn(index, from) >= to {
            return self.strength(index, from.midpoint(to));
        }
        let (mut sum, mut at) = (0.0, from);
        while at < to {
            let next = self.faults.next_turn(index, at).min(to);
            let lasts = next.saturating_since(at).as_secs_f64();
            sum += self.strength(index, at.midpoint(next)) * lasts;
            at = next;
        }
        sum / to.saturating_since(from).as_secs_f64()
    }

    /// Returns since when effect `index` has been at work at `at`; none where it is not.
    pub fn active_since(&self, index: usize, at: SimTime) -> Option<SimTime> {
        let effect = &self.effects()[index].effect;
        let strong = self.strength(index, at) > 0.0;
        strong
            .then(|| {
                effect
                    .course
                    .spell_began(at, self.faults.counted_from(effect))
            })
            .flatten()
    }

    /// Returns until when effect `index` stays at work from `at` on; none where it never ends.
    pub fn active_until(&self, index: usize, at: SimTime) -> Option<SimTime> {
        let effect = &self.effects()[index].effect;
        effect
            .course
            .spell_ends(at, self.faults.counted_from(effect))
    }

    /// Returns the share of the canary's hosts that show effect `index` while `share` of all serve the new
    /// version.
    pub fn affected(&mut self, index: usize, share: f64) -> f64 {
        let shown_by = self.effects()[index].hosts_of;
        let part = self.effects()[shown_by].effect.hosts;
        part.map_or(1.0, |part| self.environment.affected(shown_by, part, share))
    }

    /// Lets effect `index` act where it is at work at `at`: `act` gets its strength, and says what comes of it and
    /// whether that changed anything. None where it is not at work.
    pub fn acting<T>(
        &mut self,
        index: usize,
        at: SimTime,
        act: impl FnOnce(f64) -> (T, bool),
    ) -> Option<T> {
        let strength = self.strength(index, at);
        if strength <= 0.0 {
            return None;
        }
        let (done, changed) = act(strength);
        if changed {
            self.faults.mark_manifested(index);
        }
        Some(done)
    }

    /// Notes that effect `index` has shown where `shows` says so; it is asked only as long as somebody waits for
    /// it.
    pub fn manifests(&mut self, index: usize, shows: impl FnOnce(&mut Self) -> bool) {
        if self.faults.awaits(index) && shows(self) {
            self.faults.mark_manifested(index);
        }
    }

    /// Returns what the first wanted effect that is at work at `at` says; none where none is.
    pub fn said_at<T>(&self, at: SimTime, wanted: impl Fn(&Change) -> Option<T>) -> Option<T> {
        let mut effects = self.effects().iter().enumerate();
        effects.find_map(|(index, plan)| {
            let said = wanted(&plan.effect.change)?;
            (self.strength(index, at) > 0.0).then_some(said)
        })
    }

    /// As [`Conditions::said_at`], and notes that the effect has shown.
    pub fn struck<T>(&mut self, at: SimTime, wanted: impl Fn(&Change) -> Option<T>) -> Option<T> {
        self.struck_among(0..self.effects().len(), at, wanted)
    }

    /// As [`Conditions::struck`], by what goes wrong with evaluations.
    pub fn evaluation_struck<T>(
        &mut self,
        at: SimTime,
        wanted: impl Fn(&Change) -> Option<T>,
    ) -> Option<T> {
        let effects = self.effects();
        self.struck_among(effects.layers.evaluation.iter().copied(), at, wanted)
    }

    fn struck_among<T>(
        &mut self,
        mut among: impl Iterator<Item = usize>,
        at: SimTime,
        wanted: impl Fn(&Change) -> Option<T>,
    ) -> Option<T> {
        let effects = self.effects();
        let (index, said) = among.find_map(|index| {
            let said = wanted(&effects[index].effect.change)?;
            (self.strength(index, at) > 0.0).then_some((index, said))
        })?;
        self.faults.mark_manifested(index);
        Some(said)
    }

    /// Says whether a wanted effect is at work at `at`.
    pub fn at_work(&self, at: SimTime, wanted: impl Fn(&Change) -> bool) -> bool {
        self.said_at(at, |change| wanted(change).then_some(()))
            .is_some()
    }
}
