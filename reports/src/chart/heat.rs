//! A figure over two settings.

use super::axis::{Axis, Tick};
use super::ink::{Family, Ink};
use super::mark::{Anchor, Mark};
use super::model::{Chart, DataTable, Panel, Width};
use crate::common::label::shorten;

/// A figure for each pair of settings.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatMap {
    /// The word of the chart.
    pub id: String,
    /// The heading.
    pub title: String,
    /// What is to be seen.
    pub lead: String,
    /// How much room it needs.
    pub width: Width,
    /// The names of the two settings, along x and along y.
    pub names: [String; 2],
    /// Their values.
    pub values: [Vec<String>; 2],
    /// For each value along y, from below, the cells along x: a depth between 0 and 1, and words.
    pub cells: Vec<Vec<Option<(f64, String)>>>,
}

/// How many depths there are.
const DEPTHS: f64 = 5.0;
/// The height of a row in pixels.
const ROW: u32 = 30;
/// About how wide a character is, in pixels.
const CHAR: f64 = 6.4;
/// Names along y are shortened to so many characters.
const NAME: usize = 26;

/// Draws the map.
pub fn heat_map(map: &HeatMap) -> Chart {
    let [across, upwards] = &map.values;
    let longest = upwards.iter().map(|name| name.chars().count().min(NAME));
    let left = (30.0 + CHAR * longest.max().unwrap_or(0) as f64).max(74.0);
    let column = (f64::from(map.width.pixels()) - left - 20.0) / across.len().max(1) as f64;
    let x = axis(&map.names[0], across, (column / CHAR) as usize);
    let mut panel = Panel::of_rows(x, axis(&map.names[1], upwards, NAME), ROW);
    panel.has_grid = false;
    panel.left = left as u32;
    for (row, cells) in map.cells.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            if let Some((depth, text)) = cell {
                panel.marks.extend(marks(column, row, *depth, text));
            }
        }
    }
    Chart {
        id: map.id.clone(),
        title: map.title.clone(),
        lead: map.lead.clone(),
        legend: Vec::new(),
        width: map.width,
        panels: vec![panel],
        table: table(map),
    }
}

fn axis(name: &str, values: &[String], most: usize) -> Axis {
    let tick = |(at, value): (usize, &String)| Tick {
        at: at as f64 + 0.5,
        text: shorten(value, most.max(4)),
    };
    Axis {
        name: shorten(name, 40),
        from: 0.0,
        to: values.len() as f64,
        ticks: values.iter().enumerate().map(tick).collect(),
    }
}

fn marks(column: usize, row: usize, depth: f64, text: &str) -> [Mark; 2] {
    let (x, y) = (column as f64, row as f64);
    let number = 1 + (depth * DEPTHS).clamp(0.0, DEPTHS - 1.0) as u8;
    [
        Mark::Box {
            ink: Ink::nth(Family::Heat, number),
            from: (x, y + 1.0),
            to: (x + 1.0, y),
        },
        Mark::Text {
            ink: Ink::nth(Family::HeatText, number),
            at: (x + 0.5, y + 0.5),
            shift: (0, 0),
            anchor: Anchor::Middle,
            text: text.to_owned(),
        },
    ]
}

fn table(map: &HeatMap) -> DataTable {
    let mut table = DataTable::new([&map.names[0], &map.names[1], "figure"]);
    for (row, cells) in map.cells.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let figure = cell.as_ref().map_or("not played", |(_, text)| text);
            table.row([
                map.values[0][column].clone(),
                map.values[1][row].clone(),
                figure.to_owned(),
            ]);
        }
    }
    table
}
