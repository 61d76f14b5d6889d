//! The machine: a staged rollout played in virtual time.
//!
//! `sim-core` is pure. It reads no file, starts no thread, looks at no clock and no environment, and
//! it draws every random number from a counter under a key, so that the same experiment and seed
//! give the same bits everywhere.

pub mod effect;
pub mod engine;
pub mod experiment;
pub mod fleet;
pub mod history;
pub mod operator;
pub mod policy;
pub mod run;
pub mod telemetry;
pub mod traffic;

pub use experiment::Experiment;
pub use history::{Event, History, Outcome};
pub use run::Run;
