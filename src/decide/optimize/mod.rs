//! The stage gates of the optimize rollout: time-outs, fallbacks and the change of the objective
//! against the limits of a stage.

mod decision;
mod doubt;
#[cfg(test)]
mod tests;

pub use decision::{METRICS, Refusal, StageDecision, decide};
