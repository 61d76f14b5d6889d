//! Calibration: from a recorded history to a noise model, or to a refusal that says why not.
//!
//! [`fit()`] takes a history apart: level and season, the chance of counting, and the movement that is left
//! with its memory. It refuses what no stationary model describes, fits the first half and predicts the
//! runs of breaches of the second with the very generator that the world is played with, and writes a
//! [`NoiseModel`](crate::NoiseModel). Each step lies in a file of its own.

mod codes;
mod counts;
mod drift;
mod dynamics;
mod fit;
mod golden;
mod hosts;
mod kind;
mod latency;
mod memory;
mod model;
mod normal;
mod predictive;
mod ratios;
mod refusal;
mod runs;
mod season;
mod series;
mod solve;
mod summary;
mod tail;
#[cfg(test)]
mod tests;
mod total;
mod units;
mod windows;
mod yaml;

pub(crate) use codes::CODES;
pub use counts::CountFit;
pub use drift::Drift;
pub use fit::{Fit, SeriesFit, Settings, fit};
pub use hosts::HostFit;
pub use kind::Kind;
pub use latency::{LatencyFit, Timeout};
pub use memory::MemoryFit;
pub use model::Holding;
pub use ratios::RatioFit;
pub use refusal::Refusal;
pub use runs::{Prediction, REPLICATIONS, RUNS, RunCheck};
pub use summary::{SummaryFit, of_summary};
pub use tail::Tail;
pub use total::Total;
pub use windows::Windows;
pub use yaml::yaml;
