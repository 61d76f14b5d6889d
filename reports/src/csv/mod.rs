//! Results as rows, for spreadsheets and notebooks.

mod backtest;
mod curve;
mod study;

pub use backtest::backtest_csv;
pub use curve::curve_csv;
pub use study::{study_csv, study_lines};
