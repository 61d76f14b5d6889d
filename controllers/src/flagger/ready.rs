//! Whether a deployment is ready, not yet, or stuck beyond its deadline.
//!
//! Source: fluxcd/flagger v1.44.0, `pkg/canary/deployment_ready.go`.

/// What Flagger makes of a deployment on a tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Readiness {
    /// Every pod that counts is available.
    #[default]
    Ready,
    /// The tick ends without a check and without a failed check.
    Waiting,
    /// Not ready for longer than the deadline: a single tick rolls back.
    Stuck,
}

/// The status of a deployment as a tick finds it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deployment {
    /// `spec.replicas`.
    pub replicas: i32,
    /// `status.replicas`: pods of all revisions.
    pub all: i32,
    /// `status.updatedReplicas`.
    pub updated: i32,
    /// `status.availableReplicas`.
    pub available: i32,
    /// Whether the deployment controller has seen the newest spec.
    pub observed: bool,
    /// Whether Kubernetes itself says `ProgressDeadlineExceeded`.
    pub deadline_exceeded: bool,
    /// Seconds since the condition `Available` was last updated to `MinimumReplicasUnavailable`, if it says that.
    pub unavailable_for: Option<f64>,
}

impl Deployment {
    /// Readiness with Flagger's own deadline (seconds) and the share of updated pods that must be available (%).
    #[must_use]
    pub fn readiness(&self, deadline: i64, ready_threshold: i64) -> Readiness {
        if !self.observed {
            return Readiness::Waiting;
        }
        if self.deadline_exceeded {
            return Readiness::Stuck;
        }
        let unready = self.updated < self.replicas
            || self.all > self.updated
            || self.available < needed(self.updated, ready_threshold);
        #[expect(
            clippy::cast_precision_loss,
            reason = "a deadline is far below 2^53 seconds"
        )]
        let late = self
            .unavailable_for
            .is_some_and(|seconds| seconds > deadline as f64);
        match (unready, late) {
            (false, _) => Readiness::Ready,
            (true, false) => Readiness::Waiting,
            (true, true) => Readiness::Stuck,
        }
    }
}

/// Pods that must be available: the share in single precision, the rest cut off.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "single precision is the rule"
)]
fn needed(updated: i32, threshold: i64) -> i32 {
    let ratio = threshold as f32 / 100.0;
    (updated as f32 * ratio) as i32
}
