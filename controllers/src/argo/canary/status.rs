//! What a round stores at its end: the pause, the step, the promotion, the abort.

use super::CanaryRound;
use crate::argo::assess::Phase;
use crate::argo::form::Pause;
use crate::argo::orders::{Order, PauseReason, RunId};

impl CanaryRound<'_> {
    pub(super) fn pause(&mut self) {
        let Some(pause) = self
            .policy
            .step(self.before.step)
            .and_then(|s| s.pause.as_ref())
        else {
            return;
        };
        let aborted = self.before.pauses.is_aborted(&self.changes);
        if self.policy.paused || self.before.promote_full || self.before.promoted || aborted {
            return;
        }
        match self.before.pauses.since(PauseReason::CanaryPauseStep) {
            None if !self.before.pauses.controller => {
                self.changes.add.push(PauseReason::CanaryPauseStep);
            }
            None => {}
            Some(since) => self
                .next
                .extend(pause.seconds().map(|seconds| since + seconds * 1000 + 1)),
        }
    }

    pub(super) fn status(&mut self) {
        if self.before.promote_full {
            (self.changes.clear, self.changes.remove_abort) = (true, true);
        }
        let aborted = self.before.pauses.is_aborted(&self.changes);
        self.state.step = self.next_step(aborted);
        self.progress(aborted);
        self.state
            .pauses
            .store(&self.changes, self.now, &mut self.orders);
        let since = self.state.pauses.since(PauseReason::CanaryPauseStep);
        let seconds = self
            .policy
            .step(self.state.step)
            .and_then(|s| s.pause.as_ref())
            .and_then(Pause::seconds);
        self.next.extend(
            since
                .zip(seconds)
                .map(|(since, seconds)| since + seconds * 1000 + 1),
        );
    }

    /// Promotes, goes back to the first step or on to the next one, as it is due; and returns where it stands then.
    fn next_step(&mut self, aborted: bool) -> usize {
        let steps = self.policy.steps.len();
        let index = if self.before.promote_full {
            steps
        } else {
            self.before.step
        };
        if self.promotes(aborted) {
            (self.changes.clear, self.changes.remove_abort) = (true, true);
            (self.state.promoted, self.state.promote_full) = (true, false);
            self.orders.push(Order::Promote);
            return steps;
        }
        if aborted {
            return 0;
        }
        if self.policy.paused || index != self.before.step || !self.step_over() {
            return index;
        }
        self.changes.remove.push(PauseReason::CanaryPauseStep);
        self.orders.push(Order::Step(index + 1));
        index + 1
    }

    pub(super) fn promotes(&self, aborted: bool) -> bool {
        let scale = &self.policy.scale;
        let complete = self.seen.new.available >= scale.replicas
            || scale.threshold.is_some() && scale.far_enough(Some(self.new_pods()), scale.replicas);
        !self.before.promoted
            && !aborted
            && complete
            && (self.before.promote_full || self.before.step >= self.policy.steps.len())
    }

    pub(super) fn step_over(&self) -> bool {
        let Some(step) = self.policy.step(self.before.step) else {
            return false;
        };
        let succeeded = |run: Option<(RunId, usize)>| {
            run.is_some_and(|(id, at)| {
                at == self.before.step && self.seen.run(id).0 == Phase::Successful
            })
        };
        if let Some(pause) = &step.pause {
            return self.before.pauses.step_over(pause.seconds(), self.now);
        }
        if step.set_canary_scale.is_some() {
            return self.at_desired(self.state.weight);
        }
        if step.set_weight.is_some() {
            return self.at_desired(self.state.weight) && self.seen.weight_verified != Some(false);
        }
        if step.experiment.is_some() || step.plugin.is_some() {
            return succeeded(self.state.experiment);
        }
        if step.analysis.is_some() {
            return succeeded(self.state.step_run);
        }
        step.set_header_route.is_some() || step.set_mirror_route.is_some()
    }

    pub(super) fn progress(&mut self, aborted: bool) {
        if self.state.promoted || aborted {
            return;
        }
        let step = self.policy.step(self.before.step);
        let indefinite = step
            .is_some_and(|s| s.pause.is_some() || s.analysis.is_some() || s.experiment.is_some());
        let paused = self.policy.paused || !self.before.pauses.conditions.is_empty();
        let deadline = self.policy.progress_deadline;
        let at = (self.state.step, paused);
        if self
            .state
            .progress
            .late(self.now, deadline, self.seen, at, indefinite || paused)
        {
            if self.policy.progress_abort {
                self.changes.abort = Some("has timed out progressing".into());
                self.state.step = 0;
            }
            if self.state.progress.report() {
                self.orders.push(Order::Degraded);
            }
        } else if !indefinite && !paused && !self.state.progress.is_degraded() {
            self.next.push(self.state.progress.deadline(deadline));
        }
    }
}
