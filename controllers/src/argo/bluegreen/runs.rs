//! The analyses before and after a promotion.

use super::BlueGreenRound;
use crate::argo::assess::Phase;
use crate::argo::orders::{Order, PauseReason, RunId, RunKind, Set};

impl BlueGreenRound<'_> {
    pub(super) fn analyses(&mut self) {
        let aborted = self.before.pauses.is_aborted(&self.changes);
        if self.before.promoted || aborted || self.before.promote_full {
            for run in [self.state.pre, self.state.post] {
                self.stop(run);
            }
            return;
        }
        self.pre_promotion();
        self.post_promotion();
    }

    pub(super) fn stop(&mut self, run: Option<RunId>) {
        if let Some(id) = run.filter(|id| !self.seen.run(*id).0.completed()) {
            self.orders.push(Order::Stop(id));
        }
    }

    pub(super) fn pre_promotion(&mut self) {
        if !self.policy.pre_promotion {
            return;
        }
        let ready = self.complete(self.policy.preview.unwrap_or(self.policy.replicas));
        if self.before.active == Set::New || self.state.pre.is_none() && !ready {
            return self.stop(self.state.pre);
        }
        self.state.pre = self.current(self.state.pre, RunKind::PrePromotion);
        self.take(
            self.state.pre,
            "Blue/green pre-promotion analysis phase error/failed",
        );
    }

    pub(super) fn post_promotion(&mut self) {
        if !self.policy.post_promotion {
            return;
        }
        let ready = self.complete(self.policy.replicas);
        if self.before.active != Set::New || self.state.post.is_none() && !ready {
            return self.stop(self.state.post);
        }
        self.state.post = self.current(self.state.post, RunKind::PostPromotion);
        self.take(
            self.state.post,
            "Blue/green post-promotion analysis phase error/failed",
        );
    }

    /// The run that there is, or a new one if one is needed.
    pub(super) fn current(&mut self, run: Option<RunId>, kind: RunKind) -> Option<RunId> {
        if self
            .before
            .pauses
            .since(PauseReason::InconclusiveAnalysis)
            .is_some()
        {
            return run;
        }
        let needs = |id: RunId| {
            self.before
                .pauses
                .needs_new_run(self.seen.run(id).0 == Phase::Inconclusive)
        };
        if run.is_some_and(|id| !needs(id)) {
            return run;
        }
        self.state.started += 1;
        self.orders.push(Order::Start(self.state.started, kind));
        Some(self.state.started)
    }

    pub(super) fn take(&mut self, run: Option<RunId>, what: &str) {
        if let Some(id) = run {
            let pause = PauseReason::InconclusiveAnalysis;
            self.changes.take(self.seen.run(id), pause, what);
        }
    }

    pub(super) fn pre_promotion_passed(&self) -> bool {
        !self.policy.pre_promotion
            || self
                .state
                .pre
                .is_some_and(|id| self.seen.run(id).0 == Phase::Successful)
    }
}
