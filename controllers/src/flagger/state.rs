//! What a canary remembers between ticks, what a tick reads, and what it orders.

use serde::{Deserialize, Serialize};

use super::form::CanaryWebhook;
use super::metric::{Answer, Ask};
use super::policy::TOTAL;
use super::ready::Readiness;

/// `status.phase`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// The primary is not there yet.
    #[default]
    Initializing,
    /// Ready for a first release.
    Initialized,
    /// Waits for confirm-rollout.
    Waiting,
    /// Under analysis.
    Progressing,
    /// Waits for confirm-promotion; the canary serves what it served, and is checked.
    WaitingPromotion,
    /// The primary gets the new spec; traffic goes back to it.
    Promoting,
    /// Traffic is back; the canary is about to be scaled down.
    Finalising,
    /// The release is on the primary.
    Succeeded,
    /// The release was rolled back; only another revision changes that.
    Failed,
}

/// Where the router sends traffic, %. In an A/B test the weights hold for the matched users only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Routes {
    /// Share of the primary.
    pub primary: i64,
    /// Share of the canary.
    pub canary: i64,
    /// Requests go to the canary too; users get the answers of the primary.
    pub mirrored: bool,
}

impl Routes {
    /// All traffic on the primary.
    pub const PRIMARY: Self = Self {
        primary: TOTAL,
        canary: 0,
        mirrored: false,
    };
    /// All traffic on the canary.
    pub const CANARY: Self = Self {
        primary: 0,
        canary: TOTAL,
        mirrored: false,
    };
}

/// A pod spec with its tracked configuration; equal numbers are equal specs.
pub type Revision = u64;

/// A canary between two ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// `status.phase`.
    pub phase: Phase,
    /// Failed checks since the revision came; no success takes one back.
    pub failed_checks: i64,
    /// `status.canaryWeight`, which A/B and blue/green never set. What users get is in `routes`.
    pub weight: i64,
    /// `status.iterations`; -1 while a canary by weight waits for promotion.
    pub iterations: i64,
    /// What users get.
    pub routes: Routes,
    /// `status.lastAppliedSpec`.
    pub applied: Option<Revision>,
    /// `status.lastPromotedSpec`; going back to it starts nothing.
    pub promoted: Option<Revision>,
}

impl State {
    /// A canary that was just created.
    #[must_use]
    pub fn new() -> Self {
        Self {
            phase: Phase::Initializing,
            failed_checks: 0,
            weight: 0,
            iterations: 0,
            routes: Routes::PRIMARY,
            applied: None,
            promoted: None,
        }
    }

    /// A canary that serves `revision` and waits for the next.
    #[must_use]
    pub fn initialized(revision: Revision) -> Self {
        Self {
            phase: Phase::Initialized,
            applied: Some(revision),
            promoted: Some(revision),
            ..Self::new()
        }
    }

    /// Whether `revision` would start an analysis: it is neither the applied nor the promoted one.
    #[must_use]
    pub fn is_new(&self, revision: Revision) -> bool {
        match self.applied {
            None => true,
            Some(applied) => self.promoted != Some(revision) && applied != revision,
        }
    }
}

impl Default for State {
    fn default() -> Self {
        Self::new()
    }
}

/// What a tick finds in the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wake {
    /// The spec that the workload has now.
    pub revision: Revision,
    /// The deployment that serves users.
    pub primary: Readiness,
    /// The deployment with the new spec.
    pub canary: Readiness,
}

/// What a tick asks on its way, one after the other; a question that is not put costs nothing.
pub trait World {
    /// The answer to a query.
    fn metric(&mut self, ask: &Ask<'_>) -> Answer;

    /// Whether a webhook passes, with its retries; `index` is its place in `spec.analysis.webhooks` and `phase` what the
    /// payload says. See [`super::hook`]. For events and post-rollout the answer changes nothing or little.
    fn hook(&mut self, index: usize, hook: &CanaryWebhook, phase: Phase) -> bool;
}

/// One thing that a tick asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The metric at this place of `spec.analysis.metrics`.
    Metric(usize),
    /// The webhook at this place of `spec.analysis.webhooks`.
    Hook(usize),
}

/// One thing that a tick did to the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Send traffic so.
    Route(Routes),
    /// Scale the canary up from zero.
    ScaleUp,
    /// Scale the canary to zero.
    ScaleToZero,
    /// Copy the spec of the canary to the primary, which starts a rolling update there.
    Promote,
}

/// What the controller tells as an event of the object; each also goes to every webhook of type `event`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// `suspend` is set.
    Suspended,
    /// The metrics servers could be reached when the canary was created.
    ProvidersAvailable,
    /// The canary is ready for a first release.
    Initialized,
    /// The tick stops at the primary.
    PrimaryNotReady,
    /// The tick stops at the canary.
    CanaryNotReady,
    /// A revision was noticed; the canary is scaled up.
    NewRevision,
    /// Another revision came under way; the analysis starts again.
    RevisionChanged,
    /// A webhook passed.
    HookPassed(usize),
    /// A webhook failed where that is told.
    HookFailed(usize),
    /// The metric at this place failed the check.
    MetricFailed(usize),
    /// No traffic yet: pre-rollout webhooks.
    AnalysisStarts,
    /// A/B tests do not work with the provider `kubernetes`.
    NoAbTesting,
    /// Two events in one: no traffic shifting with the provider `kubernetes`, iterations set to 10.
    NoTrafficShift,
    /// The weight of the canary is now so much.
    Weight(i64),
    /// The weight of the primary is now so much.
    PrimaryWeight(i64),
    /// So many iterations are done.
    Iteration(i64),
    /// Blue/green switches.
    RoutingToCanary,
    /// All traffic goes back to the primary at once.
    RoutingToPrimary,
    /// The primary gets the new spec.
    CopyingSpec,
    /// A rollback webhook passed.
    RollbackAsked,
    /// So many failed checks reached the threshold.
    ThresholdReached(i64),
    /// The canary failed and is scaled down.
    ScalingDownFailed,
    /// The primary got stuck while it was updated.
    PromotionFailed,
    /// The release is done.
    PromotionCompleted,
}

/// A tick that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// The canary after the tick.
    pub state: State,
    /// Metrics and webhooks in the order in which they were asked, without those of type `event`.
    pub asked: Vec<Asked>,
    /// What was done to the cluster, in order.
    pub orders: Vec<Order>,
    /// What was told, in order.
    pub events: Vec<Event>,
}
