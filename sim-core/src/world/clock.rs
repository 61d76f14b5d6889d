//! The clock: time passes, and what it does to everything that is counted along the way.

use super::interval::Piece;
use super::{Happening, Then, World};
use crate::effect::{Anchor, Change, Standing, State};
use crate::engine::SimTime;
use crate::history::Event;
use crate::traffic;

impl World<'_> {
    /// Lets time pass up to `now`: scrape intervals that have ended are noted before anything changes.
    pub fn pass_until(&mut self, now: SimTime) {
        assert!(now >= self.now, "time does not go backwards");
        let mut at = self.now;
        loop {
            let scrape = self.conditions.scrape(self.conditions.passed() + 1);
            let load = self.pass_piece(at, scrape.min(now));
            if scrape > now {
                break;
            }
            self.conditions.close(load);
            self.watch_effects();
            at = scrape;
        }
        self.now = now;
    }

    /// Adds a piece of time to the interval that is under way; returns the load in it.
    fn pass_piece(&mut self, from: SimTime, to: SimTime) -> f64 {
        if from >= to {
            return 0.0;
        }
        let area = self.spread.area(from, to);
        let begins_exposed = self.spread.units_at(from) > 0;
        let load = self.conditions.load(from, to);
        let piece = Piece {
            from,
            to,
            area,
            begins_exposed,
            first_change: if area > 0 && !begins_exposed {
                self.spread.next_change(from)
            } else {
                None
            },
            load,
        };
        self.harm.exposed_requests += self.conditions.pass(&piece);
        load
    }

    /// Plans the effects whose anchor comes at `at`, now or soon.
    pub fn anchor_comes(&mut self, anchor: Anchor, at: SimTime) {
        let wait = at.saturating_since(self.now);
        for (index, plan) in self.plan.effects.iter().enumerate() {
            let course = &plan.effect.course;
            if course.from == anchor && !plan.inert {
                let effect = index as u16;
                let delay = self.conditions.drawn_delay(&plan.effect);
                self.await_hosts(&plan.effect.change);
                self.plan_in(
                    wait.saturating_add(course.after).saturating_add(delay),
                    Then::Fault,
                    Happening::EffectBegins { effect },
                );
            }
        }
    }

    /// Notes that `anchor` comes at `at`, and plans what waits for it if it is the first time.
    pub fn anchor_first(&mut self, anchor: Anchor, at: SimTime) {
        if !self.plan.effects.is_empty() && self.conditions.note_anchor(anchor, at) {
            self.anchor_comes(anchor, at);
        }
    }

    /// Notes that the rollout is in a state, and plans what waits for it in this stage or in any.
    pub fn stands(&mut self, is: State) {
        for stage in [None, Some(self.state.stage as u16)] {
            let anchor = Anchor::State(Standing { is, stage });
            let mut effects = self.plan.effects.iter();
            if effects.any(|plan| plan.effect.course.from == anchor) {
                self.anchor_first(anchor, self.now);
            }
        }
    }

    fn load_now(&self) -> f64 {
        traffic::load_at(&self.plan.experiment.traffic, self.now)
    }

    fn share_now(&self) -> f64 {
        f64::from(self.spread.units_at(self.now)) / f64::from(self.plan.units)
    }

    pub(super) fn effect_begins(&mut self, effect: u16) {
        self.record(Event::EffectBegan { effect });
        let index = usize::from(effect);
        let plan = self.plan;
        let around = (self.load_now(), self.share_now());
        if !self.conditions.may_happen(index, self.now, around) {
            self.never_comes(index);
            return;
        }
        match &plan.effects[index].effect.change {
            Change::HostsLost { .. } => self.lose_hosts(index),
            Change::StrayUpdates { .. } => self.stray(index),
            Change::ControllerDown { .. } => self.stop_controller(index),
            Change::Promote => self.promote(index),
            _ => {}
        }
    }
}
