//! Tolerance: what a policy is to withstand without breaking a promise.
//!
//! A promise that is broken by faults within the tolerance is a failure of the policy; one that is
//! broken by faults beyond it only shows where the policy ends. A policy declares its own: whole faults, or
//! faults up to a size; a campaign may take faults in and leave others out.

mod bound;
mod withstood;

pub use bound::Bound;
pub use withstood::Tolerance;
