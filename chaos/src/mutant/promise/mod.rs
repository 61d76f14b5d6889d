//! Promises that only a witness can hold a policy to.
//!
//! The checkers of [`crate::checker`] read what a policy's own gates said. These read what the witnesses
//! said, and so notice a gate that is no longer asked, asks for less or forgets; and they hold a policy to
//! what it does where nothing goes wrong, which a weaker policy may leave out.

mod asked;
mod heed;
mod prompt;
mod proof;
mod seen;
mod share;
mod steps;

use sim_core::engine::SimTime;
use sim_core::{Event, Experiment, History};

/// One line of a history.
type Line = (SimTime, Event);

/// A promise that was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Its code.
    pub promise: &'static str,
    /// When.
    pub at: SimTime,
    /// What happened, as a sentence without a full stop.
    pub detail: String,
}

/// What has been found so far; each promise once.
#[derive(Default)]
struct Notes(Vec<Broken>);

impl Notes {
    fn breaks(&mut self, promise: &'static str, at: SimTime, detail: impl Into<String>) {
        if self.0.iter().all(|known| known.promise != promise) {
            let detail = detail.into();
            self.0.push(Broken {
                promise,
                at,
                detail,
            });
        }
    }
}

/// Returns the promises of `experiment` that a witnessed history breaks, each with where it did first.
///
/// `experiment` is the original, without witnesses; `told` is the history in its words.
pub fn broken(experiment: &Experiment, told: &History) -> Vec<Broken> {
    let lines = told.iter().as_slice();
    let mut notes = Notes::default();
    heed::judge(experiment, told, &mut notes);
    prompt::judge(experiment, told, &mut notes);
    proof::judge(experiment, told, &mut notes);
    seen::judge(experiment, lines, &mut notes);
    share::judge(experiment, lines, &mut notes);
    asked::judge(experiment, lines, &mut notes);
    steps::judge(experiment, lines, &mut notes);
    notes.0
}
