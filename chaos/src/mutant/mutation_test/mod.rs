//! Probes: rehearsals in which a weaker policy has something to be found out by.
//!
//! Each is about places of the policy (a gate, a piece of evidence, a step), so that a mutant is first
//! played where it is most likely to show. They form families: what the policy as it is cannot keep
//! anywhere in a family is not asked of its mutants there either.

mod bad_data;
mod evidence;
mod gate;
mod ground;
mod machine;
mod made;

use sim_core::Experiment;

use ground::Ground;
pub use made::MutationTest;

/// Returns the probes of an experiment without faults, all under one root seed.
///
/// They are a function of the experiment and the seed alone.
pub fn mutation_tests(base: &Experiment, root: u64) -> Vec<MutationTest> {
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
