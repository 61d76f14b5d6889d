//! One rollout for people.

use crate::common::escape::escape;
use crate::common::figure::{count, milliseconds, percent, span, three};
use crate::common::style::{Style, Tone};
use crate::common::table::{Align, Cell, Table};
use crate::common::wrap::wrap;
use crate::result::{HarmFigures, InvariantRow, InvariantStatus, RunReport, SlowFigures};
use crate::text::gates::gates_text;
use crate::text::lowered::lowered_text;
use crate::text::timeline::timeline;

/// Returns the timeline, the verdict and the figures of a rollout.
pub fn run_text(report: &RunReport, style: Style) -> String {
    let title = format!(
        "{} ({}), scenario {}, seed {}, replication {}",
        report.policy, report.profile, report.scenario, report.seed, report.replication
    );
    let parts = [
        lowered_text(&report.inputs, style),
        style.paint(Tone::Strong, &wrap(&escape(&title), 0, style.columns)) + "\n",
        timeline(&report.events, style),
        figures(report, style),
        invariants(report, style),
        gates_text(&report.gates, style),
        verdict(report, style),
        format!(
            "hash    {}\nreplay  {}\n",
            report.hash,
            escape(&report.replay)
        ),
    ];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

/// What slow requests count, where users feel a latency.
fn slow(declared: &[SlowFigures]) -> String {
    let one = |slow: &SlowFigures| {
        let (signal, above) = (escape(&slow.signal), milliseconds(slow.above_ms));
        format!(" (`{signal}` above {above} counts {})", three(slow.weight))
    };
    declared.iter().map(one).collect()
}

/// Different users, where they are declared.
fn users(harm: &HarmFigures) -> String {
    harm.users_met
        .zip(harm.users_hurt)
        .map_or(String::new(), |(met, hurt)| {
            format!(", {} of {} users hurt", count(hurt), count(met))
        })
}

/// How long the rollback took, if there was one and it ended.
pub(crate) fn rollback_took(report: &RunReport) -> String {
    match report.rollback_s {
        Some(took) => span(took),
        None if report.rollback_began() => "began and never ended".to_owned(),
        None => "none".to_owned(),
    }
}

fn figures(report: &RunReport, style: Style) -> String {
    let never = |seconds: Option<f64>| seconds.map_or("none".to_owned(), span);
    let exposure = format!(
        "{} of the fleet reached, {} declared",
        percent(report.exposure.reached_max_percent / 100.0),
        percent(report.exposure.declared_max_percent / 100.0)
    );
    let lost = report.harm.lost_jobs;
    let lost = lost.map_or(String::new(), |lost| format!(", {lost} jobs killed"));
    let harm = format!(
        "{} requests on the new version, {} error-minutes{}{}{}",
        count(report.harm.exposed_requests),
        count(report.harm.exposed_error_minutes),
        users(&report.harm),
        lost,
        slow(&report.harm.slow_requests)
    );
    let rows = [
        ("outcome", report.outcome.word().replace('_', " ")),
        ("exposure", exposure),
        ("detection", never(report.detection_s)),
        ("rollback", rollback_took(report)),
        ("harm", harm),
    ];
    let line = |(name, value): &(&str, String)| {
        let name = style.paint(Tone::Faint, &format!("{name:<9}"));
        format!("{name}  {value}\n")
    };
    rows.iter().map(line).collect()
}

/// The promises that were put to the test as a table, the others in a line.
fn invariants(report: &RunReport, style: Style) -> String {
    let head = [
        ("invariant", Align::Left),
        ("", Align::Left),
        ("margin", Align::Right),
    ];
    let mut table = Table::new(&head);
    let tested = |row: &&InvariantRow| row.status != InvariantStatus::NotReached;
    for row in report.invariants.iter().filter(tested) {
        let good = row.status == InvariantStatus::Holds;
        let tone = if good { Tone::Good } else { Tone::Bad };
        table.row(vec![
            (&row.id).into(),
            Cell::toned(row.status.word(), tone),
            slack(row).into(),
        ]);
    }
    let untested = report.invariants.iter().filter(|row| !tested(row));
    let untested: Vec<_> = untested.map(|row| escape(&row.id).into_owned()).collect();
    let mut text = if table.is_empty() {
        String::new()
    } else {
        table.render(style)
    };
    if !untested.is_empty() {
        let line = format!("not reached: {}", untested.join(", "));
        text += &(style.paint(Tone::Faint, &wrap(&line, 2, style.columns)) + "\n");
    }
    text
}

/// The margin with its unit; seconds as people say them.
fn slack(row: &InvariantRow) -> String {
    let Some(slack) = row.slack else {
        return String::new();
    };
    let sign = if slack < 0.0 { "-" } else { "" };
    match row.unit.as_deref() {
        Some("s") => format!("{sign}{}", span(slack.abs())),
        Some(unit) => format!("{sign}{} {unit}", count(slack.abs())),
        None => format!("{sign}{}", count(slack.abs())),
    }
}

fn verdict(report: &RunReport, style: Style) -> String {
    let word = style.paint(report.verdict.tone(), report.verdict.word());
    let mut text = format!("verdict {word}\n");
    for reason in &report.reasons {
        text += &format!("  - {}\n", wrap(&escape(reason), 4, style.columns));
    }
    text
}
