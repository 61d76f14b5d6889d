//! A chart as a page takes it that was not made with it.

use serde::Serialize;

use crate::chart::{Chart, DataTable, Drawing, Width, xml};

/// A chart with all that belongs to it; markup is escaped already.
#[derive(Clone, Debug, Serialize)]
pub struct DrawnChart {
    /// The word of the chart.
    pub id: String,
    /// The heading.
    pub title: String,
    /// What is to be seen.
    pub lead: String,
    /// Whether it needs the whole width.
    pub wide: bool,
    /// The legend: for each series a sample and its name, as markup.
    pub legend: Vec<[String; 2]>,
    /// The drawing, as markup.
    pub svg: String,
    /// The layer over it that says more, as markup.
    pub over: String,
    /// The drawing for a phone, where the other one is too wide.
    pub narrow: String,
    /// What the marks of that one say.
    pub notes: Vec<String>,
    /// The names of the columns of its data.
    pub head: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

/// More rows than these are in the JSON of a result.
const ROWS: usize = 200;

impl From<&Chart> for DrawnChart {
    fn from(chart: &Chart) -> Self {
        let drawing = Drawing::of(chart);
        let (narrow, notes) = chart.narrow().unzip();
        let sample = |key: &crate::chart::LegendKey| {
            let sample = key.sample(0, 5);
            let svg = format!(
                "<svg class=\"chart key\" viewBox=\"0 0 26 10\" aria-hidden=\"true\">{sample}</svg>"
            );
            [svg, xml(&key.name)]
        };
        let DataTable { head, rows } = &chart.table;
        let texts =
            |row: &Vec<crate::chart::DataCell>| row.iter().map(|cell| cell.text.clone()).collect();
        Self {
            id: chart.id.clone(),
            title: chart.title.clone(),
            lead: chart.lead.clone(),
            wide: chart.width == Width::Full,
            legend: chart.legend.iter().map(sample).collect(),
            svg: drawing.inline(),
            over: drawing.overlay(),
            narrow: narrow.map_or(String::new(), |chart| Drawing::of(&chart).inline()),
            notes: notes.unwrap_or_default(),
            head: head.clone(),
            rows: rows.iter().take(ROWS).map(texts).collect(),
        }
    }
}
