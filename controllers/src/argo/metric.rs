//! The metrics of an analysis: their fields as Argo spells them, their defaults, and what makes one invalid.
//!
//! Source: argo-rollouts v1.10.1 `pkg/apis/rollouts/v1alpha1/analysis_types.go`, `utils/analysis/factory.go`.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::condition::{Answer, Conditions};
use crate::flagger::duration;

/// A number that may be written as a text, so that an argument can stand for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Json", into = "Json")]
pub enum Count {
    /// A number.
    Number(i64),
    /// A text; one that is no number counts as 0.
    Text(String),
}

impl Count {
    /// Its value as the engine takes it.
    pub fn value(&self) -> i64 {
        match self {
            Self::Number(n) => *n,
            Self::Text(text) => text.parse().unwrap_or(0),
        }
    }
}

impl TryFrom<Json> for Count {
    type Error = String;

    fn try_from(json: Json) -> Result<Self, String> {
        match json {
            Json::Number(n) => n
                .as_i64()
                .map(Self::Number)
                .ok_or_else(|| format!("`{n}` is not a whole number")),
            Json::String(text) => Ok(Self::Text(text)),
            other => Err(format!("`{other}` is neither a number nor a text")),
        }
    }
}

impl From<Count> for Json {
    fn from(count: Count) -> Self {
        match count {
            Count::Number(n) => Self::from(n),
            Count::Text(text) => Self::from(text),
        }
    }
}

/// One metric of an analysis.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Metric {
    /// Unique within the analysis.
    pub name: String,
    /// A Go duration; empty for none.
    pub interval: String,
    /// A Go duration from the start of the run; empty for none.
    pub initial_delay: String,
    /// Measurements to take; 0 counts as not given.
    pub count: Option<Count>,
    /// Passes a measurement.
    pub success_condition: String,
    /// Fails a measurement.
    pub failure_condition: String,
    /// More failed measurements than this fail the metric; 0 if not given, -1 switches it off.
    pub failure_limit: Option<Count>,
    /// More inconclusive measurements than this end it as inconclusive; 0 if not given.
    pub inconclusive_limit: Option<Count>,
    /// More errors in a row than this end it as an error; 4 if not given.
    pub consecutive_error_limit: Option<Count>,
    /// So many passes in a row end it as successful; 0 is off.
    pub consecutive_success_limit: Option<Count>,
    /// Where it is measured: one key.
    pub provider: Json,
}

/// `consecutiveErrorLimit` if it is not given.
pub const DEFAULT_ERROR_LIMIT: i64 = 4;

/// The numbers of a metric, resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Measurements after which it is complete; none if it runs until it is stopped.
    pub count: Option<i64>,
    /// `failureLimit`; negative is off.
    pub failure: i64,
    /// `inconclusiveLimit`.
    pub inconclusive: i64,
    /// `consecutiveErrorLimit`.
    pub error: i64,
    /// `consecutiveSuccessLimit`; 0 is off.
    pub success: i64,
}

fn value(count: Option<&Count>, default: i64) -> i64 {
    count.map_or(default, Count::value)
}

/// Milliseconds of a Go duration.
pub(super) fn milliseconds(text: &str) -> Result<i64, String> {
    let seconds =
        duration::parse(text).ok_or_else(|| format!("time: invalid duration {text:?}"))?;
    Ok((seconds * 1000.0).round() as i64)
}

impl Metric {
    /// The numbers with their defaults: without a count a metric is measured once, or for ever if it has an interval.
    pub fn limits(&self) -> Limits {
        let given = value(self.count.as_ref(), 0);
        let once = if self.interval.is_empty() {
            Some(1)
        } else {
            None
        };
        Limits {
            count: if given == 0 { once } else { Some(given) },
            failure: value(self.failure_limit.as_ref(), 0),
            inconclusive: value(self.inconclusive_limit.as_ref(), 0),
            error: value(self.consecutive_error_limit.as_ref(), DEFAULT_ERROR_LIMIT),
            success: value(self.consecutive_success_limit.as_ref(), 0),
        }
    }

    /// It ends only when it is stopped or a limit is passed.
    pub fn endless(&self) -> bool {
        self.limits().count.is_none()
    }

    /// Its conditions, read.
    pub fn conditions(&self) -> Conditions {
        Conditions::new(&self.success_condition, &self.failure_condition)
    }

    /// What a run finds wrong with it before it measures anything: the run is then an error, and a rollout that waits
    /// for it aborts. The Rollout's own validation lets it pass.
    ///
    /// # Errors
    /// The engine's words.
    pub fn validate(&self) -> Result<(), String> {
        let limits = self.limits();
        let count = value(self.count.as_ref(), 0);
        validate_signs(&limits)?;
        if count > 0 {
            validate_count(count, &limits)?;
        }
        if count > 1 && self.interval.is_empty() {
            return Err("interval must be specified when count > 1".into());
        }
        for (text, which) in [
            (&self.interval, "interval"),
            (&self.initial_delay, "startDelay"),
        ] {
            if !text.is_empty() {
                milliseconds(text).map_err(|e| format!("invalid {which} string: {e}"))?;
            }
        }
        match self.providers() {
            0 => Err("no provider specified".into()),
            1 => Ok(()),
            _ => Err("multiple providers specified".into()),
        }
    }

    /// The kind of provider: the first key that is given.
    pub fn provider_kind(&self) -> Option<&str> {
        self.provider
            .as_object()?
            .iter()
            .find(|(_, value)| !value.is_null())
            .map(|(key, _)| key.as_str())
    }

    /// The kinds of answers that its provider gives when there are data; none if it may answer anything.
    ///
    /// Source: argo-rollouts v1.10.1 `metricproviders`.
    pub fn answers(&self) -> &'static [Answer] {
        let query = self
            .provider
            .pointer("/prometheus/query")
            .and_then(Json::as_str)
            .unwrap_or_default();
        match self.provider_kind() {
            Some("prometheus") if query.trim_start().starts_with("scalar(") => &[Answer::Number],
            Some("prometheus" | "graphite") => &[Answer::Vector],
            Some("datadog") => &[Answer::Number],
            Some("wavefront") => &[Answer::Number, Answer::Vector],
            Some("newRelic") => &[Answer::Object, Answer::List],
            Some("influxdb") => &[Answer::List],
            _ => &[],
        }
    }

    /// The provider judges itself: a job that ran, a score of Kayenta. Conditions are not evaluated.
    pub fn judged_by_provider(&self) -> bool {
        matches!(self.provider_kind(), Some("job" | "kayenta"))
    }

    fn providers(&self) -> usize {
        let Some(object) = self.provider.as_object() else {
            return 0;
        };
        let of_key = |(key, value): (&String, &Json)| match key.as_str() {
            "plugin" => value.as_object().map_or(0, serde_json::Map::len),
            _ => usize::from(!value.is_null()),
        };
        object.iter().map(of_key).sum()
    }
}

fn validate_signs(limits: &Limits) -> Result<(), String> {
    let wrong = if limits.success < 0 {
        "consecutiveSuccessLimit must be >= 0"
    } else if limits.failure < -1 {
        "failureLimit must be >= 0, or -1 to be disabled"
    } else if limits.success == 0 && limits.failure == -1 {
        "failureLimit and consecutiveSuccessLimit cannot both be disabled"
    } else if limits.inconclusive < 0 {
        "inconclusiveLimit must be >= 0"
    } else if limits.error < 0 {
        "consecutiveErrorLimit must be >= 0"
    } else {
        return Ok(());
    };
    Err(wrong.into())
}

fn validate_count(count: i64, limits: &Limits) -> Result<(), String> {
    let (failure, success) = (limits.failure, limits.success);
    if failure >= 0 && count < failure + success {
        return Err(format!(
            "count ({count}) must be >= failureLimit + consecutiveSuccessLimit ({failure} + {success}) if both >= 0"
        ));
    }
    if failure < 0 && count < success {
        return Err("count must be >= consecutiveSuccessLimit".into());
    }
    if count < limits.inconclusive {
        return Err("count must be >= inconclusiveLimit".into());
    }
    Ok(())
}

/// What a run finds wrong with its metrics before it measures anything.
///
/// # Errors
/// The engine's words.
pub fn validate_all(metrics: &[Metric]) -> Result<(), String> {
    if metrics.is_empty() {
        return Err("no metrics specified".into());
    }
    for (i, metric) in metrics.iter().enumerate() {
        if metrics[..i].iter().any(|before| before.name == metric.name) {
            return Err(format!("metrics[{i}]: duplicate name '{}'", metric.name));
        }
        metric
            .validate()
            .map_err(|e| format!("metrics[{i}]: {e}"))?;
    }
    Ok(())
}
