//! The page of two policies side by side.

use crate::chart::{Chart, forest, label, shown};
use crate::common::badge::{Badge, Tint, Worst};
use crate::common::figure::percent_range;
use crate::common::table::{Align, Cell, Table};
use crate::result::{CompareReport, CompareRow, CompareVerdict};
use crate::text::compare::{Scale, causes, cells, name, pairs, table, title};

use super::model::{Card, Page, PageFact, Section};
use super::words::section;

/// So many objectives are told above everything else.
const CARDS: usize = 8;

/// Returns the page of a comparison.
pub fn compare_page(report: &CompareReport) -> Page {
    let charts = compare_charts(report).into_iter().map(Section::from);
    let (method, all) = (shown(&report.method), table(&report.overall));
    let overall = section("overall", "Over all scenarios", method, &all);
    let several = report.scenarios.len() > 1;
    let each = by_scenario(report);
    let each = section("scenarios", "Scenario by scenario", EACH, &each);
    let lead = causes(report).join(". ");
    let blamed = section("causes", "Who did it", shown(&lead), &by_cause(report));
    Page {
        kind: "Comparison".to_owned(),
        subject: report
            .policies
            .each_ref()
            .map(|side| label(&side.named))
            .join(" against "),
        facts: facts(report),
        badge: badge(report),
        cards: report.overall.iter().take(CARDS).map(card).collect(),
        worst: most(report),
        sections: charts
            .chain(overall)
            .chain(each.filter(|_| several))
            .chain(blamed)
            .collect(),
    }
}

const EACH: &str = "The rows of single scenarios that show a difference.";

/// Who led to what went wrong under each policy.
fn by_cause(report: &CompareReport) -> Table {
    let mut table = Table::new(&[
        ("policy", Align::Left),
        ("what", Align::Left),
        ("who", Align::Left),
        ("stage", Align::Left),
        ("samples", Align::Left),
        ("rollouts", Align::Right),
        ("among", Align::Right),
        ("95 % interval", Align::Right),
    ]);
    for side in &report.causes {
        for row in &side.rows {
            table.row(vec![
                Cell::new(&side.side),
                Cell::new(&row.kind),
                Cell::new(&row.who),
                Cell::new(row.stage.as_deref().unwrap_or("")),
                Cell::new(row.samples.as_deref().unwrap_or("")),
                Cell::new(row.rollouts.to_string()),
                Cell::new(row.among.to_string()),
                Cell::new(percent_range(row.low, row.high)),
            ]);
        }
    }
    table
}

fn by_scenario(report: &CompareReport) -> Table {
    let mut table = Table::new(&[
        ("scenario", Align::Left),
        ("release", Align::Left),
        ("objective", Align::Left),
        ("A", Align::Right),
        ("B", Align::Right),
        ("B - A, 95 % interval", Align::Right),
        ("B is", Align::Left),
    ]);
    for scenario in &report.scenarios {
        let shows = |row: &&CompareRow| row.verdict != CompareVerdict::NoDifferenceShown;
        for row in scenario.rows.iter().filter(shows) {
            let mut line = vec![Cell::new(&scenario.scenario), Cell::new(&scenario.release)];
            line.extend(cells(row));
            table.row(line);
        }
    }
    table
}

/// Returns the charts of a comparison.
pub fn compare_charts(report: &CompareReport) -> Vec<Chart> {
    forest(report).into_iter().collect()
}

fn facts(report: &CompareReport) -> Vec<PageFact> {
    let [a, b] = &report.policies;
    vec![
        PageFact::new("comparison", shown(&title(report))),
        PageFact::new("made by", crate::common::escape::escape(&report.tool)),
        PageFact::new("A", label(&a.named)),
        PageFact::new("digest of A", &a.digest),
        PageFact::new("B", label(&b.named)),
        PageFact::new("digest of B", &b.digest),
        PageFact::new("hash of the result", &report.hash),
    ]
}

fn badge(report: &CompareReport) -> Badge {
    let count = |verdict| {
        report
            .overall
            .iter()
            .filter(|row| row.verdict == verdict)
            .count()
    };
    let (better, worse) = (count(CompareVerdict::Better), count(CompareVerdict::Worse));
    let (word, tint) = match (better, worse) {
        _ if report.same => ("SAME", Tint::Plain),
        (0, 0) => ("NO DIFFERENCE SHOWN", Tint::Plain),
        (_, 0) => ("B IS BETTER", Tint::Good),
        (0, _) => ("B IS WORSE", Tint::Bad),
        _ => ("MIXED", Tint::Doubt),
    };
    let incomplete = if report.complete {
        ""
    } else {
        " (interrupted)"
    };
    Badge {
        word: word.to_owned(),
        why: format!(
            "B is better in {better} and worse in {worse} of {} objectives{incomplete}",
            report.overall.len()
        ),
        tint,
    }
}

fn card(row: &CompareRow) -> Card {
    let scale = Scale::of(row);
    let tint = match row.verdict {
        CompareVerdict::Better => Tint::Good,
        CompareVerdict::Worse => Tint::Bad,
        CompareVerdict::NoDifferenceShown => Tint::Plain,
    };
    let difference = scale.difference(row);
    let (value, interval) = difference.split_once(' ').unwrap_or((&difference, ""));
    Card {
        name: label(name(row)),
        value: format!("{value} {}", scale.unit),
        interval: interval.to_owned(),
        note: format!(
            "A {}, B {}: {}",
            scale.with_unit(row.a),
            scale.with_unit(row.b),
            row.said()
        ),
        tint,
    }
}

/// The pair that shows most: of a row in which B is worse, else of any.
fn most(report: &CompareReport) -> Option<Worst> {
    let told = report.overall.iter().filter(|row| row.most.is_some());
    let row = told.min_by_key(|row| match row.verdict {
        CompareVerdict::Worse => 0,
        CompareVerdict::Better => 1,
        CompareVerdict::NoDifferenceShown => 2,
    })?;
    let pair = row.most.as_ref()?;
    Some(Worst {
        sentence: shown(&pairs(row)) + ".",
        command: pair
            .replay
            .each_ref()
            .map(|command| crate::common::escape::escape(command).into_owned())
            .join("\n"),
    })
}
