//! Cohorts: many settings of a policy's gates, played in one simulation for as long as they decide alike.

mod gate_bank;
mod gate_memory;
mod gate_reader;
mod kinship;
mod members;
mod progress;
mod testing;

pub(crate) use gate_bank::{Asking, EvaluationKind, GateBank, Verdicts};
pub use kinship::family_key;
pub(crate) use members::{Group, Seen};
