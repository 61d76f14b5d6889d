//! What a metric of an analysis will do: L1 to L3 and L8 to L11 of the rules for foreign policies.

use controllers::argo::args::{self, Argument};
use controllers::argo::condition::Fault;
use controllers::argo::facts::{self, Which};
use controllers::argo::form::AnalysisTemplateSpec;
use controllers::argo::metric::Metric;
use controllers::flagger::duration;

use super::metric_data::{no_data, traffic, windows};
use crate::diagnostic::quote::quote;
use crate::import::finding::{ObjectFindings, at_least, percent, seconds};

/// ObjectFindings about the metrics of a template or a run.
pub(super) fn lint(findings: &mut ObjectFindings<'_>, spec: &AnalysisTemplateSpec) {
    for (nth, raw) in spec.metrics.iter().enumerate() {
        let path = format!("spec.metrics[{nth}]");
        match resolved(raw, &spec.args) {
            Ok(metric) if !is_modest(&metric) => {}
            Ok(metric) => {
                refused(findings, &path, &metric);
                conditions(findings, nth, &metric);
                if metric.validate().is_ok() && !metric.judged_by_provider() {
                    limits(findings, &path, &metric);
                    no_data(findings, &path, &metric);
                    windows(findings, &path, &metric);
                    traffic(findings, &path, &metric);
                }
            }
            Err(why) if why.contains("args") && spec.templates.is_empty() => {
                let what = format!("an argument of {} has no value: {why}", quote(&raw.name));
                let why = "a Rollout that waits for this analysis is refused; in the background its run is an Error at \
                           once, and the rollout aborts";
                findings.error("CM421", &path, [&what, why, "declare it in `spec.args`"]);
            }
            Err(_) => {}
        }
    }
    dry_runs(findings, spec);
}

/// A metric with its arguments; what only a rollout gives is `1`, which suits limits and names alike, or `1m` in a length
/// of time.
pub(super) fn resolved(metric: &Metric, declared: &[Argument]) -> Result<Metric, String> {
    let lengths = format!("{} {}", metric.interval, metric.initial_delay);
    let placed = |argument: &Argument| {
        let in_length = lengths.contains(&format!("args.{}", argument.name));
        let stands = if in_length { "1m" } else { "1" };
        Argument {
            value: argument.value.clone().or_else(|| Some(stands.to_owned())),
            ..argument.clone()
        }
    };
    let placed: Vec<Argument> = declared.iter().map(placed).collect();
    args::resolve(metric, &placed)
}

/// Whether the numbers of a metric are such that anybody waits for them; arguments may say any number.
pub(super) fn is_modest(metric: &Metric) -> bool {
    let long = |text: &str| duration::parse(text).is_some_and(|seconds| seconds > 1e9);
    let limits = metric.limits();
    let numbers = [limits.count.unwrap_or(0), limits.failure, limits.error];
    numbers
        .iter()
        .all(|number| (-1_000_000..=1_000_000).contains(number))
        && !long(&metric.interval)
        && !long(&metric.initial_delay)
}

/// The path of a condition.
pub(super) fn condition_path(nth: usize, which: Which) -> String {
    let key = match which {
        Which::Success => "successCondition",
        Which::Failure => "failureCondition",
    };
    format!("spec.metrics[{nth}].{key}")
}

/// A run that is an error before it measures anything.
fn refused(findings: &mut ObjectFindings<'_>, path: &str, metric: &Metric) {
    let Err(why) = metric.validate() else { return };
    let what = format!(
        "every run of {} is an Error before it measures: {why}",
        quote(&metric.name)
    );
    let reason = "the Rollout is accepted, its analysis is not: the rollout aborts, always (seen with 1.10.1)";
    let limits = metric.limits();
    let next = if limits.failure == -1 {
        "`-1` switches `failureLimit` off only beside `consecutiveSuccessLimit`; write a number of 0 or more"
    } else if limits.count.is_some_and(|count| limits.failure > count) {
        "write a `failureLimit` below `count`"
    } else {
        ""
    };
    let key = if limits.failure == -1 || why.contains("failureLimit") {
        ".failureLimit"
    } else {
        ""
    };
    findings.error("CM421", &format!("{path}{key}"), [&what, reason, next]);
}

fn conditions(findings: &mut ObjectFindings<'_>, nth: usize, metric: &Metric) {
    let outage = seconds(facts::fatal_outage(metric) as f64 / 1000.0);
    for (which, fault) in facts::never_evaluates(metric) {
        let path = condition_path(nth, which);
        if fault.kind == Fault::Unsupported {
            let what = format!("the condition is outside of what is simulated: {fault}");
            findings.note("CM451", &path, [&what, "", ""]);
            continue;
        }
        let what = format!("the condition never evaluates: {fault}");
        let why = format!(
            "each measurement is an Error, retried every 10 s: the rollout aborts after {outage}"
        );
        let next = "`result` is the answer of the provider; limits from arguments are written `{{args.name}}`";
        findings.error("CM420", &path, [&what, &why, next]);
    }
}

/// Which limits decide nothing, or everything.
fn limits(findings: &mut ObjectFindings<'_>, path: &str, metric: &Metric) {
    let limits = metric.limits();
    if facts::cannot_fail(metric) {
        let count = limits.count.unwrap_or(0);
        let what = format!(
            "{} cannot fail: `failureLimit` is {} of `count` {count}",
            quote(&metric.name),
            limits.failure
        );
        let why = format!(
            "{count} failed measurements of {count} are Successful: it fails with more than `failureLimit`"
        );
        let next = format!("`failureLimit: {}` at most", count - 1);
        let path = format!("{path}.failureLimit");
        findings.warning("CM422", &path, [&what, &why, &next]);
    } else if facts::one_failure_ends(metric) {
        one_failure(findings, path, metric);
    }
    error_clock(findings, path, metric);
}

/// A metric of which a single failed measurement aborts.
fn one_failure(findings: &mut ObjectFindings<'_>, path: &str, metric: &Metric) {
    let limits = metric.limits();
    let interval = duration::parse(&metric.interval).unwrap_or(60.0).max(1.0);
    let (trials, span) = match limits.count {
        Some(count) => (count.max(1) as u64, String::new()),
        None => ((3600.0 / interval) as u64, " an hour".to_owned()),
    };
    let what = format!(
        "one failed measurement of {} aborts: `failureLimit` is not set and counts as 0",
        quote(&metric.name)
    );
    let chance = percent(at_least(trials.max(1), 1, 0.01));
    let why = format!(
        "with one bad measurement in a hundred, {chance} of good releases abort ({trials} measurements{span})"
    );
    findings.warning(
        "CM423",
        path,
        [
            &what,
            &why,
            "say how many failed measurements are borne: `failureLimit: 2`",
        ],
    );
}

/// Errors have a clock of their own.
fn error_clock(findings: &mut ObjectFindings<'_>, path: &str, metric: &Metric) {
    let outage = facts::fatal_outage(metric) as f64 / 1000.0;
    let Some(interval) = duration::parse(&metric.interval) else {
        return;
    };
    if interval <= outage || metric.limits().failure < 1 {
        return;
    }
    let what = format!(
        "an outage of the metrics of {} aborts {}",
        seconds(outage),
        quote(&metric.name)
    );
    let why = format!(
        "an Error is retried every 10 s whatever the interval, and {} in a row end the run; `failureLimit` {} bears as many \
         failures, {} apart",
        metric.limits().error + 1,
        metric.limits().failure,
        seconds(interval)
    );
    let next = format!("`consecutiveErrorLimit: {}` bears 5 min", 300 / 10);
    findings.note("CM431", path, [&what, &why, &next]);
}

/// A rule of `dryRun` is a pattern that is found anywhere in a name.
fn dry_runs(findings: &mut ObjectFindings<'_>, spec: &AnalysisTemplateSpec) {
    let names: Vec<&str> = spec
        .metrics
        .iter()
        .map(|metric| metric.name.as_str())
        .collect();
    for (nth, rule) in spec.dry_run.iter().enumerate() {
        let caught = facts::dry_by_accident(&rule.metric_name, &names);
        if caught.is_empty() {
            continue;
        }
        let list = caught
            .iter()
            .map(|name| quote(name))
            .collect::<Vec<_>>()
            .join(", ");
        let what = format!(
            "{} makes {list} a dry run as well",
            quote(&rule.metric_name)
        );
        let next = format!("anchor it: `^{}$`", rule.metric_name);
        let why =
            "the name is a pattern that may stand anywhere in a metric's name: that gate is off";
        findings.warning(
            "CM437",
            &format!("spec.dryRun[{nth}].metricName"),
            [&what, why, &next],
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::metric_data::allowed_errors;

    #[test]
    fn plain_limits_say_which_share_of_errors_they_allow() {
        let near = |condition: &str, share: f64| {
            let found = allowed_errors(condition).expect("it is a plain limit");
            assert!((found - share).abs() < 1e-12, "{condition}: {found}");
        };
        near("result[0] >= 0.99", 0.01);
        near("result < 0.05", 0.05);
        assert_eq!(
            allowed_errors("len(result) == 0 || result[0] >= 0.99"),
            None
        );
        assert_eq!(allowed_errors("result[0] <= 500"), None);
    }
}
