//! How many pods are asked for, and when those of a release that is over go.

use super::CanaryRound;
use crate::argo::orders::{Order, Set};
use crate::argo::pause::is_over;

impl CanaryRound<'_> {
    /// Scales one set, if one is not where it is wanted. True if it did: the round goes no further.
    pub(super) fn pods(&mut self) -> bool {
        if !self.delays_on_abort() {
            self.state.new_deadline = None;
        }
        let wanted = self.policy.wanted(&self.at(), self.before.weight);
        let stable = self.policy.scale.counts(&self.sets(), &wanted).stable;
        if !self.before.promoted && self.ask(Set::Stable, stable) {
            return true;
        }
        let wanted = self.policy.wanted(&self.at(), self.state.weight);
        let count = self.policy.scale.counts(&self.sets(), &wanted).canary;
        match self.after_delay(count) {
            Some(count) if self.ask(Set::New, count) => true,
            _ => self.old_pods(),
        }
    }

    pub(super) fn ask(&mut self, set: Set, count: i32) -> bool {
        let asked = match set {
            Set::New => &mut self.state.asked.0,
            Set::Stable => &mut self.state.asked.1,
        };
        let changes = *asked != count;
        if changes {
            *asked = count;
            self.orders.push(Order::Scale(set, count));
        }
        changes
    }

    pub(super) fn delays_on_abort(&self) -> bool {
        let delay = self.policy.abort_delay;
        self.before.pauses.is_aborted(&self.changes)
            && self.policy.scale.routed
            && delay.delay.is_some()
            && (!self.policy.scale.dynamic_stable_scale || delay.given)
    }

    /// What the new set is scaled to; after an abort nothing happens until the delay is over, and the delay begins only
    /// when stable has all its pods.
    pub(super) fn after_delay(&mut self, count: i32) -> Option<i32> {
        let delay = self
            .policy
            .abort_delay
            .delay
            .filter(|_| self.delays_on_abort());
        let Some(delay) = delay else {
            return Some(count);
        };
        let full = self.seen.stable.available >= self.policy.scale.replicas;
        let begins = full || self.state.new_deadline.is_some();
        let delay = (self.now, delay);
        let over = begins && is_over(&mut self.state.new_deadline, delay, &mut self.next);
        over.then_some(0)
    }

    /// After a promotion the previous stable pods go: within the bounds without a router, at once if stable is scaled,
    /// else after their delay.
    pub(super) fn old_pods(&mut self) -> bool {
        let old = self.stable_pods();
        if !self.before.promoted || old.spec == 0 {
            return false;
        }
        let scale = &self.policy.scale;
        let least = scale.replicas - scale.fenceposts.unavailable;
        let may_go = self.seen.new.available + old.available - least;
        if may_go <= 0 {
            return false;
        }
        let count = match (scale.routed, scale.dynamic_stable_scale) {
            (false, _) => (old.spec - may_go).max(0),
            (true, true) => 0,
            (true, false) => {
                let delay = self.policy.scale_down_delay;
                let begins = delay != 0 || self.state.old_deadline.is_some();
                let delay = (self.now, delay);
                let over = begins && is_over(&mut self.state.old_deadline, delay, &mut self.next);
                if over { 0 } else { old.spec }
            }
        };
        self.ask(Set::Stable, count)
    }
}
