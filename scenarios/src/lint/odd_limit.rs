//! A limit that reads as if it were in another unit than its signal.

use sim_core::engine::Share;
use sim_core::policy::Gate;
use sim_core::policy::gate::{Limit, Measure, MeasureUnit, Relation};
use sim_core::telemetry::SignalKind;

use super::normal::reading;
use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM238",
        title: "a limit may be in another unit than its signal",
        explanation: "Ratios are fractions, so that `1` is 100 %, and latencies are in milliseconds, so that `0.8` \
                      is less than one of them. A limit that lies a hundred times and more from the normal level \
                      was probably meant in another unit. Write the unit: `1%`, `800ms`.",
    },
    name: "odd-limit",
    source: "staging percentages typed as numbers: electron-builder 3891 and 6231, tramline 432",
    check,
};

/// So many times the normal level nobody waits for.
const FAR: f64 = 100.0;
/// A ratio of so much that is normally small was probably meant in percent.
const LARGE: f64 = 0.3;
/// So much is no small ratio.
const SMALL: f64 = 0.1;

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let odd = |(path, gate): (String, &Gate)| {
        let (key, limit) = match gate.breach.limit {
            Limit::Absolute(limit) => ("absolute", limit),
            Limit::Plus { margin, .. } => ("plus.margin", margin),
            Limit::Times { .. } => return None,
        };
        let upper = matches!(gate.breach.is, Relation::Above | Relation::AtLeast);
        let absolute = key == "absolute";
        let normal = subject
            .signal(gate)
            .and_then(|_| reading(subject, gate, Share::ONE));
        let (is, meant) = match gate.measure {
            // Beyond what a ratio can be there is a finding of its own.
            Measure::Ratio if upper && reachable(gate, 1.0) => ratio(limit, normal)?,
            Measure::Quantile(_) => latency(subject, gate, limit, normal.filter(|_| absolute)?)?,
            _ => return None,
        };
        let message = format!("{limit} is read as {is}");
        let problem = Problem::warning("CM238", format!("{path}.breach.limit.{key}"), message);
        let problem = match normal.filter(|_| absolute) {
            Some(normal) => problem.reason(format!("the normal level is {}", shown(gate, normal))),
            None => problem,
        };
        Some(problem.help(format!(
            "if {meant} is meant, write `{meant}`; if not, write `{is}`"
        )))
    };
    subject.gates().filter_map(odd).collect()
}

/// Whether a value of `most` or less can breach an upper limit; relative ones follow another population.
fn reachable(gate: &Gate, most: f64) -> bool {
    let Some(limit) = gate.breach.limit.absolute() else {
        return true;
    };
    match gate.breach.is {
        Relation::Above => limit < most,
        Relation::AtLeast => limit <= most,
        Relation::Below | Relation::AtMost => true,
    }
}

/// How a fraction reads, and what was probably meant.
fn ratio(limit: f64, normal: Option<f64>) -> Option<(String, String)> {
    let large =
        limit >= LARGE && normal.is_none_or(|normal| normal < SMALL && limit >= FAR * normal);
    // Beyond 100 % it is certain whatever is normal.
    let whole = limit >= 1.0 && normal.is_none_or(|normal| normal < SMALL);
    (large || whole).then(|| (percent(limit), format!("{}%", tidy(limit))))
}

/// How a number of milliseconds reads, and what was probably meant.
fn latency(
    subject: &Subject<'_>,
    gate: &Gate,
    limit: f64,
    normal: f64,
) -> Option<(String, String)> {
    let kind = &subject.signal(gate)?.kind;
    let SignalKind::Latency { cap, .. } = kind else {
        return None;
    };
    if normal <= 0.0 || limit <= 0.0 || !reachable(gate, *cap) {
        return None;
    }
    let is = format!("{}ms", tidy(limit));
    if limit * FAR <= normal {
        Some((is, format!("{}s", tidy(limit))))
    } else if limit >= FAR * normal {
        Some((is, format!("{}us", tidy(limit))))
    } else {
        None
    }
}

/// A level as the gate's limit is written.
pub(super) fn shown(gate: &Gate, value: f64) -> String {
    match gate.measure.unit() {
        MeasureUnit::Share => percent(value),
        MeasureUnit::Milliseconds => format!("{}ms", tidy(value)),
        MeasureUnit::PerHostHour | MeasureUnit::Number => tidy(value).to_string(),
    }
}

/// A fraction as a percentage.
pub(crate) fn percent(fraction: f64) -> String {
    format!("{}%", tidy(100.0 * fraction))
}

/// Three significant figures, without an exponent.
pub(crate) fn tidy(number: f64) -> f64 {
    format!("{number:.2e}").parse().unwrap_or(number)
}
