//! A campaign against mutants: every mutant of a policy in every probe until one catches it, on all cores.

mod campaign;
mod report;

pub use campaign::{Fated, Mutated, MutationCampaign};
pub use report::{MutateSubject, mutate_report};
