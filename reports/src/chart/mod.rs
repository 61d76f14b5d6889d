//! Charts: typed results as marks on panels, drawn with plotters into SVG of our own.
//!
//! A [`Chart`] says what is to be seen in the words of the data; [`svg`] draws it. Nothing in it has a
//! colour: every mark has a class, and the style sheet gives classes their looks, light, dark or on
//! paper. Each chart carries its data as a table, so that nothing can be learnt from the drawing alone.

mod axis;
mod backend;
mod bounds;
#[cfg(test)]
mod contrast_tests;
mod curve;
mod distribution;
mod exposure;
mod fates;
mod forest;
mod front;
mod heat;
mod ink;
mod mark;
mod model;
mod objectives;
mod paint;
mod past;
mod reach;
mod svg;
mod timeline;
mod timeline_marks;
mod under;

pub use crate::common::label::{label, shown, xml};
pub use axis::{Axis, Tick};
pub use bounds::bounds;
pub use curve::curve_charts;
pub(crate) use distribution::post;
pub use distribution::{DistributionOf, distribution};
pub use exposure::exposure;
pub use fates::fates;
pub use forest::forest;
pub use front::tune_charts;
pub use heat::{HeatMap, heat_map};
pub use ink::{Family, Ink};
pub use mark::{Anchor, Mark, Spot};
pub use model::{Chart, DataCell, DataTable, LegendKey, Panel, Width};
pub use objectives::objectives;
pub use past::past;
pub use reach::{gaps, reach};
pub use svg::{Drawing, STYLE};
pub use timeline::timeline_chart;
pub use under::promises_under;
