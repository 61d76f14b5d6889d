//! Differences: where a system's document and its code part, and what proves it.
//!
//! Two halves meet here. [`fields`] compares the two shipped policies value by value and knows nothing
//! of their meaning. The table `library/<system>/differences.yaml` says in words what each gap is, where
//! it was read and what shows it. [`of`] joins them, so that neither can grow without the other.

mod gap;
mod pattern;
mod tree;

pub use gap::{Gap, Proof};
pub use tree::{Field, fields};

use crate::library::System;
use crate::{load, read};
use gap::Gaps;
use sim_core::policy::{Policy, Profile};

/// One difference between a document and its code.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// What is known of it; none for fields that no gap explains.
    pub gap: Option<Gap>,
    /// The fields in which it shows, in the order of the policy; none where no field can hold it.
    pub fields: Vec<Field>,
}

/// Returns the differences of a system of the library: the known gaps in the order of their table, then
/// what none of them explains, if anything.
///
/// # Panics
/// When a file of the library does not load; a test loads them all.
pub fn of(system: &System) -> Vec<Difference> {
    let fields = fields(
        &policy(system, Profile::AsWritten),
        &policy(system, Profile::AsImplemented),
    );
    let gaps: Gaps = read("differences.yaml", system.differences.as_bytes())
        .expect("the library's tables are read by a test")
        .value;
    let rest: Vec<Field> = fields
        .iter()
        .filter(|field| !gaps.gaps.iter().any(|gap| gap.explains(field)))
        .cloned()
        .collect();
    let explained = gaps.gaps.into_iter().map(|gap| Difference {
        fields: fields
            .iter()
            .filter(|field| gap.explains(field))
            .cloned()
            .collect(),
        gap: Some(gap),
    });
    let unexplained = (!rest.is_empty()).then_some(Difference {
        gap: None,
        fields: rest,
    });
    explained.chain(unexplained).collect()
}

fn policy(system: &System, profile: Profile) -> Policy {
    let text = system
        .policy(profile)
        .expect("a system ships both profiles");
    load::policy(system.name, text.as_bytes())
        .expect("the library's policies are loaded by a test")
        .value
}

#[cfg(test)]
mod tests;
