//! Rules of Prometheus 3: what an alert says when there is little to say it from.

use controllers::prometheus::findings::{Finding, findings as of_expression};
use controllers::prometheus::form::{Defaults, GroupForm, RuleFile, RuleForm};
use controllers::prometheus::shape::{Measure, Shape};
use controllers::prometheus::{Millis, parse};

use super::finding::{ObjectFindings, seconds};
use super::object::Object;
use crate::diagnostic::quote::quote;

/// From one scrape to the next where nobody says otherwise: the default of Prometheus.
const SCRAPE: Millis = 60_000;
/// From this `for` on an alert outlives a restart of Prometheus (`--rules.alert.for-grace-period`).
const GRACE: Millis = 600_000;

fn file(object: &Object) -> (&'static str, RuleFile) {
    let (prefix, body) = object.body();
    (prefix, object.read_part(body).unwrap_or_default())
}

/// Expressions that Prometheus takes and that are outside of the subset.
pub(super) fn beyond(object: &Object) -> Vec<(String, String)> {
    let (prefix, file) = file(object);
    let (_, errors) = file.groups("rules", Defaults::default());
    let outside = errors.into_iter().filter(|error| error.unsupported);
    outside
        .map(|error| (format!("{prefix}{}", error.path), error.message))
        .collect()
}

/// ObjectFindings about the rules of a file.
pub(super) fn lint(findings: &mut ObjectFindings<'_>) {
    let (prefix, file) = file(findings.object);
    let (_, errors) = file.groups("rules", Defaults::default());
    for error in errors {
        let path = format!("{prefix}{}", error.path);
        if error.unsupported {
            let what = format!(
                "the expression is outside of what is simulated: {}",
                error.message
            );
            findings.note("CM451", &path, [&what, "", ""]);
        } else {
            let what = format!("Prometheus refuses the file: {}", error.message);
            findings.error("CM438", &path, [&what, "none of its rules is loaded", ""]);
        }
    }
    for (nth, group) in file.groups.iter().enumerate() {
        let path = format!("{prefix}groups[{nth}]");
        limit(findings, &path, group);
        for (at, rule) in group.rules.iter().enumerate() {
            let path = format!("{path}.rules[{at}]");
            expression(findings, &path, rule);
            restart(findings, &path, rule);
            edited(findings, &path, rule);
        }
        grouped(findings, &path, group);
    }
}

/// A limit that switches the alert off when most is wrong.
fn limit(findings: &mut ObjectFindings<'_>, path: &str, group: &GroupForm) {
    if group.limit == 0 || group.rules.iter().all(|rule| rule.alert.is_empty()) {
        return;
    }
    let what = format!(
        "with more than {} alerts of one rule there is none",
        group.limit
    );
    let why = "the rule is an error then, alerts that fire are dropped, and `for` begins anew: the trigger is off when all hosts are bad";
    findings.warning(
        "CM447",
        &format!("{path}.limit"),
        [&what, why, "aggregate in the expression"],
    );
}

fn expression(findings: &mut ObjectFindings<'_>, path: &str, rule: &RuleForm) {
    let Ok(expr) = parse(&rule.expr) else { return };
    let path = format!("{path}.expr");
    let name = quote(if rule.alert.is_empty() {
        &rule.record
    } else {
        &rule.alert
    });
    for (_, finding) in of_expression(&expr, SCRAPE) {
        told(findings, &path, &name, &finding);
    }
    if !rule.alert.is_empty() && Shape::of(&expr).is_some_and(|shape| has_ratio(&shape)) {
        let what = format!("{name} goes on judging a target that is gone");
        let why = "a ratio of two rates keeps its value, or rises, for the whole window after the last sample: 10 % at the end \
                   was 50 % four minutes later; and a counter of errors that is born with the first errors loses its first jump";
        findings.note(
            "CM449",
            &path,
            [
                &what,
                why,
                "`and on() up == 1`, and counters that begin at 0",
            ],
        );
    }
}

fn told(findings: &mut ObjectFindings<'_>, path: &str, name: &str, finding: &Finding) {
    let length = |range: Millis| seconds(range as f64 / 1000.0);
    match *finding {
        Finding::Starved(_, range) => {
            let what = format!("{name} never has a value at a scrape a minute");
            let range = length(range);
            let why = format!(
                "a window of {range} is open on the left and holds one sample; two are needed"
            );
            findings.warning("CM445", path, [&what, &why, LONGER]);
        }
        Finding::Narrow(_, range) => {
            let what = format!("{name} has a value now and then at a scrape a minute");
            let why = format!("a window of {} holds two samples or one", length(range));
            findings.warning("CM445", path, [&what, &why, LONGER]);
        }
        Finding::NanIsUnequal => {
            let what = format!("{name} fires without traffic");
            let why = "0/0 is NaN, and `!=` holds for NaN and for nothing else";
            findings.warning("CM446", path, [&what, why, "`>` or `<`"]);
        }
        Finding::SilentWhenAbsent => {
            let what = format!("{name} is silent where there is nothing to measure");
            let why = "a comparison with a value that is not there is no breach: a service that answers nobody looks healthy";
            findings.note("CM446", path, [&what, why, "`or absent(...)`"]);
        }
    }
}

const LONGER: &str = "a window of four scrapes or more";

fn has_ratio(shape: &Shape) -> bool {
    match shape {
        Shape::Threshold(threshold) => matches!(threshold.measure, Measure::Ratio(_)),
        Shape::BurnRate(_) => true,
        Shape::MOfN { .. } => false,
        Shape::All(parts) | Shape::Any(parts) => parts.iter().any(has_ratio),
    }
}

/// From this `for` on it is told what an edit costs.
const EDITED: Millis = 300_000;

/// What an edit of the rule costs while its alert fires.
fn edited(findings: &mut ObjectFindings<'_>, path: &str, rule: &RuleForm) {
    let hold = rule.hold.0;
    if rule.alert.is_empty() || hold <= EDITED {
        return;
    }
    let wait = seconds(hold as f64 / 1000.0);
    let what = format!(
        "an edit of {} takes an alert that fires back",
        quote(&rule.alert)
    );
    let why = format!(
        "with another `for`, label or expression it is another rule, pending from the next evaluation on: who waits for it as a \
         trigger sees nothing for {wait}"
    );
    let next = "change rules while nothing fires, or let the release wait";
    findings.note("CM454", &format!("{path}.for"), [&what, &why, next]);
}

/// What Alertmanager makes of several alerts of a group.
fn grouped(findings: &mut ObjectFindings<'_>, path: &str, group: &GroupForm) {
    let alerts = || group.rules.iter().filter(|rule| !rule.alert.is_empty());
    if alerts().count() < 2 {
        return;
    }
    let second = group.rules.iter().rposition(|rule| !rule.alert.is_empty());
    let what = "the second of these alerts may be told 5 min late";
    let why = "`group_wait` (30 s) counts from when an alert began: one that began longer ago is sent at once and alone, and the next of \
               its group waits for `group_interval` (5 min)";
    let next = "a route with a short `group_interval`, or one that groups by `alertname`, for alerts that stop a release";
    let path = format!("{path}.rules[{}].alert", second.unwrap_or(0));
    findings.note("CM455", &path, [what, why, next]);
}

/// What a restart of Prometheus costs.
fn restart(findings: &mut ObjectFindings<'_>, path: &str, rule: &RuleForm) {
    let hold = rule.hold.0;
    if rule.alert.is_empty() || hold <= GRACE {
        return;
    }
    let late = seconds(((hold - 60_000).min(GRACE)) as f64 / 1000.0 + 180.0);
    let what = format!(
        "a restart of Prometheus delays {} by minutes",
        quote(&rule.alert)
    );
    let why = format!(
        "a `for` of more than 10 min is restored with at least 10 min to go: a restart of 3 min, one minute before it fires, costs {late}"
    );
    findings.note(
        "CM448",
        &format!("{path}.for"),
        [
            &what,
            &why,
            "a `for` below 10 min begins anew and is back sooner",
        ],
    );
}
