//! Shrinking: from a rehearsal that breaks a promise to the smallest one that still breaks it.
//!
//! The promise is fixed, and so is the manner in which it is broken: what is left must fail for the same
//! reason, by faults that matter, and must not fail without them. What is minimised, in this order: the
//! number of faults, the layers that they touch, what the scenario holds besides, the stages, the hosts, what is left to chance, how long
//! it is played, how long faults last, how unusual and how strong they are, how far they are from the
//! event that they belong to. [`Weight`] is that order. Passes run until none of them finds anything
//! (a joint fixpoint), so that shrinking twice is shrinking once; what comes out is a rehearsal like any
//! other, which knows nothing of how it was found.
//!
//! The passes follow delta debugging (A. Zeller and R. Hildebrandt, "Simplifying and isolating
//! failure-inducing input", IEEE TSE 28(2), 2002) and the short-lex order of Hypothesis (D. `MacIver` and
//! A. Donaldson, "Test-case reduction via test-case generation", ECOOP 2020).

mod chance;
mod context;
mod engine;
mod failure_signature;
mod faults;
mod fleet;
mod horizon;
mod layers;
mod reducer;
mod replayer;
mod shape;
mod stages;
mod timing;
mod violation;
mod weight;

#[cfg(test)]
mod tests;

pub use engine::{BUDGET, Shrunk, shrink, shrink_while};
pub use failure_signature::failure_signature;
pub use weight::Weight;
