//! The machine: a staged rollout played in virtual time.
//!
//! `sim-core` is pure. It reads no file, starts no thread, looks at no clock and no environment, and
//! it draws every random number from a counter under a key, so that the same experiment and seed
//! give the same bits everywhere.
//!
//! An [`Experiment`] is a policy and a world. [`run()`] plays it once under a [`Seed`]; a [`Plan`] plays it many times,
//! a [`Family`] plays many settings of its gates at once, and a [`Rollout`] can be stopped, copied and played on. What
//! comes out is a [`Run`]: how it ended, what users suffered, and the [`History`], which is all that checkers and
//! reports ever see.
//!
//! Inside, a *simulation* takes what happens next to a *controller*, which acts on a *plant*. The plant has an
//! *environment* (load, exposure, hosts), the state of *faults*, and *telemetry* that is sampled from both; gates read
//! it through the gate bank of a *cohort*. Each of these is a folder, and files import downwards only.

// Tests inside share their examples with those outside.
#[cfg(test)]
extern crate self as sim_core;

#[cfg(test)]
#[path = "../tests/it/example.rs"]
#[expect(dead_code, reason = "one example of several is used inside")]
mod example;

mod address;
mod cohort;
mod controller;
pub mod decider;
pub mod effect;
pub mod engine;
mod environment;
pub mod exact;
pub mod experiment;
mod faults;
pub mod fleet;
mod grid;
mod harms;
pub mod history;
mod marks;
pub mod operator;
pub mod plan;
mod plant;
pub mod policy;
mod rollout;
pub mod run;
mod shared;
mod simulation;
pub mod telemetry;
pub mod traffic;
mod trail;

pub use cohort::family_key;
pub use decider::Decider;
pub use experiment::{Experiment, Steering};
pub use grid::Grid;
pub use harms::{SLOW_WEIGHT, SlowRequests, slow_requests};
pub use history::{Event, History, Outcome};
pub use plan::{Plan, Seed};
pub use rollout::Rollout;
pub use run::{Figures, PLACES, Run};
pub use shared::Shared;
pub use simulation::{Family, Watched};
pub use trail::Trail;

/// Plays `experiment` once with the randomness of `seed`.
///
/// A study that plays the same experiment many times makes a [`Plan`] once instead.
///
/// # Panics
/// When a name in the experiment does not resolve; see [`Plan::new`].
pub fn run(experiment: &Experiment, seed: Seed) -> Run {
    Plan::new(experiment).play(seed)
}
