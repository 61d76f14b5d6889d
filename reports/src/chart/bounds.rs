//! What a campaign says of each promise: how likely it is broken at most.

use crate::common::figure::percent;
use crate::result::Verdict;
use crate::result::{ChaosInvariant, ChaosReport};
use crate::text::chaos::tables::slack;

use super::axis::Axis;
use super::ink::{Family, Ink};
use super::model::{Chart, DataTable, LegendKey, Panel, Width};
use crate::common::label::label;

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
    let x = Axis::percent(
        "experiments that violate it, upper end of the 95 % interval",
        most * 1.05,
        5,
    );
    let names = rows.iter().map(|(row, _)| label(&row.id));
    let mut panel = Panel::of_rows(x, Axis::rows(names, 24), ROW);
    panel.left = 150;
    for (place, (row, bound)) in panel.y.places().into_iter().zip(&rows) {
        draw(&mut panel, row, *bound, place);
    }
    (!rows.is_empty()).then(|| Chart {
        id: "promises-drawn".to_owned(),
        title: "How likely an invariant is violated: upper ends of 95 % intervals".to_owned(),
        lead: "95 % upper bounds of the probability that an experiment within the tolerance violates each invariant. They hold for these generators alone.".to_owned(),
        legend: LegendKey::lines([(1, "held"), (2, "broken")]),
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
    let says = format!(
        "at most {}; broken in {} of {}",
        percent(bound),
        row.violations,
        row.tested
    );
    panel.stop(number, (bound, y), says);
}

fn table(rows: &[(&ChaosInvariant, f64)]) -> DataTable {
    let mut table = DataTable::new([
        "invariant",
        "upper end of the 95 % interval",
        "violated",
        "tested",
        "least margin",
    ]);
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
