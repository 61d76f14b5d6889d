//! The fields of a CanaryConfig that decide something, spelt as Kayenta spells them.
//!
//! Source: `kayenta-core/.../canary/{CanaryConfig,CanaryMetricConfig,CanaryClassifierConfig}.java` and the paths that
//! `NetflixACAJudge.scala` reads, spinnaker/kayenta at a69573b.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::keys::is_default;

/// The judge whose rules this room knows.
pub const JUDGE: &str = "NetflixACAJudge-v1.0";
/// A judge for tests of Kayenta itself: it draws each classification at random and looks at no data.
pub const RANDOM_JUDGE: &str = "dredd-v1.0";

/// A CanaryConfig: what is compared, and how much each part counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CanaryConfig {
    /// Name of the configuration.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// Which judge it is for.
    #[serde(skip_serializing_if = "is_default")]
    pub judge: Judge,
    /// What is compared.
    #[serde(skip_serializing_if = "is_default")]
    pub metrics: Vec<Metric>,
    /// How much each group counts, and which score is enough.
    #[serde(skip_serializing_if = "is_default")]
    pub classifier: Classifier,
}

/// Which judge a configuration is for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Judge {
    /// [`JUDGE`], [`RANDOM_JUDGE`], or one that this room does not know.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
}

/// One metric.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Metric {
    /// Pairs of samples are found by it.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// Groups that it counts in; in none it counts for critical failures and missing data only.
    #[serde(skip_serializing_if = "is_default")]
    pub groups: Vec<String>,
    /// By judge; only `canary` is read.
    #[serde(skip_serializing_if = "is_default")]
    pub analysis_configurations: AnalysisConfigurations,
}

/// `analysisConfigurations` of a metric.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AnalysisConfigurations {
    /// What the judge reads.
    #[serde(skip_serializing_if = "is_default")]
    pub canary: Analysis,
}

/// `analysisConfigurations.canary`: words that the judge does not know count as left out, capitals included.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Analysis {
    /// `increase`, `decrease`; all else is `either`.
    #[serde(skip_serializing_if = "is_default")]
    pub direction: String,
    /// `replace` makes zeros of NaN; all else removes them.
    #[serde(skip_serializing_if = "is_default")]
    pub nan_strategy: String,
    /// What happens to outliers.
    #[serde(skip_serializing_if = "is_default")]
    pub outliers: Outliers,
    /// A failure of this metric fails the canary.
    #[serde(skip_serializing_if = "is_default")]
    pub critical: bool,
    /// No data is a failure of this metric.
    #[serde(skip_serializing_if = "is_default")]
    pub must_have_data: bool,
    /// Judged and not counted.
    #[serde(skip_serializing_if = "is_default")]
    pub muted: bool,
    /// How large a change must be.
    #[serde(skip_serializing_if = "is_default")]
    pub effect_size: EffectSize,
}

/// `outliers` of a metric.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Outliers {
    /// `remove`; all else keeps them.
    #[serde(skip_serializing_if = "is_default")]
    pub strategy: String,
    /// Fences are so many interquartile ranges outside the quartiles; 3 if left out. Not above 0 the judge throws.
    #[serde(skip_serializing_if = "is_default")]
    pub outlier_factor: Option<f64>,
}

/// `effectSize` of a metric: thresholds on a measure, each 1 (or 0.5 for `cles`) if left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EffectSize {
    /// `cles`; all else is `meanRatio`.
    #[serde(skip_serializing_if = "is_default")]
    pub measure: String,
    /// High needs at least this.
    #[serde(skip_serializing_if = "is_default")]
    pub allowed_increase: Option<f64>,
    /// Low needs at most this.
    #[serde(skip_serializing_if = "is_default")]
    pub allowed_decrease: Option<f64>,
    /// A critical High needs at least this.
    #[serde(skip_serializing_if = "is_default")]
    pub critical_increase: Option<f64>,
    /// A critical Low needs at most this.
    #[serde(skip_serializing_if = "is_default")]
    pub critical_decrease: Option<f64>,
}

/// `classifier` of a configuration.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Classifier {
    /// %, by group.
    #[serde(skip_serializing_if = "is_default")]
    pub group_weights: BTreeMap<String, f64>,
    /// Scores that are enough; an execution request gives its own.
    #[serde(skip_serializing_if = "is_default")]
    pub score_thresholds: Option<ScoreThresholds>,
}

/// Scores that are enough, 0 to 100.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ScoreThresholds {
    /// From here on: Pass.
    #[serde(skip_serializing_if = "is_default")]
    pub pass: f64,
    /// From here on: Marginal.
    #[serde(skip_serializing_if = "is_default")]
    pub marginal: f64,
}

impl CanaryConfig {
    /// Reads a configuration from parsed JSON or YAML. A null counts as left out.
    ///
    /// # Errors
    ///
    /// A field has another type. A number in quotes is one of them: the judge itself fails at it (`ClassCastException`).
    pub fn read(value: &Value) -> Result<Self, serde_json::Error> {
        serde_json::from_value(crate::keys::without_nulls(value))
    }
}

/// Which way a change is bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Only more is bad.
    Increase,
    /// Only less is bad.
    Decrease,
    /// Both are bad.
    Either,
}

/// Which measure of effect is compared with thresholds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EffectMeasure {
    /// Mean of the canary by mean of the baseline.
    MeanRatio,
    /// Share of pairs in which the canary is higher.
    Cles,
}

impl Analysis {
    /// The direction as the judge reads it.
    #[must_use]
    pub fn direction(&self) -> Direction {
        match self.direction.as_str() {
            "increase" => Direction::Increase,
            "decrease" => Direction::Decrease,
            _ => Direction::Either,
        }
    }

    /// Whether NaN becomes zero.
    #[must_use]
    pub fn replaces_nan(&self) -> bool {
        self.nan_strategy == "replace"
    }

    /// Whether outliers are removed.
    #[must_use]
    pub fn removes_outliers(&self) -> bool {
        self.outliers.strategy == "remove"
    }
}

impl EffectSize {
    /// The measure as the judge reads it.
    #[must_use]
    pub fn measure(&self) -> EffectMeasure {
        if self.measure == "cles" {
            EffectMeasure::Cles
        } else {
            EffectMeasure::MeanRatio
        }
    }

    /// The value of no effect, which thresholds have if they are left out.
    #[must_use]
    pub fn neutral(&self) -> f64 {
        match self.measure() {
            EffectMeasure::MeanRatio => 1.0,
            EffectMeasure::Cles => 0.5,
        }
    }
}
