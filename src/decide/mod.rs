//! One gate evaluation on given metrics: what a policy decides about numbers that somebody measured.
//!
//! The gates and the ladder are those of the shipped policies, and each gate is judged by
//! [`Gate::judge`](sim_core::policy::Gate::judge), as in a simulated rollout. What the systems' own
//! code does on odd input (a NaN, an absent file, a string) is part of the profiles that are called
//! as-implemented; the profile as-written fails closed there, and says so.

pub mod guard;
mod one_shot;
pub mod optimize;
pub mod own;
mod shipped;
pub mod wedge;

pub use one_shot::{GateAnswer, judge_once, with_limit};
pub use shipped::shipped;

/// What one evaluation says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GateStatus {
    /// Every gate passes.
    Healthy,
    /// No gate fires, but one cannot see: neither go on nor go back.
    Undecided,
    /// A gate fires.
    Unhealthy,
}
