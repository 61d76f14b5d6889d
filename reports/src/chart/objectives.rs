//! Objectives with their intervals against their limits.

use crate::figure::{percent, percent_range};
use crate::study_json::{ObjectiveRow, ObjectiveStatus, StudyReport};
use crate::study_text::limit;

use super::axis::{Axis, Tick};
use super::ink::{Family, Ink};
use super::mark::{Mark, Spot};
use super::model::{Chart, DataTable, LegendKey, Panel, Width};
use super::text::{label, shorten};

/// The height of a row in pixels.
const ROW: u32 = 27;
/// So many objectives are drawn; the table has all.
const ROWS: usize = 12;

/// Draws each objective's rate with its interval and its limit. Nothing comes of a report without
/// objectives.
pub fn objectives(report: &StudyReport) -> Option<Chart> {
    let rows: Vec<_> = report.objectives.iter().take(ROWS).collect();
    let many = rows.len();
    let height = |at: usize| (many - at) as f64 - 0.5;
    let tick = |(at, row): (usize, &&ObjectiveRow)| Tick {
        at: height(at),
        text: shorten(&label(&row.id), 25),
    };
    let y = Axis {
        name: String::new(),
        from: 0.0,
        to: many as f64,
        ticks: rows.iter().enumerate().map(tick).collect(),
    };
    let mut panel = Panel::new(Axis::percent("share of rollouts", 1.0, 4), y);
    panel.left = 168;
    panel.height = ROW * many as u32;
    for (at, row) in rows.iter().enumerate() {
        draw(&mut panel, row, height(at));
    }
    let keys = [(1, "ok"), (2, "MISS"), (3, "undecided")];
    let mut legend = keys
        .map(|(number, name)| LegendKey {
            ink: Ink::nth(Family::Line, number),
            name: name.to_owned(),
        })
        .to_vec();
    legend.push(LegendKey {
        ink: Ink::of(Family::Limit),
        name: "limit".to_owned(),
    });
    (many > 0).then(|| Chart {
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
        ObjectiveStatus::Undecided => 3,
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
        let at = (value, y);
        panel.marks.push(Mark::Dot {
            ink: Ink::nth(Family::Dot, number),
            at,
            radius: 4,
        });
        panel.spots.push(Spot {
            at,
            says: format!(
                "{} {}, limit {}: {}",
                percent(value),
                percent_range(row.low, row.high),
                limit(row),
                row.status.word()
            ),
            stop: true,
        });
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
