//! Rehearsals: a rollout with faults that are known to the last number, played and judged.
//!
//! A [`Rehearsal`] holds what happens, not how it was thought of: generators may change, and a rehearsal
//! that was written down stays what it was. [`Rehearsal::play`] gives a [`Rehearsed`]: the rollout, what
//! every checker found, and which faults have shown.

mod play;
mod verdict;

#[cfg(test)]
mod tests;

pub use play::{Misfits, Rehearsal, Rehearsed};
pub use verdict::Verdict;
