//! What the explorer shows: today's policy and the changed one, side by side.
//!
//! The page draws nothing and computes nothing: it gets figures in words, tables, and charts that are drawn here.

mod drawn;
mod figures;
mod outline;
mod pair;

pub use drawn::DrawnChart;
pub use figures::{CurveView, StudyView, curve_view, study_view};
pub use outline::outline;
pub use pair::{Spread, characteristic_pair, delay_pair, spread_pair};
