//! Mutants: a policy that is weaker in one place, and whether any rehearsal would notice.
//!
//! [`mutants`] makes every mutant of a policy, one [`Mutant`] for each operator and place. A mutant is
//! played in [`MutationTest`]s beside the policy as it is, under the same seed. Both carry [`witness`] gates, the
//! policy's own gates once more, which are read and written down and never acted upon; so the history of
//! the mutant says what data were delivered, and it is judged against what the *original* promises, by
//! every checker and by [`broken`]. A promise counts against a mutant only where the original keeps it in
//! all rehearsals of the same family.

mod base;
mod feature;
mod kind;
mod manual_triggers;
mod mutation_test;
mod operator;
mod oracle_gates;
mod promise;
mod status;
mod trial;

#[cfg(test)]
mod tests;

pub use base::{Base, Played};
pub use kind::Mutant;
pub use manual_triggers::with_manual_triggers;
pub use mutation_test::{MutationTest, mutation_tests};
pub use operator::{OPERATORS, Operator, mutants};
pub use oracle_gates::{add_oracle_gates, tell};
pub use promise::{WITNESSED, Witnessed, broken};
pub use status::{MutantStatus, MutantVerdict, Survival};
pub use trial::{Trial, look};
