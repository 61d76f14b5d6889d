//! What a Rollout's controller sees when it is woken, and what it orders.

use super::assess::Phase;
use super::counts::Pods;

/// An analysis run or an experiment that the controller started; unique within a rollout.
pub type RunId = u32;

/// What a run is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunKind {
    /// The analysis of a canary in the background.
    Background,
    /// The analysis of this step.
    Step(usize),
    /// The experiment of this step.
    Experiment(usize),
    /// The step of a plugin.
    Plugin(usize),
    /// Before a promotion.
    PrePromotion,
    /// After a promotion.
    PostPromotion,
}

/// Why a rollout waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PauseReason {
    /// A pause step.
    CanaryPauseStep,
    /// The preview waits for its promotion.
    BlueGreenPause,
    /// An analysis came to no result.
    InconclusiveAnalysis,
    /// An experiment came to no result.
    InconclusiveExperiment,
}

/// A set of pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Set {
    /// The new revision: canary or preview.
    New,
    /// The revision that was stable when the rollout began.
    Stable,
}

/// One order. They are carried out in their order.
#[derive(Debug, Clone, PartialEq)]
pub enum Order {
    /// The router sends this share to the new revision; of `maxTrafficWeight`.
    SetWeight(i32),
    /// A set is to have so many pods.
    Scale(Set, i32),
    /// An analysis, an experiment or a plugin starts.
    Start(RunId, RunKind),
    /// It is told to stop: what it has not failed is successful.
    Stop(RunId),
    /// A route by header of this step is set.
    SetHeaderRoute(usize),
    /// Traffic is mirrored to the new revision by the route of this step.
    SetMirrorRoute(usize),
    /// Routes by header and mirrors are taken away.
    RemoveRoutes,
    /// The preview service shows the new revision.
    SwitchPreview,
    /// The active service shows this set.
    SwitchActive(Set),
    /// It waits.
    Pause(PauseReason),
    /// It goes on.
    Resume,
    /// A step is complete; the next one has this index.
    Step(usize),
    /// It is aborted, for this reason.
    Abort(String),
    /// No progress within the deadline: reported as degraded, nothing else.
    Degraded,
    /// The new revision is the stable one.
    Promote,
}

/// What is seen at a wake-up.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Seen {
    /// Pods of the new revision that are created and available. What is asked for the machine knows itself.
    pub new: Available,
    /// The same of the stable revision.
    pub stable: Available,
    /// Phase and message of each run that was started.
    pub runs: Vec<(RunId, Phase, String)>,
    /// The router confirmed the weight; none if it does not tell.
    pub weight_verified: Option<bool>,
}

/// Pods that are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Available {
    /// Created, ready or not.
    pub created: i32,
    /// Ready for `minReadySeconds`.
    pub available: i32,
}

impl Available {
    /// With what is asked for.
    pub fn with(self, spec: i32) -> Pods {
        Pods {
            spec,
            created: self.created,
            available: self.available,
        }
    }
}

impl Seen {
    /// Phase and message of a run; pending while it is not seen.
    pub fn run(&self, id: RunId) -> (Phase, &str) {
        let found = self.runs.iter().find(|(known, ..)| *known == id);
        found.map_or((Phase::Pending, ""), |(_, phase, message)| {
            (*phase, message)
        })
    }
}

/// What a wake-up came to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Orders {
    /// Orders in turn.
    pub orders: Vec<Order>,
    /// When it wants to be woken next, in milliseconds; besides, it is woken whenever pods or runs change.
    pub next: Option<i64>,
    /// What it stored changed, so that it is woken again at once.
    pub again: bool,
}

/// The whole second of an instant in milliseconds, as what is stored in the cluster has it.
pub(super) fn whole_second(at: i64) -> i64 {
    at.div_euclid(1000) * 1000
}
