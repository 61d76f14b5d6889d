//! Backtests: a policy against recorded metrics as they are, from every start.
//!
//! Nothing is modelled. Each recording becomes the samples of the signal that it is about, and the same
//! controller that a simulation plays goes through them. Where a recording counts everybody's requests, the
//! canary sees those that reached it: each with the canary's share of the traffic at that time, drawn again
//! in each replication. Gates that the recordings cannot answer are left
//! out and named: they are never a pass.

mod adequacy;
mod finding_rows;
mod past;
mod recorded_signal;
mod recordings;
mod starts;
mod summary;
mod thinning;
mod world;
mod written;

pub use past::Past;
pub use recorded_signal::{SignalMetric, Versions, Whose};
pub use recordings::{PastError, Wishes};
pub use summary::report;
