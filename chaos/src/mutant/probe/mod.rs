//! Probes: rehearsals in which a weaker policy has something to be found out by.
//!
//! Each is about places of the policy (a gate, a piece of evidence, a step), so that a mutant is first
//! played where it is most likely to show. They form families: what the policy as it is cannot keep
//! anywhere in a family is not asked of its mutants there either.

mod evidence;
mod gate;
mod ground;
mod machine;

use sim_core::effect::{Change, Course, Effect};
use sim_core::{Experiment, Seed};

use crate::rehearsal::Rehearsal;
use ground::Ground;

/// A rehearsal of a campaign against mutants.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// What kind of thing happens.
    pub family: &'static str,
    /// What happens, in a few words.
    pub name: String,
    /// The places of the policy that it is about.
    pub about: Vec<String>,
    /// The rehearsal.
    pub rehearsal: Rehearsal,
}

/// Returns the probes of an experiment without faults, all under one root seed.
///
/// They are a function of the experiment and the seed alone.
pub fn probes(base: &Experiment, root: u64) -> Vec<Probe> {
    let ground = Ground::new(base, root);
    let mut probes = Vec::new();
    for replication in 0..4 {
        let mut probe = ground.probe("healthy", "a good release", Vec::new(), Vec::new());
        probe.rehearsal.seed.replication = replication;
        probes.push(probe);
    }
    gate::add(&ground, &mut probes);
    evidence::add(&ground, &mut probes);
    machine::add(&ground, &mut probes);
    probes
}

impl Ground<'_> {
    /// A probe in which these effects happen, or nothing.
    fn probe(
        &self,
        family: &'static str,
        name: impl Into<String>,
        about: Vec<String>,
        changes: Vec<(Change, Course)>,
    ) -> Probe {
        let mut experiment = self.base.clone();
        let effects = changes.into_iter().enumerate();
        experiment
            .faults
            .extend(effects.map(|(number, (change, course))| Effect {
                id: format!("probe {number}"),
                change,
                course,
                hosts: None,
                cured_by: Vec::new(),
                only: None,
                confirm: false,
            }));
        Probe {
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
