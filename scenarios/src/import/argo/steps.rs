//! How long the steps of a canary take, and what judges it on the way.

use controllers::argo::form::{CanaryStep, CanaryStrategy, Pause};

/// What the steps of a canary are, for whoever asks what judges them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Course {
    /// Seconds of its timed pauses from the first step asked for on.
    pub timed: i64,
    /// A step waits for a person.
    pub waits: bool,
    /// A step is an analysis, an experiment or a plugin.
    pub judges: bool,
}

impl Course {
    /// The course of a canary from step `from` on.
    pub(super) fn of(canary: &CanaryStrategy, from: usize) -> Self {
        let steps = || canary.steps.iter().skip(from);
        let pauses = || steps().filter_map(|step| step.pause.as_ref());
        Self {
            timed: pauses()
                .filter_map(Pause::seconds)
                .fold(0, i64::saturating_add),
            waits: pauses().any(|pause| pause.duration.is_none()),
            judges: steps().any(judges),
        }
    }
}

fn judges(step: &CanaryStep) -> bool {
    let analysed = step
        .analysis
        .as_ref()
        .is_some_and(|it| !it.templates.is_empty());
    analysed || step.experiment.is_some() || step.plugin.is_some()
}
