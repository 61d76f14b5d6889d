//! The catalogue: every invariant, and the way to judge a run by all of them.

use sim_core::{Experiment, History, Run};

use crate::formula;

use super::check_recorder::CheckRecorder;
use super::finding::{Finding, Invariant};
use super::{
    approval, blast, detection, evidence, false_rollback, gate, harm, kill, liveness, observe,
    order, pause, prerequisites, recover, rollback, signoff, staged, trigger, waiver,
};

/// Every invariant, in the order of reports.
pub const CATALOGUE: [Invariant; 18] = [
    staged::INVARIANT,
    observe::INVARIANT,
    blast::INVARIANT,
    rollback::INVARIANT,
    gate::INVARIANT,
    pause::INVARIANT,
    trigger::INVARIANT,
    false_rollback::INVARIANT,
    recover::INVARIANT,
    order::INVARIANT,
    kill::INVARIANT,
    waiver::INVARIANT,
    evidence::INVARIANT,
    prerequisites::INVARIANT,
    approval::INVARIANT,
    signoff::INVARIANT,
    liveness::INVARIANT,
    detection::INVARIANT,
];

/// The promise that a policy makes by its harm budget.
pub const HARM: &str = harm::ID;

/// Judges a run by every invariant, in the order of [`CATALOGUE`]; then by the policy's harm budget and by
/// the promises of its own, where it has any.
///
/// The invariants look at the history alone; what users suffered is measured by the world.
pub fn check(experiment: &Experiment, run: &Run) -> Vec<Finding> {
    let mut findings = check_history(experiment, &run.history);
    findings.extend(harm::finding(experiment, run));
    findings.extend(formula::findings(experiment, run));
    findings
}

/// Judges a history by every invariant, in the order of [`CATALOGUE`].
pub fn check_history(experiment: &Experiment, history: &History) -> Vec<Finding> {
    CATALOGUE
        .iter()
        .map(|invariant| invariant.check(experiment, history))
        .collect()
}

impl Invariant {
    /// Judges a history by this invariant alone.
    pub fn check(&self, experiment: &Experiment, history: &History) -> Finding {
        let mut recorder = CheckRecorder::default();
        (self.judge)(experiment, history.iter().as_slice(), &mut recorder);
        recorder.close(self)
    }
}
