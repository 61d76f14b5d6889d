//! What the explorer shows: today's policy and the changed one, side by side.
//!
//! The page draws nothing and computes nothing: it gets figures in words, tables, and charts that are drawn here.

mod drawn;
mod figures;
mod headline;
mod outline;
mod pair;
mod sizes;

pub use drawn::DrawnChart;
pub use figures::{StudyView, study_view};
pub use outline::outline;
pub use sizes::{CurveView, curve_view};
