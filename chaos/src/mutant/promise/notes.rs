//! What the judges note.

use sim_core::Event;
use sim_core::engine::SimTime;

/// One line of a history.
pub(super) type NotedEvent = (SimTime, Event);

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
pub(super) struct Notes(pub Vec<Broken>);

impl Notes {
    /// Notes that a promise was broken, where it was not before.
    pub fn breaks(&mut self, promise: &'static str, at: SimTime, detail: impl Into<String>) {
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
