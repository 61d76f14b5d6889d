//! Objectives with their intervals against their limits.

use crate::common::figure::{percent, percent_range};
use crate::result::{ObjectiveRow, ObjectiveStatus, StudyReport};
use crate::text::study::parts::limit;

use super::axis::Axis;
use super::ink::{Family, Ink};
use super::model::{Chart, DataTable, LegendKey, Panel, Width};
use crate::common::label::label;

/// The height of a row in pixels.
const ROW: u32 = 27;
/// So many objectives are drawn; the table has all.
const ROWS: usize = 12;

/// Draws each objective's rate with its interval and its limit. Nothing comes of a report without
/// objectives.
pub fn objectives(report: &StudyReport) -> Option<Chart> {
    let is_tested = |row: &&ObjectiveRow| row.status != ObjectiveStatus::Untested;
    let mut rows: Vec<_> = report.objectives.iter().filter(is_tested).collect();
    // What needs attention is drawn, whatever else there is no room for.
    rows.sort_by_key(|row| row.status == ObjectiveStatus::Ok);
    rows.truncate(ROWS);
    let x = Axis::percent("share of rollouts", 1.0, 4);
    let y = Axis::rows(rows.iter().map(|row| label(&row.id)), 25);
    let mut panel = Panel::of_rows(x, y, ROW);
    panel.left = 168;
    for (place, row) in panel.y.places().into_iter().zip(&rows) {
        draw(&mut panel, row, place);
    }
    let keys = [(1, "ok"), (2, "MISS"), (3, "undecided")];
    let mut legend = LegendKey::lines(keys);
    legend.push(LegendKey {
        ink: Ink::of(Family::Limit),
        name: "limit".to_owned(),
    });
    (!rows.is_empty()).then(|| Chart {
        id: "objectives-drawn".to_owned(),
        title: "Objectives against their limits".to_owned(),
        lead: "Rates with exact 95 % intervals. What crosses its limit is undecided.".to_owned(),
        legend,
        width: Width::Half,
        panels: vec![panel],
        table: table(&rows),
    })
}

fn draw(panel: &mut Panel, row: &ObjectiveRow, y: f64) {
    let number = match row.status {
        ObjectiveStatus::Ok => 1,
        ObjectiveStatus::Miss => 2,
        ObjectiveStatus::Undecided | ObjectiveStatus::Untested | ObjectiveStatus::Vacuous => 3,
    };
    panel.line(
        Ink::nth(Family::Line, number),
        [(row.low, y), (row.high, y)],
    );
    panel.line(
        Ink::of(Family::Limit),
        [(row.limit, y - 0.4), (row.limit, y + 0.4)],
    );
    if let Some(value) = row.value {
        let says = format!(
            "{} {}, limit {}: {}",
            percent(value),
            percent_range(row.low, row.high),
            limit(row),
            row.status.word()
        );
        panel.stop(number, (value, y), says);
    }
}

fn table(rows: &[&ObjectiveRow]) -> DataTable {
    let mut table = DataTable::new(["objective", "value", "95 % interval", "limit", "status"]);
    for row in rows {
        table.row([
            label(&row.id),
            row.value.map_or("no data".to_owned(), percent),
            percent_range(row.low, row.high),
            limit(row),
            row.status.word().to_owned(),
        ]);
    }
    table
}
