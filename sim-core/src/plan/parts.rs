//! What a plan is made of: who decides, gates and stages, by their indices.

use std::sync::Arc;

use controllers::argo::run::AnalysisRun;

use crate::decider::{ArgoDecider, ArgoRun, ArgoRunner, Decider, FlaggerDecider, GuardHandle};
use crate::policy::gate::CountTest;

/// Who decides, with all that is read of it once.
#[derive(Clone, Debug)]
pub(crate) enum Engine {
    Native,
    /// The Rollout, and for each of its runs the analysis before it has begun.
    Argo(Arc<ArgoDecider>, Arc<Vec<Option<AnalysisRun>>>),
    Flagger(Arc<FlaggerDecider>),
    Guard(GuardHandle),
}

impl Engine {
    pub(super) fn of(decider: &Decider) -> Self {
        match decider {
            Decider::Native => Self::Native,
            Decider::Guard(guard) => Self::Guard(guard.clone()),
            Decider::Flagger(decider) => Self::Flagger(Arc::clone(decider)),
            Decider::Argo(decider) => {
                let prototype = |run: &ArgoRun| match &run.runner {
                    ArgoRunner::Analysis { spec, .. } => Some(AnalysisRun::new(spec)),
                    ArgoRunner::Opaque { .. } => None,
                };
                let prototypes = decider.runs.iter().map(prototype).collect();
                Self::Argo(Arc::clone(decider), Arc::new(prototypes))
            }
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct GatePlan {
    pub signal: usize,
    pub class: Option<usize>,
    /// The first gate that judges as this one does, if both windows count nothing but breaches in a row;
    /// otherwise the gate itself.
    pub leader: usize,
    /// Where the value comes from, and what a relative limit refers to.
    pub reads: Source,
    pub refers_to: Option<Source>,
    /// The look-back inside the look-back that some windows have: a query of its own, and its length in
    /// intervals.
    pub inner: Option<(usize, u64)>,
    /// The test of a window that takes every request, as it is before it has taken any.
    pub test: Option<CountTest>,
    /// The gates whose breaches are joined with this one's, and whether each is to breach.
    pub joined: Vec<(usize, bool)>,
}

/// Where a reading comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The store answers the query of this number.
    Query(usize),
    /// What the canary showed when its first stage ended.
    Baseline,
}

#[derive(Clone, Debug)]
pub(crate) struct StagePlan {
    /// The places of the gates that are read in the stage, each once.
    pub watched: Vec<StageGate>,
    pub entry: Vec<usize>,
    pub hold: Vec<usize>,
    pub approval: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct StageGate {
    /// The place in the policy's list of gates.
    pub place: usize,
    pub criterion: bool,
    pub trigger: bool,
}
