//! Backtests: a policy against recorded metrics as they are, from every start.
//!
//! Nothing is modelled. Each recording becomes the samples of the signal that it is about, and the same
//! controller that a simulation plays goes through them. Gates that the recordings cannot answer are left
//! out and named: they are never a pass.

mod adequacy;
mod past;
mod starts;
mod summary;
mod tape;
mod world;

pub use past::{Past, PastError, Wishes};
pub use summary::report;
pub use tape::{Metric, Versions};
