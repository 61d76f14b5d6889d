//! `Rollout` and the analysis templates: the fields that decide something, spelt as Argo spells them.
//!
//! Source: argo-rollouts v1.10.1 `pkg/apis/rollouts/v1alpha1`. What is not here is in [`super::keys`] with the reason.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::args::Argument;
use super::counts::ReplicaThreshold;
use super::fenceposts::Bound;
use super::metric::{Count, Metric};
use crate::flagger::duration;

/// Reads an object. A key whose value is null is as if it were not there.
///
/// # Errors
/// A value of another type than the field has.
pub fn read<T: DeserializeOwned>(json: &Json) -> Result<T, String> {
    serde_json::from_value(without_nulls(json)).map_err(|e| e.to_string())
}

fn without_nulls(json: &Json) -> Json {
    match json {
        Json::Object(map) => {
            let kept = map.iter().filter(|(_, value)| !value.is_null());
            Json::Object(
                kept.map(|(key, value)| (key.clone(), without_nulls(value)))
                    .collect(),
            )
        }
        Json::Array(list) => Json::Array(list.iter().map(without_nulls).collect()),
        other => other.clone(),
    }
}

/// A `Rollout`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Rollout {
    /// Who it is.
    pub metadata: Metadata,
    /// What is asked of it.
    pub spec: RolloutSpec,
}

/// The part of `metadata` that is read.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Metadata {
    /// Name of the object.
    pub name: String,
    /// Its namespace; empty where the file does not say one.
    pub namespace: String,
}

/// `spec` of a `Rollout`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RolloutSpec {
    /// Pods; 1 if not given.
    pub replicas: Option<i32>,
    /// Seconds that a pod is ready before it counts as available.
    pub min_ready_seconds: i64,
    /// A person stopped it.
    pub paused: bool,
    /// Seconds without progress until it is degraded; 600 if not given.
    pub progress_deadline_seconds: Option<i64>,
    /// Then it aborts.
    pub progress_deadline_abort: bool,
    /// Canary or blue-green.
    pub strategy: Strategy,
}

/// `spec.strategy`: one of both.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Strategy {
    /// In steps.
    pub canary: Option<CanaryStrategy>,
    /// At once, with a preview.
    pub blue_green: Option<BlueGreenStrategy>,
}

/// `spec.strategy.canary`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CanaryStrategy {
    /// What is done in turn.
    pub steps: Vec<CanaryStep>,
    /// Who routes traffic; none if pods are the weight.
    pub traffic_routing: Option<TrafficRouting>,
    /// Pods above `replicas`; a quarter if not given.
    pub max_surge: Option<Bound>,
    /// Pods that may be missing; a quarter if not given.
    pub max_unavailable: Option<Bound>,
    /// The analysis in the background.
    pub analysis: Option<RolloutAnalysis>,
    /// Seconds until the previous stable pods go after a promotion; 30 if not given.
    pub scale_down_delay_seconds: Option<i64>,
    /// Seconds until the canary pods go after an abort; 30 if not given, 0: never.
    pub abort_scale_down_delay_seconds: Option<i64>,
    /// Stable is scaled with its weight.
    pub dynamic_stable_scale: bool,
    /// The least pods of a set that has any.
    pub min_pods_per_replica_set: Option<i32>,
    /// When a canary is scaled far enough.
    pub replica_progress_threshold: Option<ProgressThreshold>,
}

/// `replicaProgressThreshold`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ProgressThreshold {
    /// `Percentage` or `Pods`.
    pub r#type: String,
    /// How many.
    pub value: i32,
}

impl ProgressThreshold {
    /// As the counts take it.
    pub fn threshold(&self) -> ReplicaThreshold {
        if self.r#type == "Percentage" {
            ReplicaThreshold::Percent(self.value)
        } else {
            ReplicaThreshold::Pods(self.value)
        }
    }
}

/// The part of `trafficRouting` that is read: every router is one that sets weights at once.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TrafficRouting {
    /// What all traffic is; 100 if not given.
    pub max_traffic_weight: Option<i32>,
}

/// One step of a canary: one of its fields.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CanaryStep {
    /// The weight of the canary.
    pub set_weight: Option<i32>,
    /// Wait: for a time, or for a person.
    pub pause: Option<Pause>,
    /// Run analyses beside.
    pub experiment: Option<Json>,
    /// Wait for an analysis.
    pub analysis: Option<RolloutAnalysis>,
    /// Scale the canary apart from its weight.
    pub set_canary_scale: Option<SetCanaryScale>,
    /// Route by header.
    pub set_header_route: Option<Json>,
    /// Mirror traffic.
    pub set_mirror_route: Option<SetMirrorRoute>,
    /// A step of a plugin.
    pub plugin: Option<Json>,
}

/// `pause`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Pause {
    /// Seconds, or a Go duration; none: until a person goes on.
    pub duration: Option<Count>,
}

impl Pause {
    /// Whole seconds; none without a duration, -1 for one that cannot be read (the Rollout is then refused).
    pub fn seconds(&self) -> Option<i64> {
        self.duration.as_ref().map(|duration| match duration {
            Count::Number(seconds) => *seconds,
            Count::Text(text) => match text.parse::<i32>() {
                Ok(seconds) => i64::from(seconds),
                Err(_) => duration::parse(text).map_or(-1, |seconds| seconds.trunc() as i64),
            },
        })
    }
}

/// `setCanaryScale`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SetCanaryScale {
    /// As for this weight.
    pub weight: Option<i32>,
    /// So many pods; wins over a weight.
    pub replicas: Option<i32>,
    /// Back to the weight of the traffic.
    pub match_traffic_weight: bool,
}

/// `setMirrorRoute`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SetMirrorRoute {
    /// Of what matches; all if not given.
    pub percentage: Option<i32>,
    /// What is mirrored; nothing takes the route away.
    pub r#match: Vec<Json>,
}

/// An analysis of a Rollout: in the background, as a step, before or after a promotion.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RolloutAnalysis {
    /// Templates; without any there is no analysis.
    pub templates: Vec<TemplateRef>,
    /// Values of their arguments.
    pub args: Vec<Argument>,
    /// Metrics whose result does not count.
    pub dry_run: Vec<DryRun>,
    /// In the background: the step at which it starts.
    pub starting_step: Option<i32>,
}

/// A reference to a template.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TemplateRef {
    /// Its name.
    pub template_name: String,
    /// A `ClusterAnalysisTemplate`.
    pub cluster_scope: bool,
}

/// A rule of `dryRun`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DryRun {
    /// A pattern that is searched for in the names of metrics.
    pub metric_name: String,
}

/// `spec.strategy.blueGreen`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BlueGreenStrategy {
    /// Pods of the preview until it is promoted; all if not given.
    pub preview_replica_count: Option<i32>,
    /// Promotes by itself; true if not given.
    pub auto_promotion_enabled: Option<bool>,
    /// Seconds until it promotes by itself.
    pub auto_promotion_seconds: i64,
    /// Before the promotion.
    pub pre_promotion_analysis: Option<RolloutAnalysis>,
    /// After the promotion.
    pub post_promotion_analysis: Option<RolloutAnalysis>,
    /// Seconds until the previous pods go after a promotion; 30 if not given.
    pub scale_down_delay_seconds: Option<i64>,
    /// Seconds until the preview pods go after an abort; 30 if not given, 0: never.
    pub abort_scale_down_delay_seconds: Option<i64>,
}

/// An `AnalysisTemplate`, a `ClusterAnalysisTemplate` or an `AnalysisRun`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AnalysisTemplate {
    /// Who it is.
    pub metadata: Metadata,
    /// What is measured.
    pub spec: AnalysisTemplateSpec,
}

/// `spec` of an analysis template.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AnalysisTemplateSpec {
    /// Metrics.
    pub metrics: Vec<Metric>,
    /// Arguments that it declares.
    pub args: Vec<Argument>,
    /// Metrics whose result does not count.
    pub dry_run: Vec<DryRun>,
    /// Templates that it includes.
    pub templates: Vec<TemplateRef>,
}
