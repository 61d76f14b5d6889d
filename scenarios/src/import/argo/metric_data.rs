//! Findings about what a metric measures: no data, windows that overlap, too little traffic.

use controllers::argo::condition::Outcome;
use controllers::argo::facts;
use controllers::argo::metric::Metric;
use controllers::flagger::duration;

use crate::diagnostic::quote::quote;
use crate::import::finding::{
    ObjectFindings, WORLD, at_least, check_fails, longest_window, percent, seconds,
};

/// What no traffic decides.
pub(super) fn no_data(findings: &mut ObjectFindings<'_>, path: &str, metric: &Metric) {
    let text = format!("{} {}", metric.success_condition, metric.failure_condition);
    // An index looks at one series on purpose; only a maximum over all of them seems not to depend on their order.
    order(findings, path, (&text, metric));
    let Some(without) = facts::without_data(metric) else {
        return;
    };
    let guards = ["len(", "isNaN(", "isNil("];
    let guarded = guards.iter().any(|guard| text.contains(guard));
    if guarded && without.nothing != Outcome::Error {
        return;
    }
    if without.nothing == Outcome::Inconclusive && without.nan == Outcome::Inconclusive {
        return;
    }
    let what = format!("{} does not say what no data means", quote(&metric.name));
    let why = format!(
        "an answer without series {}; 0/0 {}: the way the condition is written decides it",
        effect(without.nothing),
        effect(without.nan)
    );
    let next = "decide it: `len(result) == 0 || isNaN(result[0]) || result[0] >= LIMIT` passes without data; both a \
                `successCondition` and a `failureCondition` pause";
    let key = if metric.success_condition.is_empty() {
        "failureCondition"
    } else {
        "successCondition"
    };
    findings.warning("CM428", &format!("{path}.{key}"), [&what, &why, next]);
}

pub(super) fn order(
    findings: &mut ObjectFindings<'_>,
    path: &str,
    (text, metric): (&str, &Metric),
) {
    if ["max(", "min("].iter().any(|name| text.contains(name)) && facts::order_matters(metric) {
        let what = format!("the order of the series decides {}", quote(&metric.name));
        let why = "`max` and `min` keep a NaN that comes first and pass over one that comes later; no server promises an order";
        findings.warning("CM436", path, [&what, why, "take the maximum in the query"]);
    }
}

pub(super) const fn effect(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Successful => "passes",
        Outcome::Failed => "fails",
        Outcome::Inconclusive => "pauses",
        Outcome::Error => "is an Error, and five in a row abort",
    }
}

/// Checks that look at the same requests.
pub(super) fn windows(findings: &mut ObjectFindings<'_>, path: &str, metric: &Metric) {
    let query = prometheus_query(metric);
    let (Some(window), Some(interval)) = (
        query.and_then(longest_window),
        duration::parse(&metric.interval),
    ) else {
        return;
    };
    if interval <= 0.0 || window <= interval {
        return;
    }
    let checks = (window / interval).ceil();
    let failures = metric.limits().failure;
    let aborts = failures >= 1 && checks > failures as f64;
    let what = format!(
        "{} looks at {} every {}",
        quote(&metric.name),
        seconds(window),
        seconds(interval)
    );
    let end = aborts.then(|| format!(", more than `failureLimit` {failures}: it aborts"));
    let end = end.unwrap_or_default();
    let why = format!(
        "one bad second is in {checks} measurements in a row{end}; they are not {checks} independent witnesses"
    );
    let next = "make the interval as long as the window of the query";
    let words = [what.as_str(), &why, next];
    let path = format!("{path}.interval");
    if aborts {
        findings.warning("CM429", &path, words);
    } else {
        findings.note("CM429", &path, words);
    }
}

pub(super) fn prometheus_query(metric: &Metric) -> Option<&str> {
    metric
        .provider
        .pointer("/prometheus/query")
        .and_then(|it| it.as_str())
}

/// Too few requests for the limit.
pub(super) fn traffic(findings: &mut ObjectFindings<'_>, path: &str, metric: &Metric) {
    let Some(allowed) = allowed_errors(&metric.success_condition) else {
        return;
    };
    let query = prometheus_query(metric);
    let window = query.and_then(longest_window).unwrap_or(60.0);
    let p = check_fails(window, allowed);
    let limits = metric.limits();
    let (Some(count), true) = (limits.count, limits.failure >= 0) else {
        return;
    };
    let chance = at_least(count.max(1) as u64, limits.failure as u64 + 1, p);
    if chance < 0.05 {
        return;
    }
    let least = (1.0 / allowed).floor();
    let name = quote(&metric.name);
    let what = format!("{name} needs more traffic than a small canary has");
    let why = format!(
        "below {least} requests in a window one failed request fails it; {WORLD} {} of good releases abort",
        percent(chance)
    );
    let next = "lengthen the window of the query, raise `failureLimit`, or guard with a least number of requests";
    let path = format!("{path}.successCondition");
    findings.warning("CM430", &path, [&what, &why, next]);
}

/// The share of errors that `result[0] >= 0.99` or `result[0] < 0.01` allows; nothing for other conditions.
pub(super) fn allowed_errors(condition: &str) -> Option<f64> {
    let text: String = condition.split_whitespace().collect();
    let rest = text
        .strip_prefix("result[0]")
        .or_else(|| text.strip_prefix("result"))?;
    let limit = |rest: &str| rest.parse::<f64>().ok();
    let allowed = if let Some(rest) = rest.strip_prefix('>') {
        1.0 - limit(rest.strip_prefix('=').unwrap_or(rest))?
    } else {
        let rest = rest.strip_prefix('<')?;
        limit(rest.strip_prefix('=').unwrap_or(rest))?
    };
    (0.0 < allowed && allowed < 0.2).then_some(allowed)
}
