//! The clock: time passes, and what it does to everything that is counted along the way.

use super::{EventPriority, Plant, ScheduledEvent};
use crate::effect::{Anchor, Standing, State};
use crate::engine::SimTime;
use crate::environment::Piece;
use crate::traffic;

impl Plant<'_> {
    /// Lets time pass up to `now`: scrape intervals that have ended are noted before anything changes.
    pub fn advance_to(&mut self, now: SimTime) {
        assert!(now >= self.now(), "time does not go backwards");
        let mut at = self.now();
        loop {
            let scrape = self
                .conditions
                .environment
                .scrape(self.conditions.environment.passed() + 1);
            let load = self.pass_piece(at, scrape.min(now));
            if scrape > now {
                break;
            }
            let updates = self.deployment.take_tries(scrape);
            self.conditions.environment.close(load, updates);
            self.mark_user_visible();
            at = scrape;
        }
        self.agenda.advance_to(now);
    }

    /// Adds a piece of time to the interval that is under way; returns the load in it.
    fn pass_piece(&mut self, from: SimTime, to: SimTime) -> f64 {
        if from >= to {
            return 0.0;
        }
        let area = self.deployment.versions.area(from, to);
        let begins_exposed = self.deployment.versions.units_at(from) > 0;
        let load = self.conditions.load(from, to);
        let piece = Piece {
            from,
            to,
            area,
            begins_exposed,
            first_change: if area > 0 && !begins_exposed {
                self.deployment.versions.next_change(from)
            } else {
                None
            },
            load,
        };
        self.recorder.harm.exposed_requests += self.conditions.environment.pass(&piece);
        load
    }

    /// Whether what effect `index` does at one instant may happen now.
    pub fn may_happen(&self, index: usize) -> bool {
        let experiment = &self.plan.experiment;
        let load = traffic::load_at(&experiment.traffic, experiment.starts(), self.now());
        let share = f64::from(self.serving()) / f64::from(self.plan.units);
        let faults = &self.conditions.faults;
        faults.may_happen(index, self.now(), (load, share))
    }

    /// Plans the effects whose anchor comes at `at`, now or soon.
    pub fn anchor_comes(&mut self, anchor: Anchor, at: SimTime) {
        let wait = at.saturating_since(self.now());
        for (index, plan) in self.plan.effects.iter().enumerate() {
            let course = &plan.effect.course;
            if course.from == anchor && !plan.inert {
                let effect = index as u16;
                let delay = self.conditions.faults.drawn_delay(&plan.effect);
                self.await_move(&plan.effect.change);
                self.schedule(
                    wait.saturating_add(course.after).saturating_add(delay),
                    EventPriority::Fault,
                    ScheduledEvent::EffectBegins { effect },
                );
            }
        }
    }

    /// Notes that `anchor` comes at `at`, and plans what waits for it if it is the first time.
    pub fn anchor_first(&mut self, anchor: Anchor, at: SimTime) {
        if !self.plan.effects.is_empty() && self.conditions.faults.note_anchor(anchor, at) {
            self.anchor_comes(anchor, at);
        }
    }

    /// Notes that the rollout is in a state while it is in `stage`, and plans what waits for it in this stage
    /// or in any.
    pub fn enters(&mut self, is: State, stage: usize) {
        for stage in [None, Some(stage as u16)] {
            let anchor = Anchor::State(Standing { is, stage });
            let mut effects = self.plan.effects.iter();
            if effects.any(|plan| plan.effect.course.from == anchor) {
                self.anchor_first(anchor, self.now());
            }
        }
    }
}
