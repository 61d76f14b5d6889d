//! How each promise fared under each group of faults.

use std::collections::BTreeSet;

use crate::common::figure::percent;
use crate::result::{ChaosInvariant, ChaosReport, ChaosUnder};
use crate::text::chaos::tables::margin;

use super::heat::{HeatMap, heat_map};
use super::model::{Chart, DataTable, Width};
use crate::common::label::label;

/// Draws how often each promise was broken under the faults of each group. Nothing comes of a result
/// that does not say.
pub fn promises_under(report: &ChaosReport) -> Option<Chart> {
    let rows = report.invariants.iter().filter(|row| !row.under.is_empty());
    let rows: Vec<&ChaosInvariant> = rows.collect();
    let groups: BTreeSet<&str> = rows
        .iter()
        .flat_map(|row| row.under.iter().map(|under| under.group.as_str()))
        .collect();
    // The first row of a map lies lowest.
    let upwards = || rows.iter().rev();
    let line = |row: &&ChaosInvariant| groups.iter().map(|group| cell(row, group)).collect();
    let map = HeatMap {
        id: "promises-under-faults".to_owned(),
        title: "Invariant × fault".to_owned(),
        lead: "Broken of tested, where a fault of the group showed, within the tolerance or beyond: darker means more often. A rehearsal counts for each group of which a fault showed. Empty: not exercised."
            .to_owned(),
        width: Width::Full,
        names: ["faults".to_owned(), String::new()],
        values: [
            groups.iter().map(|group| label(group)).collect(),
            upwards().map(|row| label(&row.id)).collect(),
        ],
        cells: upwards().map(line).collect(),
    };
    (!rows.is_empty()).then(|| Chart {
        table: table(&rows),
        ..heat_map(&map)
    })
}

fn cell(row: &ChaosInvariant, group: &str) -> Option<(f64, String)> {
    let under = row.under.iter().find(|under| under.group == group)?;
    let text = format!("{} / {}", under.broken, under.tested);
    Some((depth(under), text))
}

/// The lightest depth is kept for what was never broken.
fn depth(under: &ChaosUnder) -> f64 {
    match under.broken {
        0 => 0.0,
        broken => 0.2 + 0.8 * broken as f64 / under.tested.max(1) as f64,
    }
}

fn table(rows: &[&ChaosInvariant]) -> DataTable {
    let mut table = DataTable::new([
        "invariant",
        "faults",
        "tested",
        "broken",
        "upper end of the 95 % interval",
        "margin",
    ]);
    for row in rows {
        for under in &row.under {
            table.row([
                label(&row.id),
                label(&under.group),
                under.tested.to_string(),
                under.broken.to_string(),
                percent(under.upper_bound),
                margin(under.min_slack, row.unit.as_deref()),
            ]);
        }
    }
    table
}
