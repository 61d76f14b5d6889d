//! A gate that waits for what never comes.

use sim_core::policy::gate::{Measure, Relation};
use sim_core::policy::{Gate, Stage};
use sim_core::telemetry::SignalKind;

use super::odd_limit::percent;
use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM216",
        title: "a gate can never fire",
        explanation: "The gate waits for more samples than come in its window, for a value that its \
                      signal cannot take, or for more failures than it measures. What it was to \
                      guard against passes.",
    },
    name: "dead-gate",
    source: "progressive delivery research, 4.2: limits that cannot be reached; seed systems, 5.3: a guard 1863 times above the measured value",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let dead = |(path, gate): (String, &Gate)| {
        too_few(subject, &path, gate)
            .or_else(|| impossible(subject, &path, gate))
            .or_else(|| uncounted(&path, gate))
    };
    subject.gates().filter_map(dead).collect()
}

fn too_few(subject: &Subject<'_>, path: &str, gate: &Gate) -> Option<Problem> {
    let come = |stage: &Stage| subject.coming(gate, stage);
    let starved = |stage: &&Stage| {
        let expected = come(stage);
        // A stage that exposes nothing has no canary, and is no fault of the gate.
        expected.is_some_and(|samples| samples > 0.0 && samples < gate.min_samples as f64)
    };
    let stage = subject.readers(&gate.id).find(starved)?;
    let expected = come(stage)?;
    let message = format!(
        "{} samples are asked for, about {expected:.0} come in stage `{}`",
        gate.min_samples, stage.id
    );
    let problem = Problem::warning("CM216", format!("{path}.min-samples"), message)
        .help("look back for longer, widen the stage, or ask for fewer samples");
    Some(problem)
}

/// A limit that lies at the edge of what the signal can be.
fn impossible(subject: &Subject<'_>, path: &str, gate: &Gate) -> Option<Problem> {
    let limit = gate.breach.limit.absolute()?;
    let highest = match (
        gate.measure,
        subject.signal(gate).map(|signal| &signal.kind),
    ) {
        (Measure::Ratio, _) => 1.0,
        (Measure::Quantile(_), Some(SignalKind::Latency { cap, .. })) => *cap,
        _ => f64::INFINITY,
    };
    let signed = matches!(gate.measure, Measure::Mean | Measure::Last | Measure::Trend);
    let never = match gate.breach.is {
        Relation::Above => limit >= highest,
        Relation::AtLeast => limit > highest,
        Relation::Below => !signed && limit <= 0.0,
        Relation::AtMost => !signed && limit < 0.0,
    };
    never.then(|| {
        let message = format!("no value of `{}` is ever beyond {limit}", gate.signal);
        Problem::warning("CM216", format!("{path}.breach.limit"), message).help(
            match gate.measure {
                Measure::Ratio if limit >= 1.0 => format!(
                    "a ratio is a fraction: {limit} is {}; if {limit} % is meant, write `{limit}%`",
                    percent(limit)
                ),
                _ => "set a limit that the signal can pass".to_owned(),
            },
        )
    })
}

fn uncounted(path: &str, gate: &Gate) -> Option<Problem> {
    let (failures, of) = gate.window.never_fires()?;
    let message = format!("more than {failures} failures among {of} measurements are impossible");
    let problem = Problem::warning("CM216", format!("{path}.window.count.failures"), message);
    Some(problem.help(format!("allow fewer than {of} failures")))
}
