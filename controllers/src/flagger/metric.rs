//! Checks of metrics: which are asked, in which order, and when an answer fails.
//!
//! Source: fluxcd/flagger v1.44.0, `pkg/controller/scheduler_metrics.go`, `pkg/metrics/providers/*.go`,
//! `pkg/metrics/observers/*.go`. No data, NaN and errors of the provider are failed checks.

use super::form::{CanaryMetric, MetricTemplateSpec};
use super::policy::Policy;

/// Nanoseconds in a millisecond.
const MILLISECOND: i64 = 1_000_000;

/// What a provider answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// One number for each series, in the order of the answer. None at all is no value.
    Series(Vec<f64>),
    /// The provider could not be asked, or refused the query.
    Failed,
}

/// Which query a metric makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Built in: share of requests that succeed, %.
    RequestSuccessRate,
    /// Milliseconds, except through the Gateway API and `kubernetes`, whose query answers in seconds.
    RequestDuration,
    /// PromQL in the canary itself.
    Query,
    /// A template.
    Template,
}

/// One question to a metrics server.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ask<'a> {
    /// Where the metric stands in `spec.analysis.metrics`.
    pub index: usize,
    /// The metric that asks.
    pub metric: &'a CanaryMetric,
    /// Which query it is.
    pub source: Source,
    /// The window; empty for a template metric that does not say one.
    pub interval: &'a str,
}

/// What a metric of a check comes to before it is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step<'a> {
    /// It is asked.
    Ask(Ask<'a>),
    /// It fails without a question: no template and no query, the template is missing, or its provider needs the
    /// interval that is not there.
    Fail(usize),
}

impl Answer {
    /// One number.
    #[must_use]
    pub fn value(value: f64) -> Self {
        Self::Series(vec![value])
    }

    /// The number that decides: that of the **last** series. `None` for no series, NaN and errors.
    #[must_use]
    pub fn deciding(&self) -> Option<f64> {
        match self {
            Self::Series(values) => values.last().copied().filter(|value| !value.is_nan()),
            Self::Failed => None,
        }
    }
}

/// All questions of one check in their order: built-in metrics and queries first, then templates. The first that fails
/// ends the check, so that a check is one failed check however many metrics are bad.
#[must_use]
pub fn steps(policy: &Policy) -> Vec<Step<'_>> {
    let metrics = || policy.analysis().metrics.iter().enumerate();
    let built_in = metrics().flat_map(|(index, metric)| built_in(index, metric));
    let templates = metrics().filter_map(|(index, metric)| templated(policy, index, metric));
    built_in.chain(templates).collect()
}

fn built_in(index: usize, metric: &CanaryMetric) -> impl Iterator<Item = Step<'_>> {
    let interval = if metric.interval.is_empty() {
        "1m"
    } else {
        &metric.interval
    };
    let named = match metric.name.as_str() {
        "request-success-rate" => Some(Source::RequestSuccessRate),
        "request-duration" => Some(Source::RequestDuration),
        _ => None,
    };
    let query = (!metric.query.is_empty()).then_some(Source::Query);
    let ask = move |source| {
        Step::Ask(Ask {
            index,
            metric,
            source,
            interval,
        })
    };
    named.into_iter().chain(query).map(ask)
}

fn templated<'a>(policy: &'a Policy, index: usize, metric: &'a CanaryMetric) -> Option<Step<'a>> {
    if metric.template_ref.is_none() {
        return built_in(index, metric)
            .next()
            .is_none()
            .then_some(Step::Fail(index));
    }
    let usable = policy.template(index).is_some_and(|template| {
        !needs_interval(&template.provider.kind)
            || super::duration::parse(&metric.interval).is_some()
    });
    let (source, interval) = (Source::Template, metric.interval.as_str());
    let ask = Ask {
        index,
        metric,
        source,
        interval,
    };
    Some(if usable {
        Step::Ask(ask)
    } else {
        Step::Fail(index)
    })
}

/// Providers that read the metric's interval themselves and refuse to start without a readable one.
#[must_use]
pub fn needs_interval(provider: &str) -> bool {
    ["datadog", "cloudwatch", "newrelic", "dynatrace", "splunk"].contains(&provider)
}

/// Whether the query of a template has a window that this metric leaves empty: `rate(x[{{ interval }}])` becomes
/// `rate(x[])`, which every server refuses, so that each check fails.
#[must_use]
pub fn renders_empty_window(template: &MetricTemplateSpec, metric: &CanaryMetric) -> bool {
    metric.interval.is_empty() && uses_interval(&template.query)
}

/// Whether a text template calls `interval` in one of its actions.
fn uses_interval(query: &str) -> bool {
    query
        .split("{{")
        .skip(1)
        .filter_map(|rest| rest.split("}}").next())
        .any(|action| {
            action
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .any(|word| word == "interval")
        })
}

/// Whether a value passes.
#[must_use]
pub fn passes(policy: &Policy, ask: &Ask<'_>, value: f64) -> bool {
    let metric = ask.metric;
    if ask.source == Source::RequestDuration {
        return duration_passes(metric, duration_nanos(policy, value));
    }
    match metric.threshold_range {
        Some(range) => {
            range.min.is_none_or(|min| value >= min) && range.max.is_none_or(|max| value <= max)
        }
        None if ask.source == Source::RequestSuccessRate => value >= metric.threshold,
        None => value <= metric.threshold,
    }
}

fn duration_passes(metric: &CanaryMetric, nanos: i64) -> bool {
    let bound = |limit: f64| truncated(limit).wrapping_mul(MILLISECOND);
    match metric.threshold_range {
        Some(range) => {
            range.min.is_none_or(|min| nanos >= bound(min))
                && range.max.is_none_or(|max| nanos <= bound(max))
        }
        None => nanos <= bound(metric.threshold),
    }
}

/// A request duration as Flagger compares it: whole milliseconds, the rest cut off.
fn duration_nanos(policy: &Policy, value: f64) -> i64 {
    let in_seconds = policy.is_kubernetes() || policy.provider().starts_with("gatewayapi");
    let millis = if in_seconds { value * 1000.0 } else { value };
    truncated(millis).wrapping_mul(MILLISECOND)
}

/// A float as Go on amd64 makes an integer of it: the fraction is cut off, and what does not fit is the smallest one.
fn truncated(value: f64) -> i64 {
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    if (-BEYOND..BEYOND).contains(&value) {
        #[expect(clippy::cast_possible_truncation, reason = "the cut is the rule")]
        let whole = value as i64;
        return whole;
    }
    i64::MIN
}
