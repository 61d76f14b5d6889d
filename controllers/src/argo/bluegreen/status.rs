//! What a round leaves behind: the checkpoint, the promotion, the deadline of progress.

use super::BlueGreenRound;
use crate::argo::assess::Phase;
use crate::argo::orders::{Order, PauseReason, Set};

impl BlueGreenRound<'_> {
    pub(super) fn status(&mut self) {
        if self.before.promote_full {
            (self.changes.clear, self.changes.remove_abort) = (true, true);
        }
        if self.promotes() {
            (self.changes.clear, self.changes.remove_abort) = (true, true);
            (
                self.state.promoted,
                self.state.promote_full,
                self.state.checkpoint,
            ) = (true, false, false);
            self.orders.push(Order::Promote);
        } else {
            self.state.checkpoint = self.past_checkpoint();
        }
        self.progress();
        self.state
            .pauses
            .store(&self.changes, self.now, &mut self.orders);
        let waits = self.state.pauses.since(PauseReason::BlueGreenPause);
        let after = self.policy.auto_promotion_after;
        self.next.extend(
            waits
                .filter(|_| self.policy.auto_promotion && after > 0)
                .map(|since| since + after + 1),
        );
    }

    fn promotes(&self) -> bool {
        if self.before.promoted || self.state.active != Set::New {
            return false;
        }
        if self.before.promote_full {
            return true;
        }
        let passed = || {
            self.state
                .post
                .is_some_and(|id| self.seen.run(id).0 == Phase::Successful)
        };
        !self.before.pauses.is_aborted(&self.changes) && (!self.policy.post_promotion || passed())
    }

    fn past_checkpoint(&self) -> bool {
        let Some(preview) = self.policy.preview else {
            return false;
        };
        self.before.checkpoint
            || self.pre_promotion_passed()
                && self.pause_over()
                && self.seen.new.available == preview
    }

    fn progress(&mut self) {
        if self.state.promoted || self.before.pauses.is_aborted(&self.changes) {
            return;
        }
        let paused = self.policy.paused || !self.before.pauses.conditions.is_empty();
        let (deadline, at) = (
            self.policy.progress_deadline,
            (usize::from(self.state.active == Set::New), paused),
        );
        if self
            .state
            .progress
            .late(self.now, deadline, self.seen, at, paused)
        {
            if self.policy.progress_abort {
                self.changes.abort = Some("has timed out progressing".into());
            }
            if self.state.progress.report() {
                self.orders.push(Order::Degraded);
            }
        } else if !paused && !self.state.progress.is_degraded() {
            self.next.push(self.state.progress.deadline(deadline));
        }
    }
}
