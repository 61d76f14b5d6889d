//! The state of effects: since when each counts, which are cured, and which have shown.

use super::Effects;
use crate::address;
use crate::effect::{Anchor, Effect};
use crate::engine::{Key, RunningHash, SimDuration, SimTime};

/// What has become of the effects of a rollout.
#[derive(Clone)]
pub(crate) struct FaultState<'p> {
    effects: &'p Effects,
    /// The key that the rollout began under: moments are drawn from it, and stay as they are.
    key: Key,
    /// When each effect was taken away, by whatever did it first.
    cured: Vec<Option<SimTime>>,
    /// When each effect was taken away for good, by a switch or a mended version and not by a rung.
    cured_for_good: Vec<Option<SimTime>>,
    first_exposure: Option<SimTime>,
    first_rollback: Option<SimTime>,
    /// When each anchor was first, of those that have come.
    anchors: Vec<(Anchor, SimTime)>,
    /// Which effects have shown, and which of them nobody has written down yet.
    shown: Vec<bool>,
    unwritten: Vec<usize>,
    /// How many units on the new version each effect has taken away.
    away: Vec<u32>,
}

impl<'p> FaultState<'p> {
    pub fn new(effects: &'p Effects, key: Key) -> Self {
        let count = effects.len();
        Self {
            effects,
            key,
            cured: vec![None; count],
            cured_for_good: vec![None; count],
            first_exposure: None,
            first_rollback: None,
            anchors: Vec::new(),
            shown: vec![false; count],
            unwritten: Vec::new(),
            away: vec![0; count],
        }
    }

    pub(super) fn effects(&self) -> &'p Effects {
        self.effects
    }

    /// Whether effect `index` is inert, or has been cured at `at`.
    pub(super) fn is_out(&self, index: usize, at: SimTime) -> bool {
        self.effects[index].inert || self.cured[index].is_some_and(|cured| at >= cured)
    }

    /// Takes effect `index` away for good from now on, if nothing has before.
    pub fn cure(&mut self, index: usize, now: SimTime) {
        self.cured[index].get_or_insert(now);
        self.cured_for_good[index].get_or_insert(now);
    }

    /// Takes effects away for good that `wanted` picks.
    pub fn cure_all(&mut self, now: SimTime, wanted: impl Fn(&super::EffectPlan) -> bool) {
        let effects = self.effects;
        for (index, plan) in effects.iter().enumerate() {
            if wanted(plan) {
                self.cure(index, now);
            }
        }
    }

    /// Takes effects away that rung `rung` cures, for as long as it is taken.
    pub fn ease(&mut self, rung: usize, now: SimTime) {
        let effects = self.effects;
        for (plan, cured) in effects.iter().zip(&mut self.cured) {
            if plan.cured_by_rungs.contains(&rung) {
                cured.get_or_insert(now);
            }
        }
    }

    /// Lets effects that rungs took away be at work again; what is cured for good stays so.
    pub fn climb_down(&mut self) {
        self.cured.clone_from(&self.cured_for_good);
    }

    /// Whether what happens at one instant may happen at `now`, at this load and this share on the new
    /// version: nothing has cured it or healed it, and the world is as it asks.
    pub fn may_happen(&self, index: usize, now: SimTime, (load, share): (f64, f64)) -> bool {
        let effect = &self.effects[index].effect;
        let until = effect.course.until.map(SimTime::after);
        let over = [self.cured[index], until].into_iter().flatten();
        over.min().is_none_or(|over| now < over)
            && effect.only.is_none_or(|only| only.holds(load, share))
    }

    /// Returns when the course of effect `index` next turns after `now`: between two turns its strength is a
    /// straight line. The end of time where it never does.
    pub fn next_turn(&self, index: usize, now: SimTime) -> SimTime {
        let plan = &self.effects[index];
        if plan.inert {
            return SimTime::MAX;
        }
        let turn = plan
            .effect
            .course
            .next_turn(now, self.counted_from(&plan.effect));
        match self.cured[index] {
            Some(cured) if cured > now => turn.min(cured),
            _ => turn,
        }
    }

    /// Whether effect `index` grows stronger at `now`.
    pub fn grows(&self, index: usize, now: SimTime) -> bool {
        let effect = &self.effects[index].effect;
        let begin = self
            .counted_from(effect)
            .map(|from| from.saturating_add(effect.course.after));
        let running = begin.and_then(|begin| now.checked_since(begin));
        running.is_some_and(|running| running < effect.course.ramp)
    }

    /// Returns the instant from which the times of `effect` are counted: its anchor, and what was drawn to be
    /// added to it.
    pub fn counted_from(&self, effect: &Effect) -> Option<SimTime> {
        let anchor = self.anchor(effect.course.from)?;
        Some(anchor.saturating_add(self.drawn_delay(effect)))
    }

    /// Returns by how much later than it could `effect` begins.
    pub fn drawn_delay(&self, effect: &Effect) -> SimDuration {
        let Some(within) = effect.course.within else {
            return SimDuration::ZERO;
        };
        // By its id, so that an effect begins when it did whichever others are taken away; the parts of one
        // fault carry its id and a number in brackets, and begin together.
        let fault = effect
            .id
            .split(" (")
            .next()
            .expect("a text has a first part");
        let mut id = RunningHash::new();
        id.text(fault);
        let mut draws = self.key.draws(address::MOMENT, id.finish() as u32, 0);
        SimDuration::from_nanos(draws.below(within.as_nanos().saturating_add(1)))
    }

    /// Returns when the anchor was.
    pub fn anchor(&self, anchor: Anchor) -> Option<SimTime> {
        match anchor {
            Anchor::Start => Some(SimTime::ZERO),
            Anchor::FirstExposure => self.first_exposure,
            Anchor::Rollback => self.first_rollback,
            other => {
                let known = self.anchors.iter().find(|(anchor, _)| *anchor == other);
                known.map(|(_, at)| *at)
            }
        }
    }

    /// Notes that `anchor` comes at `at`; returns whether it is the first time.
    pub fn note_anchor(&mut self, anchor: Anchor, at: SimTime) -> bool {
        let first = self.anchor(anchor).is_none();
        if first {
            match anchor {
                Anchor::FirstExposure => self.first_exposure = Some(at),
                Anchor::Rollback => self.first_rollback = Some(at),
                other => self.anchors.push((other, at)),
            }
        }
        first
    }

    /// When the first unit came to serve the new version.
    pub fn first_exposure(&self) -> Option<SimTime> {
        self.first_exposure
    }

    /// When the first rollback began.
    pub fn first_rollback(&self) -> Option<SimTime> {
        self.first_rollback
    }

    /// Notes that effect `index` has changed something: what asks for its strength says so itself.
    pub fn mark_manifested(&mut self, index: usize) {
        if self.awaits(index) {
            self.shown[index] = true;
            self.unwritten.push(index);
        }
    }

    /// Whether effect `index` is to be confirmed and has not shown yet.
    pub fn awaits(&self, index: usize) -> bool {
        !self.shown[index] && self.effects[index].effect.confirm
    }

    /// Takes the effects that have shown since the last time.
    pub fn take_manifested(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.unwritten)
    }

    /// Notes that effect `index` has taken `units` units away.
    pub fn take_away(&mut self, index: usize, units: u32) {
        self.away[index] = units;
    }

    /// Returns how many units effect `index` has taken away, and forgets them.
    pub fn give_back(&mut self, index: usize) -> u32 {
        std::mem::take(&mut self.away[index])
    }
}
