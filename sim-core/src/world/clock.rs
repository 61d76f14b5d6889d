//! The clock: time passes, and what it does to everything that is counted along the way.

use super::{Happening, Then, World};
use crate::effect::{Anchor, Change, Standing, State};
use crate::engine::SimTime;
use crate::history::Event;
use crate::policy::gate::Population;
use crate::telemetry::{SignalKind, level, normal_level};

impl World<'_> {
    /// Lets time pass up to `now`: scrape intervals that have ended are noted before anything changes.
    pub fn pass_until(&mut self, now: SimTime) {
        assert!(now >= self.now, "time does not go backwards");
        loop {
            let scrape = self.conditions.scrape(self.conditions.passed() + 1);
            if scrape > now {
                break;
            }
            let begin = self.conditions.scrape(self.conditions.passed());
            self.conditions
                .pass([begin, scrape].map(|at| self.spread.units_at(at)));
            self.count_harm();
            self.watch_effects();
        }
        self.now = now;
    }

    /// Adds the newest interval to the harm.
    fn count_harm(&mut self) {
        let k = self.conditions.passed();
        let interval = self.conditions.interval(k);
        if interval.share <= 0.0 {
            return;
        }
        let seconds = self.plan.interval.as_secs_f64();
        self.harm.exposed_requests += interval.load * seconds * interval.share;
        if self.plan.effects.is_empty() {
            return;
        }
        let worse: f64 = (0..self.plan.signals.len())
            .map(|signal| self.worse(signal, k))
            .sum();
        self.harm.exposed_error_minutes += worse.min(1.0) * interval.share * seconds / 60.0;
    }

    /// Returns by how much more a request to the new version fails than normally.
    fn worse(&mut self, signal: usize, k: u64) -> f64 {
        let declared = &self.plan.experiment.telemetry.signals[signal];
        let ratio = matches!(
            declared.kind,
            SignalKind::Ratio { .. } | SignalKind::RatioOfRuns { .. }
        );
        if !declared.harms_users || !ratio || self.plan.signals[signal].effects.is_empty() {
            return 0.0;
        }
        let base = normal_level(&declared.kind);
        let place = (signal, Population::Canary, k);
        let host = self.conditions.host_factor(Population::Canary, k);
        let level = level(self.plan, &mut self.conditions, place, base, 1.0);
        (level.mean.min(1.0) - base * host).max(0.0)
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

    pub(super) fn effect_begins(&mut self, effect: u16) {
        self.record(Event::EffectBegan { effect });
        let index = usize::from(effect);
        let plan = self.plan;
        match &plan.effects[index].effect.change {
            Change::HostsLost { .. } => self.lose_hosts(index),
            Change::StrayUpdates { .. } => self.stray(index),
            Change::ControllerDown { .. } => self.stop_controller(index),
            Change::Promote => self.promote(index),
            _ => {}
        }
    }
}
