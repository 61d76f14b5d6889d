//! Why a Rollout is refused as it stands (`InvalidSpec`): it never starts.
//!
//! Source: argo-rollouts v1.10.1 `pkg/apis/rollouts/validation/validation.go`, the rules that touch what is read here.

use super::fenceposts::{Bound, DEFAULT_BOUND};
use super::form::{CanaryStep, CanaryStrategy, Pause, RolloutSpec};

/// A fault with its place in `spec`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// Path below `spec`.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

fn invalid(path: impl Into<String>, message: impl Into<String>) -> Invalid {
    Invalid {
        path: path.into(),
        message: message.into(),
    }
}

/// Every fault of a Rollout's `spec`.
pub fn rollout(spec: &RolloutSpec) -> Vec<Invalid> {
    let mut faults = Vec::new();
    let deadline = spec
        .progress_deadline_seconds
        .unwrap_or(super::canary::policy::DEFAULT_PROGRESS_DEADLINE);
    if deadline <= spec.min_ready_seconds {
        faults.push(invalid(
            "progressDeadlineSeconds",
            "must be greater than minReadySeconds",
        ));
    }
    match (&spec.strategy.canary, &spec.strategy.blue_green) {
        (None, None) => faults.push(invalid("strategy", "needs canary or blueGreen")),
        (Some(_), Some(_)) => faults.push(invalid("strategy", "has both canary and blueGreen")),
        (Some(strategy), None) => canary(strategy, &mut faults),
        (None, Some(_)) => {}
    }
    faults
}

const ONLY_ROUTED: &str = "can only be used with traffic routing";

fn is_zero(bound: Option<Bound>) -> bool {
    matches!(
        bound.unwrap_or(DEFAULT_BOUND),
        Bound::Pods(0) | Bound::Percent(0)
    )
}

fn canary(strategy: &CanaryStrategy, faults: &mut Vec<Invalid>) {
    let routed = strategy.traffic_routing.is_some();
    let delayed = strategy.scale_down_delay_seconds.is_some();
    let dynamic = strategy.dynamic_stable_scale;
    let place = |key: &str| format!("strategy.canary.{key}");
    for (is_wrong, key, message) in [
        (
            is_zero(strategy.max_surge) && is_zero(strategy.max_unavailable),
            "maxSurge",
            "maxSurge and maxUnavailable both cannot be zero",
        ),
        (!routed && delayed, "scaleDownDelaySeconds", ONLY_ROUTED),
        (!routed && dynamic, "dynamicStableScale", ONLY_ROUTED),
        (
            delayed && dynamic,
            "dynamicStableScale",
            "cannot be used with scaleDownDelaySeconds",
        ),
    ] {
        if is_wrong {
            faults.push(invalid(place(key), message));
        }
    }
    let routing = strategy.traffic_routing.as_ref();
    let most = routing.and_then(|r| r.max_traffic_weight).unwrap_or(100);
    for (i, one) in strategy.steps.iter().enumerate() {
        step(one, &place(&format!("steps[{i}]")), routed, most, faults);
    }
}

fn step(step: &CanaryStep, path: &str, routed: bool, most: i32, faults: &mut Vec<Invalid>) {
    if !has_one_kind(step) {
        faults.push(invalid(
            path,
            "a step must have one of setWeight, pause, experiment, analysis or another kind set",
        ));
    }
    let weight = step.set_weight;
    if weight.is_some_and(|weight| !(0..=most).contains(&weight)) {
        let words = format!("needs to be between 0 and {most}");
        faults.push(invalid(format!("{path}.setWeight"), words));
    }
    let seconds = step.pause.as_ref().and_then(Pause::seconds);
    if seconds.is_some_and(|seconds| seconds < 0) {
        let place = format!("{path}.pause.duration");
        faults.push(invalid(
            place,
            "needs to be a number of seconds or a duration",
        ));
    }
    for (given, key) in [
        (step.set_canary_scale.is_some(), "setCanaryScale"),
        (step.set_header_route.is_some(), "setHeaderRoute"),
        (step.set_mirror_route.is_some(), "setMirrorRoute"),
    ] {
        if given && !routed {
            faults.push(invalid(format!("{path}.{key}"), "requires trafficRouting"));
        }
    }
}

/// One of the four kinds that exclude each other, or else any of those that may stand together.
fn has_one_kind(step: &CanaryStep) -> bool {
    let exclusive = [
        step.set_weight.is_some(),
        step.pause.is_some(),
        step.experiment.is_some(),
        step.analysis.is_some(),
    ];
    let others = [
        step.set_canary_scale.is_some(),
        step.set_header_route.is_some(),
        step.set_mirror_route.is_some(),
        step.plugin.is_some(),
    ];
    match exclusive.iter().filter(|is| **is).count() {
        0 => others.contains(&true),
        given => given == 1,
    }
}
