//! Promises that only a witness can hold a policy to.
//!
//! The checkers of [`crate::checker`] read what a policy's own gates said. These read what the witnesses
//! said, and so notice a gate that is no longer asked, asks for less or forgets; and they hold a policy to
//! what it does where nothing goes wrong, which a weaker policy may leave out.

mod approval;
mod notes;
mod proof;
mod response;
mod seen;
mod share;
mod steps;
mod timeliness;

use sim_core::{Experiment, History};

pub use notes::Broken;
use notes::Notes;

/// A promise that only a witness can hold a policy to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Witnessed {
    /// Its code.
    pub id: &'static str,
    /// The promise, as a sentence without a full stop.
    pub title: &'static str,
}

const fn witnessed(id: &'static str, title: &'static str) -> Witnessed {
    Witnessed { id, title }
}

/// Every promise of this folder.
pub const WITNESSED: [Witnessed; 14] = [
    witnessed(
        response::HEED,
        "what breaches for a whole window is acted upon, as its class asks",
    ),
    witnessed(
        response::FOUNDED,
        "a trigger acts once its window is full and not before",
    ),
    witnessed(
        timeliness::PROMPT,
        "a stage that is satisfied is left, or its approval is asked for",
    ),
    witnessed(timeliness::ONCE, "nothing about a stage is begun twice"),
    witnessed(
        proof::PROOF,
        "a flaw in evidence that a stage holds on to does what its class says",
    ),
    witnessed(
        seen::SEEN,
        "what is delivered beyond a limit is looked at within one evaluation",
    ),
    witnessed(
        seen::KEEP,
        "what a gate compares with is not lost once it is known",
    ),
    witnessed(
        share::SHARE,
        "as many hosts as declared serve the new version, rounded as declared",
    ),
    witnessed(
        share::RAMP,
        "no wave of a ramp is larger than its step or sooner than its pause",
    ),
    witnessed(
        share::REACT,
        "more than the blast radius is reached for no longer than it takes to notice",
    ),
    witnessed(
        approval::ASKED,
        "whoever has a say is asked before a rollout ends or begins anew",
    ),
    witnessed(
        steps::RETRY,
        "a failed step is tried as often as declared, and a sequence goes to its end",
    ),
    witnessed(
        steps::RESULT,
        "a rollback is said to have recovered exactly where it has",
    ),
    witnessed(
        steps::DRAIN,
        "what a switch or a step shuts is emptied as declared",
    ),
];

/// Returns the promises of `experiment` that a witnessed history breaks, each with where it did first.
///
/// `experiment` is the original, without witnesses; `told` is the history in its words.
pub fn broken(experiment: &Experiment, told: &History) -> Vec<Broken> {
    let lines = told.iter().as_slice();
    let mut notes = Notes::default();
    response::judge(experiment, told, &mut notes);
    timeliness::judge(experiment, told, &mut notes);
    proof::judge(experiment, told, &mut notes);
    seen::judge(experiment, lines, &mut notes);
    share::judge(experiment, lines, &mut notes);
    approval::judge(experiment, lines, &mut notes);
    steps::judge(experiment, lines, &mut notes);
    debug_assert!(
        notes
            .0
            .iter()
            .all(|found| WITNESSED.iter().any(|known| known.id == found.promise)),
        "a promise is explained to nobody"
    );
    notes.0
}
