//! Many rollouts for people.

use std::collections::BTreeMap;

use crate::causes::study_causes;
use crate::escape::escape;
use crate::figure::{count, percent, percent_range, span};
use crate::gates::gates_text;
use crate::study_brief::study_brief;
use crate::study_json::{BoundWord, ObjectiveRow, ObjectiveStatus, Quantity, StudyReport};
use crate::style::{Style, Tone};
use crate::table::{Align, Cell, Table};
use crate::timeline::wrap;

/// Returns a study as text: in 25 lines, or all its tables where the style wants every detail: scenarios,
/// objectives, promises, and where to look first.
pub fn study_text(report: &StudyReport, style: Style) -> String {
    if style.detail {
        tables(report, style)
    } else {
        study_brief(report, style)
    }
}

fn tables(report: &StudyReport, style: Style) -> String {
    let parts = [
        style.paint(
            Tone::Strong,
            &wrap(&escape(&title(report)), 0, style.columns),
        ) + "\n",
        scenarios(report).render(style),
        objectives(&report.objectives).render(style)
            + &needs(report, style)
            + &left_out(report, style),
        causes(report, style),
        gates_text(&report.gates, style),
        broken(report, style),
        worst(report, style),
        format!("hash {}\n", report.hash),
    ];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

/// Who led to what went wrong, a line for each kind.
pub(crate) fn causes(report: &StudyReport, style: Style) -> String {
    let lines = study_causes(report).into_iter();
    let lines = lines.map(|line| wrap(&escape(&line), 2, style.columns) + "\n");
    lines.collect()
}

pub(crate) fn title(report: &StudyReport) -> String {
    let StudyReport {
        policy,
        profile,
        scenario,
        runs,
        seed,
        ..
    } = report;
    let incomplete = if report.complete { "" } else { " (INCOMPLETE)" };
    match report.scenarios.len() {
        0 => format!(
            "{policy} ({profile}), scenario {scenario}: {runs} rollouts{incomplete}, seed {seed}"
        ),
        many => format!(
            "{policy} ({profile}), {many} scenarios: {runs} rollouts{incomplete}, seed {seed}"
        ),
    }
}

/// One row a scenario: what happened, how fast, how far, and at what price.
pub(crate) fn scenarios(report: &StudyReport) -> Table {
    let mut table = Table::new(&[
        ("scenario", Align::Left),
        ("release", Align::Left),
        ("outcomes", Align::Left),
        ("detection p50, p95", Align::Right),
        ("rollback p50, p99", Align::Right),
        ("reached", Align::Right),
        ("error-min", Align::Right),
    ]);
    let alone = std::slice::from_ref(report);
    let each = if report.scenarios.is_empty() {
        alone
    } else {
        &report.scenarios
    };
    for scenario in each {
        let quantities = &scenario.quantities;
        let (detection, rollback) = (&quantities.detection_s, &quantities.rollback_s);
        let reached = quantities.reached_max_percent.max;
        table.row(vec![
            (&scenario.scenario).into(),
            scenario.release.map_or("", |kind| kind.word()).into(),
            outcomes(&scenario.outcomes, scenario.runs).into(),
            pair(detection, detection.p50, detection.p95).into(),
            pair(rollback, rollback.p50, rollback.p99).into(),
            reached
                .map_or(String::new(), |max| percent(max / 100.0))
                .into(),
            quantities
                .exposed_error_minutes
                .mean
                .map_or(String::new(), count)
                .into(),
        ]);
    }
    table
}

/// The outcomes from the most to the least frequent.
pub(crate) fn outcomes(outcomes: &BTreeMap<String, u64>, runs: u64) -> String {
    let mut sorted: Vec<_> = outcomes.iter().filter(|(_, count)| **count > 0).collect();
    sorted.sort_by_key(|(word, count)| (u64::MAX - **count, *word));
    let say = |(word, count): &(&String, &u64)| {
        if **count == runs {
            (*word).clone()
        } else {
            format!("{word} {}", percent(**count as f64 / runs as f64))
        }
    };
    sorted.iter().map(say).collect::<Vec<_>>().join(", ")
}

/// Two quantiles in seconds; empty where the quantity never mattered.
fn pair(quantity: &Quantity, first: Option<f64>, second: Option<f64>) -> String {
    if quantity.count + quantity.never == 0 {
        return String::new();
    }
    let say = |seconds: Option<f64>| seconds.map_or("never".to_owned(), span);
    format!("{}, {}", say(first), say(second))
}

/// One row an objective.
pub(crate) fn objectives<'a>(rows: impl IntoIterator<Item = &'a ObjectiveRow>) -> Table {
    let mut table = Table::new(&[
        ("objective", Align::Left),
        ("value", Align::Right),
        ("95 % interval", Align::Right),
        ("limit", Align::Right),
        ("", Align::Left),
    ]);
    for row in rows {
        let tone = match row.status {
            ObjectiveStatus::Ok => Tone::Good,
            ObjectiveStatus::Untested => Tone::Faint,
            ObjectiveStatus::Undecided | ObjectiveStatus::Vacuous => Tone::Doubt,
            ObjectiveStatus::Miss => Tone::Bad,
        };
        table.row(vec![
            (&row.id).into(),
            row.value.map_or("no data".to_owned(), percent).into(),
            percent_range(row.low, row.high).into(),
            limit(row).into(),
            Cell::toned(row.status.word(), tone),
        ]);
    }
    table
}

pub(crate) fn limit(row: &ObjectiveRow) -> String {
    let sign = match row.bound {
        BoundWord::AtMost => "<=",
        BoundWord::AtLeast => ">=",
    };
    format!("{sign} {}", percent(row.limit))
}

/// What would decide the undecided.
fn needs(report: &StudyReport, style: Style) -> String {
    let open = report
        .objectives
        .iter()
        .filter(|row| row.status == ObjectiveStatus::Undecided);
    let need = |row: &ObjectiveRow| match row.runs_needed {
        Some(more) => format!("{} needs about {more} more runs", row.id),
        None => format!("no number of runs would decide {}", row.id),
    };
    let needs: Vec<_> = open.map(need).collect();
    if needs.is_empty() {
        return String::new();
    }
    let text = format!("undecided: {}", needs.join("; "));
    style.paint(Tone::Doubt, &wrap(&escape(&text), 2, style.columns)) + "\n"
}

/// Which scenarios are not in the rates over all of them, a line for each set.
fn left_out(report: &StudyReport, style: Style) -> String {
    let mut sets: BTreeMap<&[String], Vec<&str>> = BTreeMap::new();
    for (rate, names) in &report.left_out {
        sets.entry(names).or_default().push(rate);
    }
    let line = |(names, rates): (&[String], Vec<&str>)| {
        let (rates, names) = (rates.join(" and "), names.join(", "));
        let text =
            format!("excluded from {rates}, as these scenarios expect another outcome: {names}");
        let text = wrap(&escape(&text), 2, style.columns);
        format!("{}\n", style.paint(Tone::Faint, &text))
    };
    sets.into_iter().map(line).collect()
}

/// The promises that were broken, and those that were not even tried.
fn broken(report: &StudyReport, style: Style) -> String {
    let mut text = String::new();
    for row in report.invariants.iter().filter(|row| row.violated > 0) {
        let word = style.paint(Tone::Bad, "VIOLATED");
        text += &format!("{} {word} in {} rollouts\n", escape(&row.id), row.violated);
    }
    let untried: Vec<_> = untried(report).collect();
    if !untried.is_empty() {
        let line = format!("not exercised: {}", untried.join(", "));
        let line = wrap(&escape(&line), 2, style.columns);
        text += &format!("{}\n", style.paint(Tone::Faint, &line));
    }
    text
}

/// The promises that no rollout put to the test.
pub(crate) fn untried(report: &StudyReport) -> impl Iterator<Item = &str> {
    let rows = report.invariants.iter();
    rows.filter(|row| row.holds + row.violated == 0)
        .map(|row| row.id.as_str())
}

fn worst(report: &StudyReport, style: Style) -> String {
    let mut text = String::new();
    for failure in &report.worst {
        let kind = style.paint(Tone::Bad, &escape(&failure.kind));
        let title = format!(
            "worst {kind} ({} in {})",
            failure.count,
            escape(&failure.scenario)
        );
        text += &format!("{title}\n  {}\n", escape(&failure.replay));
    }
    text
}
