//! How many pods are asked for, and when those of a release that is over go.

use super::BlueGreenRound;
use crate::argo::orders::{Order, PauseReason, Set};
use crate::argo::pause::is_over;

impl BlueGreenRound<'_> {
    pub(super) fn ask(&mut self, set: Set, count: i32) {
        let asked = match set {
            Set::New => &mut self.state.asked.0,
            Set::Stable => &mut self.state.asked.1,
        };
        if *asked != count {
            *asked = count;
            self.orders.push(Order::Scale(set, count));
        }
    }

    /// The pods of the new set: those of the preview until it is promoted or past its checkpoint.
    pub(super) fn new_count(&self) -> i32 {
        let full = self.policy.replicas;
        let Some(preview) = self.policy.preview else {
            return full;
        };
        let waits = self.policy.paused || !self.before.pauses.conditions.is_empty();
        let past = self.before.active == Set::New
            || self.before.promote_full
            || self.before.checkpoint && !waits;
        if past { full } else { preview }
    }

    pub(super) fn pods(&mut self) {
        if !self.delays_on_abort() {
            self.state.new_deadline = None;
        }
        if !self.before.promoted {
            self.ask(Set::Stable, self.policy.replicas);
        }
        if let Some(count) = self.after_delay(self.new_count()) {
            self.ask(Set::New, count);
        }
        self.old_pods();
    }

    pub(super) fn delays_on_abort(&self) -> bool {
        self.before.pauses.is_aborted(&self.changes) && self.policy.abort_delay.delay.is_some()
    }

    /// After an abort the preview stays until its delay is over, which begins only when stable has all its pods.
    pub(super) fn after_delay(&mut self, count: i32) -> Option<i32> {
        let delay = self
            .policy
            .abort_delay
            .delay
            .filter(|_| self.delays_on_abort());
        let Some(delay) = delay else {
            return Some(count);
        };
        let full = self.seen.stable.available >= self.policy.replicas;
        let begins = full || self.state.new_deadline.is_some();
        let delay = (self.now, delay);
        let over = begins && is_over(&mut self.state.new_deadline, delay, &mut self.next);
        over.then_some(0)
    }

    pub(super) fn old_pods(&mut self) {
        let inconclusive = self
            .before
            .pauses
            .since(PauseReason::InconclusiveAnalysis)
            .is_some();
        if !self.before.promoted || self.state.asked.1 == 0 || inconclusive {
            return;
        }
        let delay = self.policy.scale_down_delay;
        let begins = delay > 0 || self.state.old_deadline.is_some();
        let delay = (self.now, delay);
        if begins && is_over(&mut self.state.old_deadline, delay, &mut self.next) {
            self.ask(Set::Stable, 0);
        }
    }
}
