//! What a campaign says of each promise: how likely it is broken at most.

use crate::chaos_json::{ChaosInvariant, ChaosReport};
use crate::chaos_text::slack;
use crate::figure::percent;
use crate::verdict::Verdict;

use super::axis::{Axis, Tick};
use super::ink::{Family, Ink};
use super::mark::{Mark, Spot};
use super::model::{Chart, DataTable, LegendKey, Panel, Width};
use super::text::{label, shorten};

/// The height of a row in pixels.
const ROW: u32 = 22;

/// Draws the upper bound of each promise that was put to the test. Nothing comes of a campaign without
/// one.
pub fn bounds(report: &ChaosReport) -> Option<Chart> {
    let rows: Vec<(&ChaosInvariant, f64)> = report
        .invariants
        .iter()
        .filter(|row| row.verdict.is_some())
        .filter_map(|row| Some((row, row.upper_bound?)))
        .collect();
    let most = rows.iter().map(|(_, bound)| *bound).fold(0.0, f64::max);
    let many = rows.len();
    let height = |at: usize| (many - at) as f64 - 0.5;
    let tick = |(at, (row, _)): (usize, &(&ChaosInvariant, f64))| Tick {
        at: height(at),
        text: shorten(&label(&row.id), 24),
    };
    let y = Axis {
        name: String::new(),
        from: 0.0,
        to: many as f64,
        ticks: rows.iter().enumerate().map(tick).collect(),
    };
    let mut panel = Panel::new(
        Axis::percent("rehearsals that break it, at most", most * 1.05, 5),
        y,
    );
    panel.left = 150;
    panel.height = ROW * many as u32;
    for (at, (row, bound)) in rows.iter().enumerate() {
        draw(&mut panel, row, *bound, height(at));
    }
    (many > 0).then(|| Chart {
        id: "promises-drawn".to_owned(),
        title: "How likely a promise is broken, at most".to_owned(),
        lead: "95 % upper bounds of the probability that a rehearsal within the tolerance breaks each promise. They hold for these generators alone.".to_owned(),
        legend: [(1, "held"), (2, "broken")]
            .map(|(number, name)| LegendKey {
                ink: Ink::nth(Family::Line, number),
                name: name.to_owned(),
            })
            .to_vec(),
        width: Width::Half,
        panels: vec![panel],
        table: table(&rows),
    })
}

fn draw(panel: &mut Panel, row: &ChaosInvariant, bound: f64, y: f64) {
    let number = if row.verdict == Some(Verdict::Fail) {
        2
    } else {
        1
    };
    panel.line(Ink::nth(Family::Line, number), [(0.0, y), (bound, y)]);
    let at = (bound, y);
    panel.marks.push(Mark::Dot {
        ink: Ink::nth(Family::Dot, number),
        at,
        radius: 4,
    });
    panel.spots.push(Spot {
        at,
        says: format!(
            "at most {}; broken in {} of {}",
            percent(bound),
            row.violations,
            row.tested
        ),
        stop: true,
    });
}

fn table(rows: &[(&ChaosInvariant, f64)]) -> DataTable {
    let mut table = DataTable::new(["promise", "at most", "broken", "tested", "least slack"]);
    for (row, bound) in rows {
        table.row([
            label(&row.id),
            percent(*bound),
            row.violations.to_string(),
            row.tested.to_string(),
            slack(row),
        ]);
    }
    table
}
