//! Ablation: what each fault of a rehearsal did, by playing it without that fault.
//!
//! The same seed gives the same world, so that whatever differs between the two is the fault's doing.

mod ablate;
mod divergence;

#[cfg(test)]
mod tests;

pub use ablate::{Ablation, Showing, Without, ablate};
pub use divergence::Divergence;
