//! A blue-green policy with its defaults.

use crate::argo::canary::policy::{
    AbortDelay, DEFAULT_PROGRESS_DEADLINE, DEFAULT_SCALE_DOWN_DELAY,
};
use crate::argo::form::{RolloutAnalysis, RolloutSpec};

/// What a blue-green rollout is to do.
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are the flags of the product"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlueGreenPolicy {
    /// Pods.
    pub replicas: i32,
    /// Pods of the preview until it is promoted; none: all.
    pub preview: Option<i32>,
    /// It promotes by itself.
    pub auto_promotion: bool,
    /// Milliseconds until it does; 0: at once.
    pub auto_promotion_after: i64,
    /// There is an analysis before the promotion.
    pub pre_promotion: bool,
    /// There is one after it.
    pub post_promotion: bool,
    /// Milliseconds until the previous pods go after a promotion; 0 keeps them.
    pub scale_down_delay: i64,
    /// When preview pods go after an abort.
    pub abort_delay: AbortDelay,
    /// Milliseconds without progress.
    pub progress_deadline: i64,
    /// Then it aborts.
    pub progress_abort: bool,
    /// A person stopped it.
    pub paused: bool,
}

impl BlueGreenPolicy {
    /// The policy of a Rollout; none if it is not blue-green.
    pub fn new(spec: &RolloutSpec) -> Option<Self> {
        let strategy = spec.strategy.blue_green.as_ref()?;
        let asked = |analysis: &Option<RolloutAnalysis>| {
            analysis.as_ref().is_some_and(|a| !a.templates.is_empty())
        };
        Some(Self {
            replicas: spec.replicas.unwrap_or(1),
            preview: strategy.preview_replica_count,
            auto_promotion: strategy.auto_promotion_enabled.unwrap_or(true),
            auto_promotion_after: strategy.auto_promotion_seconds * 1000,
            pre_promotion: asked(&strategy.pre_promotion_analysis),
            post_promotion: asked(&strategy.post_promotion_analysis),
            scale_down_delay: strategy
                .scale_down_delay_seconds
                .unwrap_or(DEFAULT_SCALE_DOWN_DELAY)
                * 1000,
            abort_delay: AbortDelay::new(strategy.abort_scale_down_delay_seconds),
            progress_deadline: spec
                .progress_deadline_seconds
                .unwrap_or(DEFAULT_PROGRESS_DEADLINE)
                * 1000,
            progress_abort: spec.progress_deadline_abort,
            paused: spec.paused,
        })
    }
}
