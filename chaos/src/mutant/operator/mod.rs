//! Operators: the ways in which a policy can be weaker, one file for each part of it.
//!
//! The list follows what people get wrong in rollout policies and their controllers: limits, windows,
//! missing data, stages, approvals, evidence, the way back, and what a controller forgets. An operator
//! that leaves a policy as it is makes no mutant of it.

mod action;
mod data;
mod evidence;
mod gate;
mod machine;
mod maker;
mod rollback;
mod stage;
mod table;

use sim_core::policy::Policy;

use super::Mutant;
use maker::Maker;
pub use table::{OPERATORS, Operator};

/// Returns every mutant of `policy`, in the order of [`OPERATORS`] and of the policy's own lists.
pub fn mutants(policy: &Policy) -> Vec<Mutant> {
    let mut maker = Maker::new(policy);
    gate::add(&mut maker);
    data::add(&mut maker);
    stage::add(&mut maker);
    action::add(&mut maker);
    evidence::add(&mut maker);
    rollback::add(&mut maker);
    machine::add(&mut maker);
    maker.finish()
}
