//! Differences between two policies with their intervals, one under the other.

use crate::result::{CompareReport, CompareRow, CompareUnit, CompareVerdict};
use crate::text::compare::{Scale, name};

use super::axis::Axis;
use super::ink::{Family, Ink};
use super::model::{Chart, DataTable, LegendKey, Panel, Width};
use crate::common::label::label;

/// The height of a row in pixels.
const ROW: u32 = 26;

/// Draws the differences over all scenarios, a panel for each unit. Nothing comes of a comparison
/// without rows.
pub fn forest(report: &CompareReport) -> Option<Chart> {
    let panels: Vec<_> = UNITS
        .iter()
        .filter_map(|(units, name, scale)| {
            let rows = report
                .overall
                .iter()
                .filter(|row| units.contains(&row.unit));
            let rows: Vec<_> = rows.collect();
            if units.contains(&CompareUnit::Seconds) {
                let (scale, word) = time_scale(&rows);
                return panel(&rows, &format!("B - A ({word})"), scale);
            }
            panel(&rows, name, *scale)
        })
        .collect();
    let keys = [(1, "better"), (2, "worse"), (3, "no difference shown")];
    (!panels.is_empty()).then(|| Chart {
        id: "differences".to_owned(),
        title: "Differences, B minus A".to_owned(),
        lead: "Points and 95 % intervals over all pairs. An interval that crosses the line at 0 shows no difference.".to_owned(),
        legend: LegendKey::lines(keys),
        width: Width::Full,
        panels,
        table: table(report),
    })
}

/// What stands in one panel, the name of its axis, and the factor from the figures to it.
const UNITS: [(&[CompareUnit], &str, f64); 3] = [
    (
        &[CompareUnit::Rate, CompareUnit::Share],
        "B - A (percentage points)",
        100.0,
    ),
    (&[CompareUnit::Seconds], "B - A (seconds)", 1.0),
    (&[CompareUnit::Minutes], "B - A (minutes)", 1.0),
];

/// In what differences of times are said.
fn time_scale(rows: &[&CompareRow]) -> (f64, &'static str) {
    let most = rows
        .iter()
        .map(|row| row.difference.abs())
        .fold(0.0, f64::max);
    match most {
        most if most >= 7200.0 => (1.0 / 3600.0, "hours"),
        most if most >= 120.0 => (1.0 / 60.0, "minutes"),
        _ => (1.0, "seconds"),
    }
}

fn panel(rows: &[&CompareRow], axis: &str, scale: f64) -> Option<Panel> {
    let ends = |row: &&CompareRow| {
        let [low, high] = row.interval.unwrap_or([row.difference; 2]);
        [low * scale, row.difference * scale, high * scale]
    };
    let all: Vec<f64> = rows
        .iter()
        .flat_map(ends)
        .filter(|end| end.is_finite())
        .collect();
    let (low, high) = all.iter().fold((0.0_f64, 0.0_f64), |(low, high), end| {
        (low.min(*end), high.max(*end))
    });
    let room = ((high - low) * 0.05).max(1e-3);
    let x = Axis::between(axis, low - room, high + room, 6);
    let y = Axis::rows(rows.iter().map(|row| label(name(row))), 24);
    let mut panel = Panel::of_rows(x, y, ROW);
    panel.left = 170;
    panel.line(Ink::of(Family::Axis), [(0.0, 0.0), (0.0, panel.y.to)]);
    for (place, row) in panel.y.places().into_iter().zip(rows) {
        whisker(&mut panel, row, place, ends(row));
    }
    (!rows.is_empty()).then_some(panel)
}

fn whisker(panel: &mut Panel, row: &CompareRow, y: f64, [low, middle, high]: [f64; 3]) {
    let number = match row.verdict {
        CompareVerdict::Better => 1,
        CompareVerdict::Worse => 2,
        CompareVerdict::NoDifferenceShown => 3,
    };
    panel.line(Ink::nth(Family::Line, number), [(low, y), (high, y)]);
    let at = panel.inside((middle, y));
    let scale = Scale::of(row);
    let says = format!(
        "{}: {} {}, {}",
        label(name(row)),
        scale.difference(row),
        scale.unit,
        row.verdict.word()
    );
    panel.stop(number, at, says);
}

fn table(report: &CompareReport) -> DataTable {
    let mut table = DataTable::new([
        "objective",
        "A",
        "B",
        "B - A, 95 % interval",
        "pairs",
        "p, adjusted",
        "B is",
    ]);
    for row in &report.overall {
        let scale = Scale::of(row);
        table.row([
            label(name(row)),
            scale.with_unit(row.a),
            scale.with_unit(row.b),
            format!("{} {}", scale.difference(row), scale.unit),
            row.pairs.to_string(),
            format!("{:.4}", row.p_adjusted),
            row.verdict.word().to_owned(),
        ]);
    }
    table
}
