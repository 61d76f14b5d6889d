//! The fields of `Canary` and `MetricTemplate` (flagger.app/v1beta1) that decide something, spelt as Flagger spells them.
//!
//! Source: `pkg/apis/flagger/v1beta1/{canary,metric}.go` of fluxcd/flagger at v1.44.0. What is not here is in
//! [`super::keys`] with the reason.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::keys::{is_default, without_nulls};

/// A `Canary`: how one workload is released.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Canary {
    /// Who it is.
    #[serde(skip_serializing_if = "is_default")]
    pub metadata: Metadata,
    /// What is asked of it.
    #[serde(skip_serializing_if = "is_default")]
    pub spec: CanarySpec,
}

/// The part of `metadata` that is read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Metadata {
    /// Name of the object.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// Its namespace; empty where the file does not say one.
    #[serde(skip_serializing_if = "is_default")]
    pub namespace: String,
}

/// `spec` of a `Canary`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CanarySpec {
    /// The router; empty: what the controller was started with.
    #[serde(skip_serializing_if = "is_default")]
    pub provider: String,
    /// The workload.
    #[serde(skip_serializing_if = "is_default")]
    pub target_ref: TargetRef,
    /// The service in front of it.
    #[serde(skip_serializing_if = "is_default")]
    pub service: CanaryService,
    /// Required by the definition of the resource.
    #[serde(skip_serializing_if = "is_default")]
    pub analysis: Option<CanaryAnalysis>,
    /// Seconds; 600 if left out.
    #[serde(skip_serializing_if = "is_default")]
    pub progress_deadline_seconds: Option<i64>,
    /// Promotes without a check.
    #[serde(skip_serializing_if = "is_default")]
    pub skip_analysis: bool,
    /// Every tick does nothing.
    #[serde(skip_serializing_if = "is_default")]
    pub suspend: bool,
}

/// The workload that is released.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TargetRef {
    /// `Deployment`, `DaemonSet` or `Service`.
    #[serde(skip_serializing_if = "is_default")]
    pub kind: String,
    /// Name of the workload.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
}

/// The part of `spec.service` that changes how a router behaves: TCP routes cannot be mirrored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CanaryService {
    /// `tcp` makes TCP routes of Istio.
    #[serde(skip_serializing_if = "is_default")]
    pub app_protocol: String,
}

/// `spec.analysis`: how a release is judged and moved.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CanaryAnalysis {
    /// A Go duration; see [`super::policy::Policy::interval`].
    #[serde(skip_serializing_if = "is_default")]
    pub interval: String,
    /// Checks of an A/B test or of blue/green; 0: a canary by weight.
    #[serde(skip_serializing_if = "is_default")]
    pub iterations: i64,
    /// Sends copies of requests to the canary first (by weight) or throughout (blue/green).
    #[serde(skip_serializing_if = "is_default")]
    pub mirror: bool,
    /// Share of the requests that is mirrored, %; 0: all.
    #[serde(skip_serializing_if = "is_default")]
    pub mirror_weight: i64,
    /// Weight at which the canary is promoted, %; 0: 100.
    #[serde(skip_serializing_if = "is_default")]
    pub max_weight: i64,
    /// Growth of the weight on each passing tick, points.
    #[serde(skip_serializing_if = "is_default")]
    pub step_weight: i64,
    /// The weights themselves, %.
    #[serde(skip_serializing_if = "is_default")]
    pub step_weights: Vec<i64>,
    /// Growth of the weight of the primary while promoting, points; 0: all at once.
    #[serde(skip_serializing_if = "is_default")]
    pub step_weight_promotion: i64,
    /// Failed checks, added up since the revision came, that roll back; 0 counts as 1.
    #[serde(skip_serializing_if = "is_default")]
    pub threshold: i64,
    /// Share of the pods of the primary that must be available, %; 100 if left out.
    #[serde(skip_serializing_if = "is_default")]
    pub primary_ready_threshold: Option<i64>,
    /// The same for the canary.
    #[serde(skip_serializing_if = "is_default")]
    pub canary_ready_threshold: Option<i64>,
    /// Checks of metrics.
    #[serde(skip_serializing_if = "is_default")]
    pub metrics: Vec<CanaryMetric>,
    /// Webhooks of all types.
    #[serde(skip_serializing_if = "is_default")]
    pub webhooks: Vec<CanaryWebhook>,
    /// Which users an A/B test takes; only whether there are any decides here.
    #[serde(rename = "match", skip_serializing_if = "is_default")]
    pub matches: Vec<Value>,
}

/// One check of a metric.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CanaryMetric {
    /// `request-success-rate`, `request-duration`, or any name for a template or a query.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// Window of the query. Left out it is `1m` for built-in metrics and **nothing** for templates.
    #[serde(skip_serializing_if = "is_default")]
    pub interval: String,
    /// Limit where no range is said: a minimum for the success rate, a maximum for all else; 0 if left out.
    #[serde(skip_serializing_if = "is_default")]
    pub threshold: f64,
    /// Limits; wins over `threshold`.
    #[serde(skip_serializing_if = "is_default")]
    pub threshold_range: Option<ThresholdRange>,
    /// PromQL, before there were templates.
    #[serde(skip_serializing_if = "is_default")]
    pub query: String,
    /// The template with the query.
    #[serde(skip_serializing_if = "is_default")]
    pub template_ref: Option<TemplateRef>,
}

/// Accepted values; both ends are accepted themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ThresholdRange {
    /// Smallest accepted value.
    #[serde(skip_serializing_if = "is_default")]
    pub min: Option<f64>,
    /// Largest accepted value.
    #[serde(skip_serializing_if = "is_default")]
    pub max: Option<f64>,
}

/// Which template a metric uses.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TemplateRef {
    /// Name of the template.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// Empty: that of the canary.
    #[serde(skip_serializing_if = "is_default")]
    pub namespace: String,
}

/// When a webhook is called and what its answer does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HookType {
    /// Every check; a failure is a failed check. An empty type means this one.
    #[default]
    #[serde(alias = "")]
    Rollout,
    /// Before the first traffic; a failure is a failed check.
    PreRollout,
    /// After success or failure; the answer changes nothing.
    PostRollout,
    /// Before the canary is scaled up; a refusal waits.
    ConfirmRollout,
    /// Before promotion; a refusal waits, and all checks go on.
    ConfirmPromotion,
    /// Each event of the controller; the answer changes nothing.
    Event,
    /// A *passing* answer rolls back.
    Rollback,
    /// Before each step of weight; a refusal keeps the weight.
    ConfirmTrafficIncrease,
}

/// One webhook.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CanaryWebhook {
    /// When it is called.
    #[serde(rename = "type", skip_serializing_if = "is_default")]
    pub kind: HookType,
    /// Name of the webhook.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// Address.
    #[serde(skip_serializing_if = "is_default")]
    pub url: String,
    /// A Go duration; shorter than two letters: 10 s.
    #[serde(skip_serializing_if = "is_default")]
    pub timeout: String,
    /// Further attempts after a failed one.
    #[serde(skip_serializing_if = "is_default")]
    pub retries: u32,
}

/// A `MetricTemplate`: the query behind a metric.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MetricTemplate {
    /// Who it is.
    #[serde(skip_serializing_if = "is_default")]
    pub metadata: Metadata,
    /// What it asks.
    #[serde(skip_serializing_if = "is_default")]
    pub spec: MetricTemplateSpec,
}

/// `spec` of a `MetricTemplate`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MetricTemplateSpec {
    /// Whom it asks.
    #[serde(skip_serializing_if = "is_default")]
    pub provider: TemplateProvider,
    /// Text with `{{ interval }}` and others to be filled in.
    #[serde(skip_serializing_if = "is_default")]
    pub query: String,
}

/// Where the query goes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TemplateProvider {
    /// `prometheus`, `datadog`, ...; what is not known is taken for `prometheus`.
    #[serde(rename = "type", skip_serializing_if = "is_default")]
    pub kind: String,
    /// Address of the server.
    #[serde(skip_serializing_if = "is_default")]
    pub address: String,
}

/// Templates by `namespace/name`; the namespace is empty where the file does not say one.
pub type Templates = BTreeMap<String, MetricTemplateSpec>;

impl Canary {
    /// Reads a canary from parsed YAML or JSON. A null counts as left out, as the API server has it.
    ///
    /// # Errors
    ///
    /// A field has a type that the definition of the resource does not allow.
    pub fn read(value: &Value) -> Result<Self, serde_json::Error> {
        serde_json::from_value(without_nulls(value))
    }
}

impl MetricTemplate {
    /// Reads a template from parsed YAML or JSON.
    ///
    /// # Errors
    ///
    /// As [`Canary::read`].
    pub fn read(value: &Value) -> Result<Self, serde_json::Error> {
        serde_json::from_value(without_nulls(value))
    }
}

impl TemplateRef {
    /// The key of [`Templates`].
    #[must_use]
    pub fn key(&self, own_namespace: &str) -> String {
        let namespace = if self.namespace.is_empty() {
            own_namespace
        } else {
            &self.namespace
        };
        format!("{namespace}/{}", self.name)
    }
}
