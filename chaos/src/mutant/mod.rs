//! Mutants: a policy that is weaker in one place, and whether any rehearsal would notice.
//!
//! [`mutants`] makes every mutant of a policy, one [`Mutant`] for each operator and place. A mutant is
//! played in [`Probe`]s beside the policy as it is, under the same seed. Both carry [`witness`] gates, the
//! policy's own gates once more, which are read and written down and never acted upon; so the history of
//! the mutant says what data were delivered, and it is judged against what the *original* promises, by
//! every checker and by [`broken`]. A promise counts against a mutant only where the original keeps it in
//! all rehearsals of the same family.

mod base;
mod fate;
mod feature;
mod hands;
mod kind;
mod operator;
mod probe;
mod promise;
mod trial;
mod witness;

#[cfg(test)]
mod tests;

pub use base::{Base, Played};
pub use fate::{Fate, Survival, Verdict};
pub use hands::with_hands;
pub use kind::Mutant;
pub use operator::{OPERATORS, Operator, mutants};
pub use probe::{Probe, probes};
pub use promise::{WITNESSED, Witnessed, broken};
pub use trial::{Trial, look};
pub use witness::{tell, witness};
