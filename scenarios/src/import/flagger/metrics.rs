//! What the metrics of a Canary will say.

use controllers::flagger::duration;
use controllers::flagger::facts::{false_rollback, gating_checks};
use controllers::flagger::form::CanaryMetric;
use controllers::flagger::policy::Policy;
use controllers::prometheus::findings::may_be_several;
use controllers::prometheus::parse;

use crate::diagnostic::quote::quote;
use crate::import::finding::{ObjectFindings, WORLD, check_fails, percent, seconds};

/// ObjectFindings about the metrics of a canary.
pub(super) fn lint(findings: &mut ObjectFindings<'_>, policy: &Policy) {
    for (nth, metric) in policy.analysis().metrics.iter().enumerate() {
        let path = format!("spec.analysis.metrics[{nth}]");
        empty_window(findings, &path, policy, nth, metric);
        limit(findings, &path, metric);
        overlap(findings, &path, policy, metric);
        several_series(findings, &path, policy, nth, metric);
        traffic(findings, &path, policy, metric);
    }
}

/// A template that asks for the interval, and a metric that does not say one.
fn empty_window(
    findings: &mut ObjectFindings<'_>,
    path: &str,
    policy: &Policy,
    nth: usize,
    metric: &CanaryMetric,
) {
    if metric.template_ref.is_none() || !metric.interval.is_empty() {
        return;
    }
    let name = quote(&metric.name);
    let why = "`{{ interval }}` is then empty: the query has `[]`, every check fails, and the release is rolled back";
    let next = "`interval: 1m`; only built-in metrics have that by default";
    match policy.template(nth) {
        Some(template) if template.query.contains("interval") => {
            let what = format!("{name} has no `interval`, which its template asks for");
            findings.error("CM440", path, [&what, why, next]);
        }
        Some(_) => {}
        None => {
            let what = format!("{name} has no `interval`, which its template may ask for");
            findings.warning("CM440", path, [&what, why, next]);
        }
    }
}

/// A limit that is not said, or is said finer than it is read.
fn limit(findings: &mut ObjectFindings<'_>, path: &str, metric: &CanaryMetric) {
    let name = quote(&metric.name);
    let range = metric.threshold_range;
    if range.is_none() && metric.threshold == 0.0 && metric.name != "request-success-rate" {
        let what = format!("{name} has no limit, which counts as at most 0");
        let why = "every value above 0 is a failed check: 0.001 fails";
        findings.error(
            "CM440",
            path,
            [&what, why, "`thresholdRange` with `min` or `max`"],
        );
    }
    let fine = |limit: f64| limit.fract() != 0.0;
    let most = range.and_then(|range| range.max).unwrap_or(0.0);
    if metric.name == "request-duration" && metric.template_ref.is_none() && fine(most) {
        let what = format!("the limit of {name} is {} ms", most.trunc());
        let why =
            "value and limit are cut to whole milliseconds: with a limit of 1 ms, 1.9 ms pass";
        findings.note(
            "CM442",
            &format!("{path}.thresholdRange.max"),
            [&what, why, ""],
        );
    }
}

/// An answer with several series, of which the last decides.
fn several_series(
    findings: &mut ObjectFindings<'_>,
    path: &str,
    policy: &Policy,
    nth: usize,
    metric: &CanaryMetric,
) {
    let template = policy
        .template(nth)
        .filter(|it| it.provider.kind == "prometheus");
    let query = template.map_or(&metric.query, |template| &template.query);
    let several = parse(&filled_in(query)).is_ok_and(|expr| may_be_several(&expr));
    if !several {
        return;
    }
    let what = format!(
        "the last series of the answer decides {}",
        quote(&metric.name)
    );
    let why = "nothing adds the series up, and Flagger looks at one of them: of two pods, codes or paths one is not judged, whichever \
               comes first";
    findings.warning(
        "CM436",
        path,
        [&what, why, "`sum(...)` around each side of the query"],
    );
}

/// A query with something in the place of each `{{ ... }}`: a length of time within brackets, a word elsewhere.
fn filled_in(query: &str) -> String {
    let mut parts = query.split("{{");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let Some((_, rest)) = part.split_once("}}") else {
            continue;
        };
        let length = text.trim_end().ends_with('[');
        text.extend([if length { "1m" } else { "x" }, rest]);
    }
    text
}

/// The window of a metric: built-in ones have a minute.
fn window(metric: &CanaryMetric) -> Option<f64> {
    if metric.interval.is_empty() && metric.template_ref.is_none() {
        return Some(60.0);
    }
    duration::parse(&metric.interval).filter(|window| *window > 0.0)
}

/// Checks that look at the same requests.
fn overlap(findings: &mut ObjectFindings<'_>, path: &str, policy: &Policy, metric: &CanaryMetric) {
    let Some(window) = window(metric).filter(|window| *window > policy.interval()) else {
        return;
    };
    let checks = (window / policy.interval()).ceil();
    let rolls_back = checks >= policy.threshold() as f64 && policy.threshold() > 1;
    let (name, every) = (quote(&metric.name), seconds(policy.interval()));
    let what = format!("{name} looks at {} every {every}", seconds(window));
    let threshold = policy.threshold();
    let end =
        rolls_back.then(|| format!(", as many as `threshold` {threshold} bears: it rolls back"));
    let end = end.unwrap_or_default();
    let why = format!("one bad second is in {checks} checks in a row{end}");
    let words = [
        what.as_str(),
        &why,
        "make `analysis.interval` as long as the window of the metric",
    ];
    if rolls_back {
        findings.warning("CM429", path, words);
    } else {
        findings.note("CM429", path, words);
    }
}

/// Too few requests for the limit.
fn traffic(findings: &mut ObjectFindings<'_>, path: &str, policy: &Policy, metric: &CanaryMetric) {
    if metric.name != "request-success-rate" || metric.template_ref.is_some() {
        return;
    }
    let least = metric
        .threshold_range
        .map_or(metric.threshold, |range| range.min.unwrap_or(0.0));
    let (allowed, Some(window)) = (1.0 - least / 100.0, window(metric)) else {
        return;
    };
    if !(0.0 < allowed && allowed < 0.2) {
        return;
    }
    let fails = check_fails(window, allowed);
    let chance = false_rollback(gating_checks(policy), policy.threshold(), fails);
    if chance < 0.05 {
        return;
    }
    let what = format!("a success rate of {least} % needs more traffic than a small canary has");
    let why = format!(
        "below {:.0} requests in {} one failed request fails the check; {WORLD} {} of good releases are rolled back",
        (1.0 / allowed).floor(),
        seconds(window),
        percent(chance)
    );
    let next = "lengthen the `interval` of the metric, or raise `threshold`";
    findings.warning("CM430", path, [&what, &why, next]);
}
