//! A canary's policy with its defaults, and what its steps say of weights and pods.
//!
//! Source: argo-rollouts v1.10.1 `utils/replicaset/canary.go`, `utils/defaults`.

use crate::argo::counts::{Pods, Scale, Wanted};
use crate::argo::fenceposts::Fenceposts;
use crate::argo::form::{CanaryStep, CanaryStrategy, ProgressThreshold, RolloutSpec};
use crate::argo::metric::Count;

/// Seconds until pods go after a promotion or an abort, if nothing is given.
pub const DEFAULT_SCALE_DOWN_DELAY: i64 = 30;
/// Seconds without progress until a rollout is degraded, if nothing is given.
pub const DEFAULT_PROGRESS_DEADLINE: i64 = 600;

/// When the pods of an aborted rollout go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AbortDelay {
    /// Milliseconds; none: never (`abortScaleDownDelaySeconds: 0`).
    pub delay: Option<i64>,
    /// It was given.
    pub given: bool,
}

impl AbortDelay {
    /// Reads `abortScaleDownDelaySeconds`.
    pub fn new(seconds: Option<i64>) -> Self {
        let delay = match seconds {
            Some(0) => None,
            other => Some(other.unwrap_or(DEFAULT_SCALE_DOWN_DELAY) * 1000),
        };
        Self {
            delay,
            given: seconds.is_some(),
        }
    }
}

/// What a canary is to do.
#[derive(Debug, Clone, PartialEq)]
pub struct CanaryPolicy {
    /// Pods and weights.
    pub scale: Scale,
    /// Steps in turn.
    pub steps: Vec<CanaryStep>,
    /// The analysis in the background starts at this step.
    pub background: Option<usize>,
    /// Milliseconds until the previous stable pods go after a promotion; 0 keeps them.
    pub scale_down_delay: i64,
    /// When canary pods go after an abort.
    pub abort_delay: AbortDelay,
    /// Milliseconds without progress.
    pub progress_deadline: i64,
    /// Then it aborts.
    pub progress_abort: bool,
    /// A person stopped it (`spec.paused`).
    pub paused: bool,
}

impl CanaryPolicy {
    /// The policy of a Rollout; none if it is no canary.
    pub fn new(spec: &RolloutSpec) -> Option<Self> {
        let canary = spec.strategy.canary.as_ref()?;
        let replicas = spec.replicas.unwrap_or(1);
        let analysis = canary.analysis.as_ref().filter(|a| !a.templates.is_empty());
        Some(Self {
            scale: scale(canary, replicas),
            steps: canary.steps.iter().map(with_its_pause_read).collect(),
            background: analysis.map(|a| {
                a.starting_step
                    .map_or(0, |step| usize::try_from(step).unwrap_or(0))
            }),
            scale_down_delay: canary
                .scale_down_delay_seconds
                .unwrap_or(DEFAULT_SCALE_DOWN_DELAY)
                * 1000,
            abort_delay: AbortDelay::new(canary.abort_scale_down_delay_seconds),
            progress_deadline: spec
                .progress_deadline_seconds
                .unwrap_or(DEFAULT_PROGRESS_DEADLINE)
                * 1000,
            progress_abort: spec.progress_deadline_abort,
            paused: spec.paused,
        })
    }

    /// The step at `index`; none past the end.
    pub fn step(&self, index: usize) -> Option<&CanaryStep> {
        self.steps.get(index)
    }

    /// The weight that the steps up to `index` set: none before the first, all past the end or without steps.
    pub fn weight_at(&self, index: usize) -> i32 {
        if index >= self.steps.len() {
            self.scale.max_weight
        } else {
            self.last_weight(index + 1)
        }
    }

    /// The last weight that is set before step `end`.
    pub fn last_weight(&self, end: usize) -> i32 {
        self.steps[..end.min(self.steps.len())]
            .iter()
            .rev()
            .find_map(|step| step.set_weight)
            .unwrap_or(0)
    }

    /// The scale of the canary that the steps up to `index` set apart from the weight.
    fn canary_scale(&self, index: usize, aborted: bool) -> Option<(Option<i32>, i32)> {
        let kept = !aborted || self.abort_delay.delay.is_none();
        if !self.scale.routed || !kept || index >= self.steps.len() {
            return None;
        }
        let set = self.steps[..=index]
            .iter()
            .rev()
            .find_map(|step| step.set_canary_scale.as_ref())?;
        match (set.match_traffic_weight, set.replicas, set.weight) {
            (false, Some(replicas), _) => Some((Some(replicas), 0)),
            (false, None, Some(weight)) => Some((None, weight)),
            _ => None,
        }
    }

    /// The weight that an aborted canary steps down to: none, or with a scaled stable set the next rung.
    pub fn abort_weight(&self, canary: Pods, stable: Pods) -> i32 {
        if self.scale.dynamic_stable_scale {
            self.scale.next_rung(canary, stable)
        } else {
            0
        }
    }

    /// What the pods are to be scaled for at a step.
    pub fn wanted(&self, at: &At, routed: Option<i32>) -> Wanted {
        let routed = routed.map(|weight| (weight, self.scale.max_weight - weight));
        let weight = match at {
            At { promoted: true, .. }
            | At {
                promote_full: true, ..
            } => (None, self.scale.max_weight),
            At { index, aborted, .. } => self.canary_scale(*index, *aborted).unwrap_or_else(|| {
                let weight = if *aborted {
                    self.abort_weight(at.canary, at.stable)
                } else {
                    self.weight_at(*index)
                };
                (None, weight)
            }),
        };
        Wanted {
            canary_replicas: weight.0,
            weight: weight.1,
            aborted: at.aborted,
            routed,
        }
    }
}

/// Where a rollout is, for its weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    /// The step.
    pub index: usize,
    /// It is aborted, as it was stored before this round.
    pub aborted: bool,
    /// A person asked for all at once.
    pub promote_full: bool,
    /// The new revision is the stable one.
    pub promoted: bool,
    /// The new set.
    pub canary: Pods,
    /// The stable set.
    pub stable: Pods,
}

/// The step with the seconds of its pause as a number, so that no round reads a text.
fn with_its_pause_read(step: &CanaryStep) -> CanaryStep {
    let mut step = step.clone();
    if let Some(pause) = &mut step.pause {
        pause.duration = pause.seconds().map(Count::Number);
    }
    step
}

/// How pods follow weights under a strategy.
fn scale(canary: &CanaryStrategy, replicas: i32) -> Scale {
    let routing = canary.traffic_routing.as_ref();
    let threshold = canary.replica_progress_threshold.as_ref();
    let weights = canary.steps.iter().filter_map(|step| step.set_weight);
    Scale {
        replicas,
        fenceposts: Fenceposts::resolve(canary.max_surge, canary.max_unavailable, replicas),
        routed: routing.is_some(),
        dynamic_stable_scale: canary.dynamic_stable_scale,
        min_pods: canary.min_pods_per_replica_set,
        max_weight: routing.and_then(|r| r.max_traffic_weight).unwrap_or(100),
        threshold: threshold.map(ProgressThreshold::threshold),
        ladder: weights.collect(),
    }
}
