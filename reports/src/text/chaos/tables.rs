//! The tables of a chaos campaign.

use crate::common::figure::{percent, span};
use crate::common::style::Tone;
use crate::common::table::{Align, Cell, Table};
use crate::result::{ChaosInvariant, ChaosReport, Verdict};

pub(crate) fn promises(report: &ChaosReport) -> Table {
    let mut table = Table::new(&[
        ("invariant", Align::Left),
        ("verdict", Align::Left),
        ("tested", Align::Right),
        ("faults", Align::Right),
        ("violated under tolerated faults", Align::Right),
        ("under other faults", Align::Right),
        ("95 % interval, upper end", Align::Right),
        ("margin", Align::Right),
    ]);
    for row in report.invariants.iter().filter(|row| row.verdict.is_some()) {
        let verdict = verdict(row);
        table.row(vec![
            Cell::new(&row.id),
            verdict,
            row.tested.to_string().into(),
            row.faults.to_string().into(),
            row.violations.to_string().into(),
            row.violations_beyond.to_string().into(),
            row.upper_bound.map_or("-".to_owned(), percent).into(),
            slack(row).into(),
        ]);
    }
    table
}

fn verdict(row: &ChaosInvariant) -> Cell {
    let tone = row.verdict.map_or(Tone::Faint, Verdict::tone);
    Cell::toned(row.words().unwrap_or("-"), tone)
}

pub(crate) fn slack(row: &ChaosInvariant) -> String {
    margin(row.min_slack, row.unit.as_deref())
}

/// The same for a terminal of 80 columns: long names of columns take two lines.
pub(crate) fn promises_text(report: &ChaosReport) -> Table {
    let mut table = Table::new(&[
        ("invariant", Align::Left),
        ("verdict", Align::Left),
        ("violated under", Align::Right),
        ("other", Align::Right),
        ("upper end", Align::Right),
        ("margin", Align::Right),
    ]);
    // Of the 95 % interval: it has two sides.
    let under = ["", "", "tolerated faults", "faults", "of 95 %", ""];
    let under = under.map(|word| Cell::toned(word, Tone::Faint));
    table.row(under.into());
    for row in &report.invariants {
        if row.verdict.is_none() {
            continue;
        }
        table.row(vec![
            Cell::new(&row.id),
            verdict(row),
            format!("{} of {}", row.violations, row.tested).into(),
            row.violations_beyond.to_string().into(),
            row.upper_bound.map_or("-".to_owned(), percent).into(),
            slack(row).into(),
        ]);
    }
    table
}

/// A margin in its unit.
pub(crate) fn margin(slack: Option<f64>, unit: Option<&str>) -> String {
    match (slack, unit) {
        (Some(slack), Some("s")) if slack < 0.0 => format!("-{}", span(-slack)),
        (Some(slack), Some("s")) => span(slack),
        (Some(slack), Some("% of the limit")) => format!("{slack:.1} %"),
        (Some(slack), Some("percentage points")) => format!("{slack:.1} pp"),
        (Some(slack), Some(unit)) => format!("{slack:.3} {unit}"),
        (Some(slack), None) => format!("{slack:.3}"),
        (None, _) => "-".to_owned(),
    }
}

pub(crate) fn frontiers(report: &ChaosReport) -> Table {
    let mut table = Table::new(&[
        ("fault", Align::Left),
        ("by", Align::Left),
        ("declared", Align::Right),
        ("holds up to", Align::Right),
        ("then breaks", Align::Left),
    ]);
    for frontier in &report.frontiers {
        let size = |size: f64| match frontier.unit.as_str() {
            "s" => span(size),
            _ => percent(size),
        };
        let breaks = match frontier.breaks {
            Some(breaks) => format!("{} at {}", frontier.promises.join(", "), size(breaks)),
            None => "nothing".to_owned(),
        };
        table.row(vec![
            Cell::new(&frontier.fault),
            Cell::new(&frontier.knob),
            frontier.declared.map_or("-".to_owned(), size).into(),
            size(frontier.holds).into(),
            Cell::new(breaks),
        ]);
    }
    table
}

/// So many promises are named for each generator in text: those that it broke most often.
pub(crate) const MOST_OFTEN: usize = 2;

/// What each generator came to: `most` bounds how many promises are named.
pub(crate) fn generators(report: &ChaosReport, most: usize) -> Table {
    let mut table = Table::new(&[
        ("generator", Align::Left),
        ("planned", Align::Right),
        ("played", Align::Right),
        ("violating", Align::Right),
        ("breaks most often", Align::Left),
    ]);
    for generator in &report.generators {
        let mut broken: Vec<_> = generator.broken.iter().collect();
        broken.sort_by_key(|(_, times)| std::cmp::Reverse(**times));
        let names = broken.iter().take(most);
        let names: Vec<_> = names.map(|(id, times)| format!("{id} {times}")).collect();
        table.row(vec![
            Cell::new(&generator.name),
            generator.planned.to_string().into(),
            generator.runs.to_string().into(),
            generator.violating.to_string().into(),
            Cell::new(if names.is_empty() {
                "-".to_owned()
            } else {
                names.join(", ")
            }),
        ]);
    }
    table
}

pub(crate) fn covered(report: &ChaosReport) -> Table {
    let mut table = Table::new(&[
        ("coverage", Align::Left),
        ("reached", Align::Right),
        ("of", Align::Right),
        ("share", Align::Right),
    ]);
    for reach in &report.coverage.reaches {
        let share = reach.reached as f64 / reach.reachable.max(1) as f64;
        let share = if reach.reachable == 0 {
            "-".to_owned()
        } else {
            percent(share)
        };
        table.row(vec![
            Cell::new(&reach.of),
            reach.reached.to_string().into(),
            reach.reachable.to_string().into(),
            share.into(),
        ]);
    }
    table
}
