//! The catalogue: every invariant, and the way to judge a run by all of them.

use sim_core::{Experiment, History, Run};

use crate::formula;

use super::check_recorder::CheckRecorder;
use super::finding::{DeclaredInvariant, Finding, Invariant};
use super::{
    answer, approval, blast, detection, evidence, false_rollback, gate, harm, kept, kill, lasting,
    liveness, observe, order, pause, prerequisites, recover, rollback, signoff, staged, tick,
    trigger, waiver,
};

/// Every invariant that each policy makes, in the order of reports.
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

/// Invariants that policies make by something that they say, in the order of reports: one is judged where it is said.
const DECLARED: [DeclaredInvariant; 4] = [
    tick::DECLARED,
    answer::DECLARED,
    lasting::DECLARED,
    kept::DECLARED,
];

/// Returns every invariant, those behind that not each policy makes.
pub fn known() -> impl Iterator<Item = Invariant> {
    let declared = DECLARED.iter().map(|it| it.invariant);
    CATALOGUE.into_iter().chain(declared)
}

/// The promise that a policy makes by its harm budget.
pub const HARM: &str = harm::ID;

/// Judges a run by every invariant that the policy makes, in the order of [`known`]; then by the policy's harm budget and by
/// the promises of its own, where it has any.
///
/// The invariants look at the history alone; what users suffered is measured by the world.
pub fn check(experiment: &Experiment, run: &Run) -> Vec<Finding> {
    let mut findings = check_history(experiment, &run.history);
    findings.extend(harm::finding(experiment, run));
    findings.extend(formula::findings(experiment, run));
    findings
}

/// Judges a history by every invariant that the policy makes, in the order of [`known`].
pub fn check_history(experiment: &Experiment, history: &History) -> Vec<Finding> {
    let declared = DECLARED.iter().filter(|it| (it.by)(&experiment.policy));
    let declared = declared.map(|it| &it.invariant);
    CATALOGUE
        .iter()
        .chain(declared)
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
