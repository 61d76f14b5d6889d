//! What can be said of an analysis and of a canary before anything runs, for lint and for reports.

use super::canary::policy::CanaryPolicy;
use super::condition::{ConditionError, Outcome, Value};
use super::counts::{Counts, Pods, Scale, Sets, Wanted};
use super::metric::{Metric, milliseconds};
use super::run::ERROR_RETRY;
use crate::pattern::Pattern;

/// Which condition of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// `successCondition`.
    Success,
    /// `failureCondition`.
    Failure,
}

/// Conditions that make every measurement of a metric an error: they cannot be compiled for the answers of its provider.
/// The arguments of the metric are to be resolved before.
pub fn never_evaluates(metric: &Metric) -> Vec<(Which, ConditionError)> {
    if metric.judged_by_provider() {
        return Vec::new();
    }
    let conditions = metric.conditions();
    let both = [
        (Which::Success, conditions.success),
        (Which::Failure, conditions.failure),
    ];
    let fault = |(which, condition): (Which, Option<super::condition::Condition>)| {
        condition
            .and_then(|c| c.check(metric.answers()).err())
            .map(|fault| (which, fault))
    };
    both.into_iter().filter_map(fault).collect()
}

/// What a metric makes of an answer without data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WithoutData {
    /// No series: an empty list, or nil where the provider answers with one number.
    pub nothing: Outcome,
    /// One series whose value is no number (0/0).
    pub nan: Outcome,
}

/// What a metric makes of an answer without data; none if its provider judges itself or may answer anything.
pub fn without_data(metric: &Metric) -> Option<WithoutData> {
    use super::condition::Answer;
    let (nothing, nan) = match metric.answers().first()? {
        Answer::Vector => (Value::vector(&[]), Value::vector(&[f64::NAN])),
        Answer::Number => (Value::Nil, Value::Float(f64::NAN)),
        _ => return None,
    };
    let conditions = metric.conditions();
    Some(WithoutData {
        nothing: conditions.judge(&nothing).0,
        nan: conditions.judge(&nan).0,
    })
}

/// The order of the series of one answer changes the judgement (`max` and `min` with a NaN).
pub fn order_matters(metric: &Metric) -> bool {
    let conditions = metric.conditions();
    let of = |values: &[f64]| conditions.judge(&Value::vector(values)).0;
    [0.0, 0.01, 0.5, 0.99, 1.0, 10.0, 1000.0]
        .iter()
        .any(|x| of(&[*x, f64::NAN]) != of(&[f64::NAN, *x]))
}

/// No measurement can fail it: `failureLimit` equals `count`. (Above `count` the run is an error: see
/// [`Metric::validate`].)
pub fn cannot_fail(metric: &Metric) -> bool {
    let limits = metric.limits();
    limits.success == 0
        && metric.validate().is_ok()
        && limits.count.is_some_and(|count| limits.failure >= count)
}

/// One failed measurement of several ends it: `failureLimit` is not given and it is measured more than once.
pub fn one_failure_ends(metric: &Metric) -> bool {
    metric.failure_limit.is_none() && metric.limits().count != Some(1)
}

/// Milliseconds of an outage of the provider that end the run as an error, if the outage begins at a measurement: errors
/// are retried every ten seconds whatever the interval.
pub fn fatal_outage(metric: &Metric) -> i64 {
    metric.limits().error * ERROR_RETRY
}

/// Milliseconds from the start of a run until the metric is complete without a failure; none if it runs until it is
/// stopped. A background analysis guards no longer than that.
pub fn guards_for(metric: &Metric) -> Option<i64> {
    let count = metric.limits().count?;
    let time = |text: &str| milliseconds(text).unwrap_or(0);
    Some(time(&metric.initial_delay) + (count - 1).max(0) * time(&metric.interval))
}

/// Names of metrics that a dry-run rule catches beside the metric of just its name.
pub fn dry_by_accident<'a>(rule: &str, names: &[&'a str]) -> Vec<&'a str> {
    let exact = names.contains(&rule);
    let Some(pattern) = Pattern::searched(rule).ok().filter(|_| exact) else {
        return Vec::new();
    };
    names
        .iter()
        .copied()
        .filter(|name| *name != rule && pattern.matches(name))
        .collect()
}

/// Rounds of reconciling, after each of which all pods become available, until one changes nothing.
fn resting(scale: &Scale, weight: i32) -> Counts {
    let wanted = Wanted {
        canary_replicas: None,
        weight,
        aborted: false,
        routed: None,
    };
    let mut counts = Counts {
        canary: 0,
        stable: scale.replicas,
    };
    for _ in 0..1000 {
        let pods = |count| Some(Pods::new(count, count));
        let sets = Sets {
            canary: pods(counts.canary),
            stable: pods(counts.stable),
            older: Pods::default(),
        };
        let next = scale.counts(&sets, &wanted);
        if next == counts {
            break;
        }
        counts = next;
    }
    counts
}

/// The pods at which a weight comes to rest, if all pods become available, and the share of the canary among them; with a
/// router the share is the weight.
pub fn at_rest(policy: &CanaryPolicy, weight: i32) -> (Counts, f64) {
    let scale = &policy.scale;
    let counts = resting(scale, weight);
    let share = if scale.routed {
        f64::from(weight) / f64::from(scale.max_weight)
    } else {
        f64::from(counts.canary) / f64::from((counts.canary + counts.stable).max(1))
    };
    (counts, share)
}
