//! The recorder: what has happened, and what it has come to for users.

use super::hurt::Hurt;
use crate::engine::SimTime;
use crate::history::{Event, History};
use crate::run::Harm;
use crate::trail::Trail;

/// What is written down of a rollout.
#[derive(Clone, Default)]
pub(crate) struct Recorder {
    /// What has happened; none is kept where nobody will read it.
    history: Option<History>,
    /// Whether a reading is written with its exact value, and not with any on the same side of each limit.
    exact: bool,
    pub(super) harm: Harm,
    /// Which users were hurt, where they are declared.
    pub(super) hurt: Hurt,
    /// Until when harm has been added up.
    pub(super) suffered: SimTime,
    /// When something first acted on the release, and when it first did so after a regression began.
    detected: Option<SimTime>,
    noticed: Option<SimTime>,
    /// When the first rollback that left nothing on the new version began, and when it had done so.
    reverted: Option<(SimTime, SimTime)>,
    /// What was done, whether or not a history is kept.
    trail: Trail,
}

impl Recorder {
    /// Keeps a history from now on, with the exact values of what gates read.
    pub fn keep_history(&mut self) {
        self.history = Some(History::new());
        self.exact = true;
    }

    /// Keeps a history from now on in which a value only lies on the right side of each limit.
    pub fn keep_rough_history(&mut self) {
        self.history = Some(History::new());
        self.exact = false;
    }

    /// Whether the exact value of a reading is written down.
    pub const fn keeps_values(&self) -> bool {
        self.history.is_some() && self.exact
    }

    /// Whether a history is kept.
    pub const fn keeps_history(&self) -> bool {
        self.history.is_some()
    }

    /// Hands the history out, if one was kept.
    pub fn into_history(self) -> Option<History> {
        self.history
    }

    pub(super) fn record(&mut self, now: SimTime, event: Event) {
        self.trail.note(now, &event);
        if let Some(history) = &mut self.history {
            history.push(now, event);
        }
    }

    /// Notes that something acts on the release, and whether a regression had begun.
    pub(super) fn note_action(&mut self, now: SimTime, regressed: impl FnOnce() -> bool) {
        self.detected.get_or_insert(now);
        if self.noticed.is_none() && regressed() {
            self.noticed = Some(now);
        }
    }

    pub const fn detected(&self) -> Option<SimTime> {
        self.detected
    }

    pub(super) const fn noticed(&self) -> Option<SimTime> {
        self.noticed
    }

    pub(super) const fn trail(&self) -> Trail {
        self.trail
    }

    /// Notes that nothing serves the new version any more, after a rollback that began at `began`.
    pub fn note_reverted(&mut self, began: SimTime, now: SimTime) {
        self.reverted.get_or_insert((began, now));
    }

    pub(super) const fn reverted(&self) -> Option<(SimTime, SimTime)> {
        self.reverted
    }
}
