//! The objects of OpenSLO, as far as they decide.

use serde::{Deserialize, Serialize};

/// What an object is called.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Meta {
    /// The name by which others refer to it.
    pub name: String,
}

/// How a value is held against a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Operator {
    Lt,
    Lte,
    Gt,
    Gte,
}

/// `kind: SLO` of v1.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Slo {
    /// Its name.
    pub metadata: Meta,
    /// What it says.
    pub spec: SloSpec,
}

/// What an SLO of v1 says.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct SloSpec {
    /// What is measured.
    pub indicator: Option<Indicator>,
    /// An indicator elsewhere, in place of one here.
    pub indicator_ref: Option<String>,
    /// `Occurrences`, `Timeslices` or `RatioTimeslices`.
    pub budgeting_method: String,
    /// Its targets.
    pub objectives: Option<Vec<Objective>>,
    /// Its alerts.
    pub alert_policies: Option<Vec<PolicyEntry>>,
}

/// An indicator within an SLO.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Indicator {
    /// What it measures.
    pub spec: IndicatorSpec,
}

/// What an indicator measures.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct IndicatorSpec {
    /// A share of events.
    pub ratio_metric: Option<RatioMetric>,
    /// A value against a threshold.
    pub threshold_metric: Option<IndicatorMetric>,
}

impl IndicatorSpec {
    /// The questions that it asks of its sources, bad or good events before all of them.
    pub fn queries(&self) -> Vec<&str> {
        let ratio = self.ratio_metric.iter();
        let parts = ratio.flat_map(|it| [&it.bad, &it.good, &it.raw, &it.total]);
        let metrics = parts.chain([&self.threshold_metric]).flatten();
        metrics
            .filter_map(|metric| metric.metric_source.spec.query.as_deref())
            .collect()
    }
}

/// A share of events.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RatioMetric {
    /// The good ones.
    pub good: Option<IndicatorMetric>,
    /// The bad ones, in place of the good ones.
    pub bad: Option<IndicatorMetric>,
    /// All of them.
    pub total: Option<IndicatorMetric>,
    /// A share that is there already.
    pub raw: Option<IndicatorMetric>,
}

/// Where a number comes from.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct IndicatorMetric {
    /// The source.
    pub metric_source: MetricSource,
}

/// A source of numbers.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MetricSource {
    /// How it is asked.
    pub spec: Query,
}

/// How a source is asked.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Query {
    /// The question, in the language of the source.
    pub query: Option<String>,
}

/// A target of v1.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Objective {
    /// A share, at least 0 and below 1.
    pub target: Option<f64>,
    /// The same in percent, in place of the share.
    pub target_percent: Option<f64>,
}

/// An alert policy within an SLO: by name or in full.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PolicyEntry {
    /// The name of another.
    pub alert_policy_ref: Option<String>,
    /// Its name.
    pub metadata: Meta,
    /// What it says.
    pub spec: Option<PolicySpec>,
}

/// `kind: AlertPolicy` of v1.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AlertPolicy {
    /// Its name.
    pub metadata: Meta,
    /// What it says.
    pub spec: PolicySpec,
}

/// What an alert policy says.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PolicySpec {
    /// It alerts when there is no data.
    pub alert_when_no_data: bool,
    /// It alerts when the condition is met.
    pub alert_when_breaching: bool,
    /// It tells when that is over.
    pub alert_when_resolved: bool,
    /// Exactly one.
    pub conditions: Option<Vec<ConditionEntry>>,
}

/// A condition within a policy: by name or in full.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ConditionEntry {
    /// The name of another.
    pub condition_ref: Option<String>,
    /// Its name.
    pub metadata: Meta,
    /// What it says.
    pub spec: Option<ConditionSpec>,
}

/// `kind: AlertCondition` of v1.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AlertCondition {
    /// Its name.
    pub metadata: Meta,
    /// What it says.
    pub spec: ConditionSpec,
}

/// What an alert condition says.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ConditionSpec {
    /// How bad it is; needed.
    pub severity: String,
    /// The condition itself.
    pub condition: BurnRateCondition,
}

/// The condition itself.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct BurnRateCondition {
    /// `burnrate`
    pub kind: String,
    /// Needed.
    pub op: Option<Operator>,
    /// How many times faster than the period the budget burns; needed.
    pub threshold: Option<f64>,
    /// Over how long that is measured; needed.
    pub lookback_window: Option<String>,
    /// How long it must be so.
    pub alert_after: Option<String>,
}

/// `kind: SLO` of v1alpha.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AlphaSlo {
    /// Its name.
    pub metadata: Meta,
    /// What it says.
    pub spec: AlphaSloSpec,
}

/// What an SLO of v1alpha says.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AlphaSloSpec {
    /// `Occurrences` or `Timeslices`.
    pub budgeting_method: String,
    /// Its targets.
    pub objectives: Option<Vec<AlphaObjective>>,
}

/// A target of v1alpha.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AlphaObjective {
    /// A share, at least 0 and below 1.
    pub target: Option<f64>,
    /// What is measured.
    pub ratio_metrics: Option<RatioMetrics>,
}

/// A share of events of v1alpha.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RatioMetrics {
    /// The good ones.
    pub good: Query,
    /// All of them.
    pub total: Query,
}
