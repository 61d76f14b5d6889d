//! The parts of a study that its other forms say in the same words.

use std::collections::BTreeMap;

use crate::common::figure::{count, percent, percent_range, span};
use crate::common::style::Tone;
use crate::common::table::{Align, Cell, Table};
use crate::result::{BoundWord, ObjectiveRow, ObjectiveStatus, Quantity, StudyReport};

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
    let has_several = !report.scenarios.is_empty();
    let each = if has_several {
        &report.scenarios
    } else {
        alone
    };
    for scenario in each {
        let quantities = &scenario.quantities;
        let (detection, rollback) = (&quantities.detection_s, &quantities.rollback_s);
        let reached = quantities.reached_max_percent.max;
        let minutes = quantities.exposed_error_minutes.mean;
        table.row(vec![
            (&scenario.scenario).into(),
            scenario.release.map_or("", |kind| kind.word()).into(),
            outcomes(&scenario.outcomes, scenario.runs).into(),
            pair(detection, detection.p50, detection.p95).into(),
            pair(rollback, rollback.p50, rollback.p99).into(),
            reached
                .map_or(String::new(), |max| percent(max / 100.0))
                .into(),
            minutes.map_or(String::new(), count).into(),
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

/// What would decide an undecided objective; empty for any other.
pub(crate) fn deciding(row: &ObjectiveRow) -> String {
    if row.status != ObjectiveStatus::Undecided {
        return String::new();
    }
    match (row.decided_at, row.runs_needed) {
        (Some(runs), _) => format!("about -n {runs} would decide"),
        // A result of an older version knows no more.
        (None, Some(more)) => format!("about {more} more rollouts would decide"),
        (None, None) => "no number of rollouts would decide".to_owned(),
    }
}

/// The promises that no rollout put to the test.
pub(crate) fn untried(report: &StudyReport) -> impl Iterator<Item = &str> {
    let rows = report.invariants.iter();
    rows.filter(|row| row.holds + row.violated == 0)
        .map(|row| row.id.as_str())
}
