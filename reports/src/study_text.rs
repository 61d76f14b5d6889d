//! Many rollouts for people.

use std::collections::BTreeMap;

use crate::escape::escape;
use crate::figure::{count, percent, percent_range, span};
use crate::gates::gates_text;
use crate::study_json::{BoundWord, ObjectiveRow, ObjectiveStatus, Quantity, StudyReport};
use crate::style::{Style, Tone};
use crate::table::{Align, Cell, Table};
use crate::timeline::wrap;

/// Returns the tables of a study: scenarios, objectives, promises, and where to look first.
pub fn study_text(report: &StudyReport, style: Style) -> String {
    let parts = [
        style.paint(
            Tone::Strong,
            &wrap(&escape(&title(report)), 0, style.columns),
        ) + "\n",
        scenarios(report).render(style),
        objectives(report).render(style) + &needs(report, style) + &left_out(report, style),
        gates_text(&report.gates, style),
        broken(report, style),
        worst(report, style),
        format!("hash {}\n", report.hash),
    ];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
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
fn outcomes(outcomes: &BTreeMap<String, u64>, runs: u64) -> String {
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
pub(crate) fn objectives(report: &StudyReport) -> Table {
    let mut table = Table::new(&[
        ("objective", Align::Left),
        ("value", Align::Right),
        ("95 % interval", Align::Right),
        ("limit", Align::Right),
        ("", Align::Left),
    ]);
    for row in &report.objectives {
        let tone = match row.status {
            ObjectiveStatus::Ok => Tone::Good,
            ObjectiveStatus::Undecided => Tone::Doubt,
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
    let line = |row: &ObjectiveRow| {
        let text = match row.runs_needed {
            Some(more) => format!("{} is undecided: needs about {more} more runs", row.id),
            None => format!("{} is undecided: no number of runs would decide it", row.id),
        };
        format!(
            "{}\n",
            style.paint(Tone::Doubt, &wrap(&escape(&text), 0, style.columns))
        )
    };
    open.map(line).collect()
}

/// Which scenarios are not in the rates over all of them, a line for each set.
fn left_out(report: &StudyReport, style: Style) -> String {
    let mut sets: BTreeMap<&[String], Vec<&str>> = BTreeMap::new();
    for (rate, names) in &report.left_out {
        sets.entry(names).or_default().push(rate);
    }
    let line = |(names, rates): (&[String], Vec<&str>)| {
        let (rates, names) = (rates.join(" and "), names.join(", "));
        let text = format!("not in {rates}, because made to end otherwise: {names}");
        let text = wrap(&escape(&text), 2, style.columns);
        format!("{}\n", style.paint(Tone::Faint, &text))
    };
    sets.into_iter().map(line).collect()
}

/// The promises that were broken, and how many were not even tried.
fn broken(report: &StudyReport, style: Style) -> String {
    let mut text = String::new();
    for row in report.invariants.iter().filter(|row| row.violated > 0) {
        let word = style.paint(Tone::Bad, "VIOLATED");
        text += &format!("{} {word} in {} rollouts\n", escape(&row.id), row.violated);
    }
    let untried = report
        .invariants
        .iter()
        .filter(|row| row.holds + row.violated == 0);
    let untried: Vec<_> = untried.map(|row| escape(&row.id).into_owned()).collect();
    if !untried.is_empty() {
        let line = format!("never put to the test: {}", untried.join(", "));
        text += &format!(
            "{}\n",
            style.paint(Tone::Faint, &wrap(&line, 2, style.columns))
        );
    }
    text
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
