//! Checkers: one file for each safety promise, judged by the history alone.
//!
//! A checker sees what happened ([`sim_core::History`]) and what was declared
//! ([`sim_core::Experiment`]). It shares no code with the controller that it watches: it never decides,
//! never keeps a gate's window and never asks the machine why. Each promise ends as *holds*,
//! *violated* or *not reached*; a promise that no history put to the test is never reported as kept.
//!
//! Where a document promises more than a policy asks for, the checker holds to the document:
//! an artifact that nobody looks at is still flawed, and a recovery that nobody acknowledged is still
//! a violation. That is what tells a policy as written from the same policy as implemented.

mod answer;
mod approval;
mod artifact;
mod blast;
mod catalogue;
mod check_recorder;
mod detection;
mod evidence;
mod false_rollback;
mod finding;
mod gate;
mod harm;
mod kept;
mod kill;
mod lasting;
mod liveness;
mod observe;
mod order;
mod pause;
mod prerequisites;
mod reading;
mod recover;
mod rollback;
mod signoff;
mod stage_visit;
mod staged;
mod tick;
mod trigger;
mod vacuous;
mod waiver;

#[cfg(test)]
mod tests;

pub use catalogue::{CATALOGUE, HARM, check, check_history, known};
pub use finding::{Finding, Invariant, Status};
pub use reading::{Stated, flaw_name, read, said};
pub use vacuous::{GAPS, MissingDeclaration, unsaid};
