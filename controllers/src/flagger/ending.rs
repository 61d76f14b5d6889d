//! How the analysis of a revision ends: promoted, rolled back, or stuck with the canary in charge.
//!
//! Source: `pkg/controller/scheduler.go` of fluxcd/flagger v1.44.0.

use super::form::HookType;
use super::run::Run;
use super::state::{Event, Order, Phase, Routes};

impl Run<'_> {
    pub(super) fn succeed(&mut self) {
        self.order(Order::ScaleToZero);
        self.set_phase(Phase::Succeeded);
        self.tick.state.promoted = self.was.applied;
        self.after(Phase::Succeeded);
        self.tell(Event::PromotionCompleted);
    }

    /// All traffic to the primary and the canary to zero, in a single tick.
    pub(super) fn roll_back(&mut self) {
        if self.was.failed_checks >= self.policy.threshold() {
            self.tell(Event::ThresholdReached(self.was.failed_checks));
        }
        self.route(Routes::PRIMARY);
        self.tell(Event::ScalingDownFailed);
        self.order(Order::ScaleToZero);
        self.sync(Phase::Failed, 0);
        self.after(Phase::Failed);
    }

    /// A primary that gets stuck while it is being updated: the canary, which passed, takes everything and stays.
    pub(super) fn fail_forward(&mut self) {
        self.tell(Event::PromotionFailed);
        self.route(Routes::CANARY);
        self.sync(Phase::Failed, Routes::CANARY.canary);
        self.after(Phase::Failed);
    }

    /// Calls post-rollout webhooks until one fails.
    fn after(&mut self, phase: Phase) {
        for index in self.hooks(HookType::PostRollout) {
            if !self.call(index, phase) {
                self.tell(Event::HookFailed(index));
                return;
            }
            self.tell(Event::HookPassed(index));
        }
    }
}
