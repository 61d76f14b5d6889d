//! What a policy leaves unsaid, so that a promise has nothing to hold.
//!
//! A checker holds a rollout to the policy's own words. Where the words are missing (no deadline, a stage
//! that does not watch what its neighbours watch) every history keeps the promise and nothing is shown by it.
//! These are read off the policy and its world, and each is told as a gap of the promise that it empties.

mod blind;
mod gaps;
mod paper;
mod retreat;
mod stages;
mod watch;

use sim_core::Experiment;

use gaps::Gaps;
pub use gaps::{GAPS, MissingDeclaration};

/// Returns what the policy of `experiment` leaves unsaid, what weighs first.
pub fn unsaid(experiment: &Experiment) -> Vec<MissingDeclaration> {
    let mut gaps = Gaps(Vec::new());
    retreat::look(experiment, &mut gaps);
    watch::look(experiment, &mut gaps);
    blind::look(experiment, &mut gaps);
    stages::look(&experiment.policy, &mut gaps);
    paper::look(&experiment.policy, &mut gaps);
    gaps.0.sort_by_key(|gap| !gap.weighs);
    gaps.0
}
