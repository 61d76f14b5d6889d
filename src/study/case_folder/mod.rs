//! Cases as folders: a rehearsal that breaks a promise, what it was, what happened, and why.
//!
//! A folder holds `case.yaml` (what is played again, resolved to the last number), `original.yaml` (the
//! same before it was shrunk), `timeline.csv`, the same as a drawing in `plot.svg`, and `why.md`. [`case_folder`] makes
//! their texts; whoever writes them writes all of them or none.

mod files;
mod old_reading;
mod plot;
mod report;
mod words;

#[cfg(test)]
mod tests;

pub use files::{CaseFolder, Found, NAMES, TOOL, case_folder, explained};
pub use report::case_report;
