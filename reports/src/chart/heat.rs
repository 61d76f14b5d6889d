//! A figure over two settings.

use super::axis::{Axis, Tick};
use super::ink::{Family, Ink};
use super::mark::{Anchor, Mark};
use super::model::{Chart, DataTable, Panel, Width};
use super::text::shorten;

/// A figure for each pair of settings.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatMap {
    /// The word of the chart.
    pub id: String,
    /// The heading.
    pub title: String,
    /// What is to be seen.
    pub lead: String,
    /// The names of the two settings, along x and along y.
    pub names: [String; 2],
    /// Their values.
    pub values: [Vec<String>; 2],
    /// For each value along y the cells along x: a depth between 0 and 1, and words.
    pub cells: Vec<Vec<Option<(f64, String)>>>,
}

/// How many depths there are.
const DEPTHS: f64 = 5.0;
/// The height of a row in pixels.
const ROW: u32 = 30;

/// Draws the map.
pub fn heat_map(map: &HeatMap) -> Chart {
    let [x, y] = [0, 1].map(|at| axis(&map.names[at], &map.values[at]));
    let mut panel = Panel::new(x, y);
    panel.height = ROW * map.values[1].len() as u32;
    panel.has_grid = false;
    panel.left = 74;
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
        width: Width::Half,
        panels: vec![panel],
        table: table(map),
    }
}

fn axis(name: &str, values: &[String]) -> Axis {
    let tick = |(at, value): (usize, &String)| Tick {
        at: at as f64 + 0.5,
        text: shorten(value, 9),
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
