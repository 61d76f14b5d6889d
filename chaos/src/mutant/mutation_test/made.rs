//! One probe, and how it is made.

use sim_core::Seed;
use sim_core::effect::{Change, Course, Effect};

use super::ground::Ground;
use crate::rehearsal::Rehearsal;

/// A rehearsal of a campaign against mutants.
#[derive(Clone, Debug, PartialEq)]
pub struct MutationTest {
    /// What kind of thing happens.
    pub family: &'static str,
    /// What happens, in a few words.
    pub name: String,
    /// The places of the policy that it is about.
    pub about: Vec<String>,
    /// The rehearsal.
    pub rehearsal: Rehearsal,
}

impl Ground<'_> {
    /// A probe in which these effects happen, or nothing.
    pub(super) fn probe(
        &self,
        family: &'static str,
        name: impl Into<String>,
        about: Vec<String>,
        changes: Vec<(Change, Course)>,
    ) -> MutationTest {
        let mut experiment = self.base.clone();
        let effects = changes.into_iter().enumerate();
        let effects = effects.map(|(number, (change, course))| effect(number, change, course));
        experiment.faults.extend(effects);
        MutationTest {
            family,
            name: name.into(),
            about,
            rehearsal: Rehearsal {
                experiment,
                injections: Vec::new(),
                seed: Seed {
                    root: self.root,
                    replication: 0,
                },
            },
        }
    }
}

fn effect(number: usize, change: Change, course: Course) -> Effect {
    Effect {
        id: format!("probe {number}"),
        change,
        course,
        hosts: None,
        cured_by: Vec::new(),
        only: None,
        hosts_of: None,
        confirm: false,
    }
}
