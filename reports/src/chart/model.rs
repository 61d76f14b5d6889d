//! A chart as data: panels with marks, a legend and a table.

use super::axis::Axis;
use super::ink::{Family, Ink};
use super::mark::{Mark, Spot};
use crate::common::label::shorten;

/// A chart, whatever it shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// A word that is unique in its report: the name of the file.
    pub id: String,
    /// The heading.
    pub title: String,
    /// What is to be seen, in a sentence or two.
    pub lead: String,
    /// The names of the series.
    pub legend: Vec<LegendKey>,
    /// How much room it needs.
    pub width: Width,
    /// The panels from top to bottom, which share their axis of x if there are several.
    pub panels: Vec<Panel>,
    /// What is drawn, in words and numbers.
    pub table: DataTable,
}

/// How much room a chart needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// Half a page.
    Half,
    /// A whole page.
    Full,
}

impl Width {
    /// Returns the width in pixels of the drawing.
    pub const fn pixels(self) -> u32 {
        match self {
            Self::Half => 420,
            Self::Full => 880,
        }
    }
}

impl Chart {
    /// Returns the chart as a screen of a phone shows it, with what its marks say as lines below it; none where half a
    /// page is enough anyway or where names stand along y, which need the room.
    ///
    /// Words above a panel shrink to their sign and time, names of stages to what fits.
    pub fn narrow(&self) -> Option<(Self, Vec<String>)> {
        let has_names = |panel: &Panel| panel.left > 80;
        if self.width == Width::Half || self.panels.iter().any(has_names) {
            return None;
        }
        let mut chart = self.clone();
        chart.width = Width::Half;
        chart.id += "-narrow";
        let mut lines = Vec::new();
        for mark in chart.panels.iter_mut().flat_map(|panel| &mut panel.marks) {
            if let Mark::Text { ink, text, .. } = mark {
                if ink.is_event_text() {
                    lines.push(text.clone());
                    *text = text.splitn(3, ' ').take(2).collect::<Vec<_>>().join(" ");
                } else if ink.is_stage_text() {
                    *text = shorten(text, text.chars().count() / 2);
                }
            }
        }
        Some((chart, lines))
    }
}

/// The name of a series and its ink.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegendKey {
    /// The ink of its line or point.
    pub ink: Ink,
    /// The name.
    pub name: String,
}

impl LegendKey {
    /// The keys of the lines that have these numbers.
    pub fn lines<N: Into<String>>(names: impl IntoIterator<Item = (u8, N)>) -> Vec<Self> {
        let key = |(number, name): (u8, N)| Self {
            ink: Ink::nth(Family::Line, number),
            name: name.into(),
        };
        names.into_iter().map(key).collect()
    }

    /// Returns a sample of the ink, 26 pixels wide, around a line at `y` that begins at `x`.
    pub fn sample(&self, x: i32, y: i32) -> String {
        let class = self.ink.class();
        if self.ink.is_point() {
            format!(
                "<circle class=\"{class}\" cx=\"{}\" cy=\"{y}\" r=\"4\"/>",
                x + 13
            )
        } else {
            format!("<path class=\"{class}\" d=\"M{x} {y} {} {y}\"/>", x + 26)
        }
    }
}

/// A pair of axes with what is drawn on them.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// The axis to the right.
    pub x: Axis,
    /// The axis upwards.
    pub y: Axis,
    /// The height of the drawn area in pixels.
    pub height: u32,
    /// Room above the drawn area in pixels.
    pub above: u32,
    /// Whether the numbers along x are written.
    pub has_x: bool,
    /// Whether there are lines at the numbers along y.
    pub has_grid: bool,
    /// The width of the room for the numbers along y in pixels.
    pub left: u32,
    /// What is drawn, from back to front.
    pub marks: Vec<Mark>,
    /// What says more when it is pointed at.
    pub spots: Vec<Spot>,
}

impl Panel {
    /// A panel without marks, of the usual size.
    pub const fn new(x: Axis, y: Axis) -> Self {
        Self {
            x,
            y,
            height: 190,
            above: 10,
            has_x: true,
            has_grid: true,
            left: 54,
            marks: Vec::new(),
            spots: Vec::new(),
        }
    }

    /// A panel with a row of `row` pixels for each name along y.
    pub fn of_rows(x: Axis, y: Axis, row: u32) -> Self {
        let height = row * y.ticks.len() as u32;
        Self {
            height,
            ..Self::new(x, y)
        }
    }

    /// Draws a line, cut off at the edges of the panel.
    pub fn line(&mut self, ink: Ink, points: impl IntoIterator<Item = (f64, f64)>) {
        let points = points.into_iter().map(|at| self.inside(at)).collect();
        self.marks.push(Mark::Line { ink, points });
    }

    /// Fills the area between a lower and an upper line over the same places.
    pub fn band(&mut self, ink: Ink, low: &[(f64, f64)], high: &[(f64, f64)]) {
        let around = low.iter().chain(high.iter().rev());
        let corners = around.map(|at| self.inside(*at)).collect();
        self.marks.push(Mark::Area { ink, corners });
    }

    /// Draws the point of a series that says more when it is pointed at or reached with the keyboard.
    pub fn stop(&mut self, number: u8, at: (f64, f64), says: String) {
        let ink = Ink::nth(Family::Dot, number);
        let radius = 4;
        self.marks.push(Mark::Dot { ink, at, radius });
        let stop = true;
        self.spots.push(Spot { at, says, stop });
    }

    /// Returns the place, or the nearest one inside the panel.
    pub fn inside(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (self.x.clamp(x), self.y.clamp(y))
    }
}

/// The data behind a chart, or any table of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataTable {
    /// The names of the columns.
    pub head: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<DataCell>>,
}

impl DataTable {
    /// A table without rows.
    pub fn new<const N: usize>(head: [&str; N]) -> Self {
        Self {
            head: head.map(str::to_owned).to_vec(),
            rows: Vec::new(),
        }
    }

    /// Whether a phone cannot show its columns side by side: there each row becomes a block of named values.
    pub fn is_wide(&self) -> bool {
        self.head.len() > 1
    }

    /// Returns the class of the head of a column: that of numbers stands where its numbers do.
    pub fn head_class(&self, column: &usize) -> &'static str {
        let cell = self.rows.first().and_then(|row| row.get(*column));
        let is_number = cell.is_some_and(|cell| cell.class.split(' ').any(|class| class == "num"));
        if is_number { "num" } else { "words" }
    }

    /// Adds a row of plain words.
    pub fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.map(DataCell::new).to_vec());
    }
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataCell {
    /// What it says.
    pub text: String,
    /// The classes that say how: `bad`, `num`, `q3`.
    pub class: String,
}

impl DataCell {
    /// A cell of plain words; a number is set to the right.
    pub fn new(text: impl Into<String>) -> Self {
        let text: String = text.into();
        let is_number = text.starts_with(|c: char| c.is_ascii_digit() || "[-<>±".contains(c));
        let class = if is_number { "num" } else { "" };
        Self {
            text,
            class: class.to_owned(),
        }
    }

    /// A cell with a class of its own.
    pub fn classed(text: impl Into<String>, class: &str) -> Self {
        let plain = Self::new(text);
        // Words that begin with a number stay words.
        let class = match plain.class.as_str() {
            "num" if class.split(' ').all(|class| class != "words") => format!("num {class}"),
            _ => class.to_owned(),
        };
        Self { class, ..plain }
    }
}
