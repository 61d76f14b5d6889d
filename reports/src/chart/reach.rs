//! How much of what can happen has happened: bars, and the states in which faults never showed.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::figure::percent;
use crate::result::{ChaosReach, ChaosReport};

use super::axis::Axis;
use super::heat::{HeatMap, heat_map};
use super::ink::{Family, Ink};
use super::mark::{Anchor, Mark};
use super::model::{Chart, DataCell, DataTable, Panel, Width};
use crate::common::label::{label, shown};

/// The height of a row in pixels.
const ROW: u32 = 30;

/// Draws how much of each kind of thing was reached. Nothing comes of a campaign without any.
pub fn reach(report: &ChaosReport) -> Option<Chart> {
    let reaches = report.coverage.reaches.iter();
    let rows: Vec<&ChaosReach> = reaches.filter(|reach| reach.reachable > 0).collect();
    let x = Axis::percent("reached of what can be", 1.0, 4);
    let mut panel = Panel::of_rows(
        x,
        Axis::rows(rows.iter().map(|row| label(&row.of)), 24),
        ROW,
    );
    panel.left = 160;
    for (place, row) in panel.y.places().into_iter().zip(&rows) {
        bar(&mut panel, row, place);
    }
    (!rows.is_empty()).then(|| Chart {
        id: "reach".to_owned(),
        title: "How much was rehearsed".to_owned(),
        lead: "Of each kind of thing that can be covered in this base, the share that was."
            .to_owned(),
        legend: Vec::new(),
        width: Width::Half,
        panels: vec![panel],
        table: table(&rows),
    })
}

fn share(row: &ChaosReach) -> f64 {
    row.reached as f64 / row.reachable as f64
}

fn bar(panel: &mut Panel, row: &ChaosReach, y: f64) {
    let text = format!("{} of {}", row.reached, row.reachable);
    let end = share(row);
    panel.line(Ink::nth(Family::Line, 1), [(0.0, y), (end, y)]);
    let is_left = end < 0.5;
    panel.marks.push(Mark::Text {
        ink: Ink::of(Family::Note),
        at: (end, y),
        shift: (if is_left { 8 } else { -8 }, -9),
        anchor: if is_left { Anchor::Start } else { Anchor::End },
        text: text.clone(),
    });
    panel.stop(1, (end, y), format!("{text}, {}", percent(end)));
}

fn table(rows: &[&ChaosReach]) -> DataTable {
    let mut table = DataTable::new(["kind", "reached", "of", "share", "missing", "beyond"]);
    for row in rows {
        table.row([
            label(&row.of),
            row.reached.to_string(),
            row.reachable.to_string(),
            percent(share(row)),
            row.missing.len().to_string(),
            row.beyond.to_string(),
        ]);
    }
    table
}

/// Draws in how many states how many faults of each group never showed. Nothing comes of a campaign in
/// which each fault showed in each state.
pub fn gaps(report: &ChaosReport) -> Option<Chart> {
    let states = states(report);
    let faults = states.values().flatten();
    let groups: BTreeSet<&str> = faults.map(|fault| group(fault)).collect();
    let count = |faults: &[&str], of: &str| faults.iter().filter(|it| group(it) == of).count();
    let most_of = |faults: &Vec<&str>| groups.iter().map(|of| count(faults, of)).max();
    let most = states
        .values()
        .filter_map(most_of)
        .max()
        .unwrap_or(0)
        .max(1);
    let cell = |faults: &[&str], of: &str| match count(faults, of) {
        0 => None,
        many => Some((many as f64 / most as f64, many.to_string())),
    };
    let line = |faults: &Vec<&str>| groups.iter().map(|of| cell(faults, of)).collect();
    let map = HeatMap {
        id: "gaps".to_owned(),
        title: "States in which faults never showed".to_owned(),
        lead: "How many faults of each group no rehearsal has shown in a state in which they can: darker means more. Empty: none is missing."
            .to_owned(),
        width: Width::Full,
        names: ["faults".to_owned(), String::new()],
        values: [
            groups.iter().map(|group| label(group)).collect(),
            states.keys().map(|state| label(state)).collect(),
        ],
        cells: states.values().map(line).collect(),
    };
    (!states.is_empty()).then(|| Chart {
        table: missing(&states),
        ..heat_map(&map)
    })
}

/// The faults that never showed in each state.
fn states(report: &ChaosReport) -> BTreeMap<&str, Vec<&str>> {
    let mut states: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for reach in &report.coverage.reaches {
        // A cell is a fault and a state.
        let cells = reach
            .missing
            .iter()
            .filter_map(|name| name.split_once(" while "));
        for (fault, state) in cells {
            states.entry(state).or_default().push(fault);
        }
    }
    states
}

fn group(fault: &str) -> &str {
    fault.split_once('.').map_or(fault, |(group, _)| group)
}

fn missing(states: &BTreeMap<&str, Vec<&str>>) -> DataTable {
    let mut table = DataTable::new(["state", "missing", "faults"]);
    for (state, faults) in states {
        table.rows.push(vec![
            DataCell::classed(label(state), "words"),
            DataCell::new(faults.len().to_string()),
            DataCell::classed(shown(&faults.join(", ")), "words"),
        ]);
    }
    table
}
