//! What each start in a recorded past came to, and after how long.

use crate::common::escape::escape;
use crate::common::figure::span;
use crate::common::style::Tone;
use crate::result::{BacktestReport, StartRow};
use crate::text::backtest::tables::{short, tone};

use super::axis::Axis;
use super::ink::{Family, Ink};
use super::model::{Chart, DataCell, DataTable, LegendKey, Panel, Width};
use crate::common::label::label;

/// The height of a row in pixels.
const ROW: u32 = 26;
/// So many stretches can be reached with the keyboard; more would be in the way.
const STOPS: usize = 40;

/// Neighbouring starts that came to the same on the same gate.
struct Stretch<'r> {
    first: usize,
    rows: &'r [StartRow],
}

/// Draws for each start what was decided, and how long that took. Nothing comes of a recording in which
/// there was no start.
pub fn past(report: &BacktestReport) -> Option<Chart> {
    let first = report.events.first()?;
    let every = report.every_s;
    let end = every * report.events.len() as f64;
    let x = || {
        let name = format!("start, after {}", short(&first.start));
        Axis::time(&name, end, 8).ending(end)
    };
    let all = stretches(&report.events);
    let decided = decided(report, x(), &all);
    let after = after(report, x());
    Some(Chart {
        id: "starts".to_owned(),
        title: "What each start came to".to_owned(),
        lead: "One start after the other, in the time of the recording: what was decided first, and after how long."
            .to_owned(),
        legend: LegendKey::lines([
            (1, "completed"),
            (3, "held or late"),
            (2, "stopped"),
            (4, "time until the decision"),
        ]),
        width: Width::Full,
        panels: vec![decided, after],
        table: table(&all),
    })
}

/// A row for each decision, with the stretches of starts that came to it.
fn decided(report: &BacktestReport, x: Axis, all: &[Stretch<'_>]) -> Panel {
    let every = report.every_s;
    let words: Vec<&str> = report
        .decisions
        .iter()
        .map(|row| row.decision.as_str())
        .collect();
    let names = words.iter().map(|word| label(&word.replace('_', " ")));
    let mut decided = Panel::of_rows(x, Axis::rows(names, 20), ROW);
    decided.left = 130;
    decided.has_x = false;
    for (word, place) in words.iter().zip(decided.y.places()) {
        for stretch in all
            .iter()
            .filter(|stretch| stretch.rows[0].decision == *word)
        {
            draw(&mut decided, stretch, every, place);
        }
    }
    let is_few = decided.spots.len() <= STOPS;
    decided.spots.iter_mut().for_each(|spot| spot.stop = is_few);
    decided
}

/// How long each start took until its decision.
fn after(report: &BacktestReport, x: Axis) -> Panel {
    let every = report.every_s;
    let longest = report
        .events
        .iter()
        .map(|row| row.after_s)
        .fold(0.0, f64::max);
    let mut after = Panel::new(x, Axis::time("until then", longest, 3));
    after.left = 130;
    after.height = 90;
    let step = |(at, row): (usize, &StartRow)| (every * at as f64, row.after_s);
    after.line(
        Ink::nth(Family::Line, 4),
        report.events.iter().enumerate().map(step),
    );
    after
}

fn stretches(events: &[StartRow]) -> Vec<Stretch<'_>> {
    let alike = |a: &StartRow, b: &StartRow| a.decision == b.decision && a.gate == b.gate;
    let mut first = 0;
    let stretch = |rows| {
        let begun = first;
        first += <[StartRow]>::len(rows);
        Stretch { first: begun, rows }
    };
    events.chunk_by(alike).map(stretch).collect()
}

fn draw(panel: &mut Panel, stretch: &Stretch<'_>, every: f64, y: f64) {
    let number = match tone(&stretch.rows[0].decision) {
        Tone::Bad => 2,
        Tone::Doubt => 3,
        _ => 1,
    };
    let from = every * stretch.first as f64;
    let to = from + every * stretch.rows.len() as f64;
    panel.line(Ink::nth(Family::Line, number), [(from, y), (to, y)]);
    if number != 1 {
        panel.stop(number, (from, y), says(stretch));
    }
}

fn says(stretch: &Stretch<'_>) -> String {
    let (first, last) = (&stretch.rows[0], &stretch.rows[stretch.rows.len() - 1]);
    let gate = first
        .gate
        .as_deref()
        .map_or(String::new(), |gate| format!(" on {}", label(gate)));
    let until = if first.start == last.start {
        String::new()
    } else {
        format!(" to {}", short(&last.start))
    };
    let decision = first.decision.replace('_', " ");
    format!(
        "{}{until}: {}{gate}",
        short(&first.start),
        escape(&decision)
    )
}

fn table(all: &[Stretch<'_>]) -> DataTable {
    let head = [
        "first start",
        "last start",
        "starts",
        "decision",
        "gate",
        "shortest",
        "longest",
    ];
    let mut table = DataTable::new(head);
    for Stretch { rows, .. } in all {
        let after = || rows.iter().map(|row| row.after_s);
        let (first, last) = (&rows[0], &rows[rows.len() - 1]);
        table.rows.push(vec![
            DataCell::classed(short(&first.start), "words"),
            DataCell::classed(short(&last.start), "words"),
            DataCell::new(rows.len().to_string()),
            DataCell::new(label(&first.decision.replace('_', " "))),
            DataCell::classed(first.gate.as_deref().map_or(String::new(), label), "words"),
            DataCell::new(span(after().fold(f64::INFINITY, f64::min))),
            DataCell::new(span(after().fold(0.0, f64::max))),
        ]);
    }
    table
}
