//! The ending: how a rollout ends, and what it still waits for.

use crate::history::Outcome;

/// How a rollout ends. It stands open, then drains while hosts are still to move, then it is over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ending {
    state: EndingState,
    /// How many moves of hosts are still to come that the rollout does not end before.
    awaited: u32,
}

#[derive(Clone, Copy, Debug)]
enum EndingState {
    /// The rollout is under way; this is its outcome if nothing else happens before the horizon.
    Open(Outcome),
    /// Its outcome is known, and hosts are still to move.
    Draining(Outcome),
    Over(Outcome),
}

impl Ending {
    pub const fn new() -> Self {
        Self {
            state: EndingState::Open(Outcome::Unfinished),
            awaited: 0,
        }
    }

    /// Lets `outcome` be what the rollout comes to if nothing else happens.
    pub fn stand_as(&mut self, outcome: Outcome) {
        if let EndingState::Open(standing) = &mut self.state {
            *standing = outcome;
        }
    }

    /// What the rollout comes to if nothing else happens.
    pub const fn standing(self) -> Outcome {
        match self.state {
            EndingState::Open(outcome)
            | EndingState::Draining(outcome)
            | EndingState::Over(outcome) => outcome,
        }
    }

    /// How the rollout has ended; none while it has not.
    pub const fn outcome(self) -> Option<Outcome> {
        match self.state {
            EndingState::Over(outcome) => Some(outcome),
            EndingState::Open(_) | EndingState::Draining(_) => None,
        }
    }

    /// Whether the outcome is known and hosts are still to move.
    pub const fn is_draining(self) -> bool {
        matches!(self.state, EndingState::Draining(_))
    }

    /// Counts a move of hosts that is still to come.
    pub(super) fn await_move(&mut self) {
        self.awaited += 1;
    }

    /// One of the moves has come; returns the outcome of a rollout that has waited for the last one.
    pub(super) fn moved(&mut self) -> Option<Outcome> {
        self.awaited = self.awaited.saturating_sub(1);
        match self.state {
            EndingState::Draining(outcome) if self.awaited == 0 => Some(outcome),
            _ => None,
        }
    }

    /// Waits for nothing any more.
    pub(super) fn await_nothing(&mut self) {
        self.awaited = 0;
    }

    /// Lets the rollout drain where moves are awaited; returns whether it does.
    pub(super) fn drains(&mut self, outcome: Outcome) -> bool {
        assert!(self.outcome().is_none(), "a rollout ends once");
        let drains = self.awaited > 0;
        if drains && !self.is_draining() {
            self.state = EndingState::Draining(outcome);
        }
        drains
    }

    /// The rollout is over.
    pub(super) fn close(&mut self, outcome: Outcome) {
        self.state = EndingState::Over(outcome);
    }
}
