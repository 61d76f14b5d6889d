//! The kinds of closed-form cases, one file a group.
//!
//! Each kind plays its model through the parts that a policy uses: gates judge readings, trackers
//! count, waves roll back, stations queue. Only the random inputs of the model are drawn here.

mod alerts;
mod availability;
mod binomial_law;
mod blast;
mod charts;
mod counts;
mod exposure;
mod laws;
mod queue_model;
mod queues;
mod rare;
mod rollback;
mod run_length;
mod run_metric;
mod runs;
mod samples;
mod sequential;
mod stage;
mod stickiness;
mod table;
#[cfg(test)]
mod test_tests;
#[cfg(test)]
mod tests;
mod threshold;
mod tilt;
mod wald;
mod watch;

pub use table::player;
