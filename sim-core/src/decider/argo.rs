//! What Argo Rollouts must know to decide.

use std::sync::Arc;

use controllers::argo::bluegreen::policy::BlueGreenPolicy;
use controllers::argo::canary::policy::CanaryPolicy;
use controllers::argo::orders::RunKind;
use controllers::argo::run::AnalysisSpec;

use super::probe::Probe;
use crate::engine::SimDuration;

/// A Rollout as its controller takes it.
#[derive(Clone, Debug, PartialEq)]
pub struct ArgoDecider {
    /// What it is to do.
    pub strategy: ArgoStrategy,
    /// What runs beside it.
    pub runs: Vec<ArgoRun>,
    /// For each step the stage of the policy that it belongs to; one more for what follows the last step.
    pub stages: Vec<u16>,
    /// How long a pod is ready before it counts as available.
    pub min_ready: SimDuration,
    /// The class of gates that abort, by its place in the policy.
    pub abort: u16,
    /// The class of gates that pause, by its place in the policy.
    pub pause: u16,
}

/// The strategy of a Rollout.
#[derive(Clone, Debug, PartialEq)]
pub enum ArgoStrategy {
    /// In steps.
    Canary(Arc<CanaryPolicy>),
    /// At once, with a preview.
    BlueGreen(BlueGreenPolicy),
}

/// What the controller starts at some point.
#[derive(Clone, Debug, PartialEq)]
pub struct ArgoRun {
    /// What it is for.
    pub kind: RunKind,
    /// What it is.
    pub runner: ArgoRunner,
}

/// What runs.
#[derive(Clone, Debug, PartialEq)]
pub enum ArgoRunner {
    /// An analysis, and how each of its metrics is answered.
    Analysis {
        /// The analysis.
        spec: AnalysisSpec,
        /// One for each metric.
        probes: Vec<Probe>,
    },
    /// An experiment or a plugin: only how often it succeeds and how long it takes is known.
    Opaque {
        /// The gate of the policy that stands for it.
        gate: usize,
        /// The probability that it succeeds, 0 to 1.
        passes: f64,
        /// How long it takes.
        takes: SimDuration,
    },
}
