//! The smallest failing rehearsal so far, and the ways in which passes try smaller ones.

use super::Weight;
use super::replayer::Replayer;
use super::violation::Violation;
use crate::rehearsal::Rehearsal;

/// The smallest rehearsal so far, and what it showed.
pub(super) struct Reducer<'t, 'a> {
    replayer: &'t mut Replayer<'a>,
    /// The smallest rehearsal so far.
    pub now: Rehearsal,
    /// What it showed.
    pub violation: Violation,
    weight: Weight,
}

impl<'t, 'a> Reducer<'t, 'a> {
    /// Begins with a rehearsal that fails.
    pub fn new(replayer: &'t mut Replayer<'a>, from: &Rehearsal, violation: Violation) -> Self {
        Self {
            replayer,
            weight: Weight::of(from),
            now: from.clone(),
            violation,
        }
    }

    /// How much the smallest rehearsal so far weighs.
    pub const fn weight(&self) -> Weight {
        self.weight
    }

    /// Whether no more rehearsals may be played.
    pub fn spent(&self) -> bool {
        self.replayer.spent()
    }

    /// Takes `candidate` if it is smaller and still breaks the promise; says whether it did.
    ///
    /// The weight falls with each candidate that is taken, and so the passes come to an end.
    pub fn takes(&mut self, candidate: Rehearsal) -> bool {
        let weight = Weight::of(&candidate);
        if weight >= self.weight {
            return false;
        }
        let Some(violation) = self.replayer.fails(&candidate) else {
            return false;
        };
        (self.now, self.violation, self.weight) = (candidate, violation, weight);
        true
    }

    /// As [`Reducer::takes`], of the present rehearsal with a change.
    pub fn tries(&mut self, change: impl FnOnce(&mut Rehearsal)) -> bool {
        let mut candidate = self.now.clone();
        change(&mut candidate);
        self.takes(candidate)
    }

    /// Takes the least of `steps`, which grow, that still fails, if failing grows with them: halving.
    pub fn halves<S: Copy>(&mut self, steps: &[S], change: impl Fn(&mut Rehearsal, S)) -> bool {
        let (mut low, mut high) = (0, steps.len());
        let mut found = false;
        let mut at = 0;
        while low < high {
            if self.tries(|candidate| change(candidate, steps[at])) {
                (high, found) = (at, true);
            } else {
                low = at + 1;
            }
            at = low.midpoint(high);
        }
        found
    }
}
