//! Experiments and analyses: when they start and stop, and what their end does.

use super::CanaryRound;
use crate::argo::assess::Phase;
use crate::argo::orders::{Order, PauseReason, RunId, RunKind};

impl CanaryRound<'_> {
    pub(super) fn start(&mut self, kind: RunKind) -> RunId {
        self.state.started += 1;
        self.orders.push(Order::Start(self.state.started, kind));
        self.state.started
    }

    pub(super) fn stop(&mut self, run: Option<RunId>) {
        if let Some(id) = run.filter(|id| !self.seen.run(*id).0.completed()) {
            self.orders.push(Order::Stop(id));
        }
    }

    /// What a finished run does to the rollout.
    pub(super) fn take(&mut self, run: RunId, pause: PauseReason, what: &str) {
        self.changes.take(self.seen.run(run), pause, what);
    }

    pub(super) fn experiments(&mut self) {
        let aborted = self.before.pauses.aborted.is_some();
        if aborted || self.before.promote_full {
            let run = self.state.experiment.take();
            return self.stop(run.map(|(id, _)| id));
        }
        let pauses = &self.before.pauses;
        if pauses.since(PauseReason::InconclusiveAnalysis).is_some() {
            return;
        }
        let index = self.before.step;
        let kind = match self.policy.step(index) {
            Some(step) if step.experiment.is_some() => RunKind::Experiment(index),
            Some(step) if step.plugin.is_some() => RunKind::Plugin(index),
            _ => {
                let run = self.state.experiment.take();
                return self.stop(run.map(|(id, _)| id));
            }
        };
        match self.state.experiment.filter(|(_, step)| *step == index) {
            None => self.state.experiment = Some((self.start(kind), index)),
            Some((id, _)) => {
                let words = "Experiment analysis phase is error/failed";
                self.take(id, PauseReason::InconclusiveExperiment, words);
            }
        }
    }

    pub(super) fn analyses(&mut self) {
        let aborted = self.before.pauses.is_aborted(&self.changes);
        if self.before.promoted || aborted || self.before.promote_full {
            let (step, background) = (self.state.step_run.take(), self.state.background.take());
            self.stop(step.map(|(id, _)| id));
            return self.stop(background);
        }
        self.step_analysis();
        self.background_analysis();
    }

    pub(super) fn step_analysis(&mut self) {
        if !self.before.pauses.conditions.is_empty() {
            return;
        }
        let index = self.before.step;
        let asked = self
            .policy
            .step(index)
            .and_then(|s| s.analysis.as_ref())
            .is_some_and(|a| !a.templates.is_empty());
        let current = self.state.step_run;
        if !asked || current.is_some_and(|(_, step)| step != index) {
            self.state.step_run = None;
            return self.stop(current.map(|(id, _)| id));
        }
        match current.filter(|(id, _)| !self.needs_new(*id)) {
            None => self.state.step_run = Some((self.start(RunKind::Step(index)), index)),
            Some((id, _)) => {
                self.take(
                    id,
                    PauseReason::InconclusiveAnalysis,
                    "Step-based analysis phase error/failed",
                );
            }
        }
    }

    pub(super) fn needs_new(&self, run: RunId) -> bool {
        self.before
            .pauses
            .needs_new_run(self.seen.run(run).0 == Phase::Inconclusive)
    }

    pub(super) fn background_analysis(&mut self) {
        let Some(starting) = self.policy.background else {
            return;
        };
        let (index, steps) = (self.before.step, self.policy.steps.len());
        if index < starting && index < steps {
            let run = self.state.background.take();
            return self.stop(run);
        }
        if self
            .before
            .pauses
            .since(PauseReason::InconclusiveAnalysis)
            .is_some()
        {
            return;
        }
        match self.state.background.filter(|id| !self.needs_new(*id)) {
            None => self.state.background = Some(self.start(RunKind::Background)),
            Some(id) => self.take(
                id,
                PauseReason::InconclusiveAnalysis,
                "Background analysis phase error/failed",
            ),
        }
    }
}
