//! The loop: passes, again and again, until none finds anything.

use super::horizon::{Horizon, with_horizon};
use super::sight::Sight;
use super::trial::Trial;
use super::{Weight, chance, faults, fleet, given, horizon, shape, stages, timing};
use crate::rehearsal::Rehearsal;

/// How many rehearsals are played at most for one shrinking, unless somebody says otherwise.
pub const BUDGET: u32 = 500;

/// A shrunk rehearsal.
#[derive(Clone, Debug, PartialEq)]
pub struct Shrunk {
    /// What is left: a rehearsal like any other.
    pub rehearsal: Rehearsal,
    /// In which manner the promise is broken, before and after.
    pub manner: String,
    /// How many rehearsals were played for it.
    pub replays: u32,
    /// How often all passes ran.
    pub rounds: u32,
    /// Whether no pass finds anything more; no where the budget was spent first.
    pub fixpoint: bool,
}

/// Returns the smallest rehearsal that passes lead to from `original` and that breaks the same promise in
/// the same manner. At most `budget` rehearsals are played; then what has been reached is returned.
/// Returns none where `original` does not break the promise, or cannot be played.
pub fn shrink(original: &Rehearsal, invariant: &str, budget: u32) -> Option<Shrunk> {
    shrink_while(original, invariant, budget, &|| true)
}

/// As [`shrink`], and stops as if the budget were spent once `goes_on` says no; what has been reached by then
/// is returned.
pub fn shrink_while(
    original: &Rehearsal,
    invariant: &str,
    budget: u32,
    goes_on: &dyn Fn() -> bool,
) -> Option<Shrunk> {
    let original = settled(original);
    let mut trial = Trial::of(&original, invariant, budget, goes_on)?;
    let sight = trial.fails(&original)?;
    let mut hunt = Hunt::new(&mut trial, &original, sight.clone());
    let mut rounds = hunt.settle_all(Horizon::Cut);
    let found = hunt.now;
    let whole = with_horizon(&found, original.experiment.horizon);
    // A promise that is broken only because the end came too early was not broken by the faults.
    let sound = trial.spent() || trial.fails(&whole).is_some();
    let rehearsal = if sound {
        found
    } else {
        let mut hunt = Hunt::new(&mut trial, &original, sight);
        rounds += hunt.settle_all(Horizon::Kept);
        hunt.now
    };
    Some(Shrunk {
        rehearsal,
        replays: trial.replays(),
        rounds,
        fixpoint: !trial.spent(),
        manner: trial.into_manner(),
    })
}

/// Writes out when each fault happens, so that a catalogue that changes its mind changes nothing here.
fn settled(original: &Rehearsal) -> Rehearsal {
    let mut settled = original.clone();
    for injection in &mut settled.injections {
        injection.at = Some(injection.course());
    }
    settled
}

/// The smallest rehearsal so far, and what it showed.
pub(super) struct Hunt<'t, 'a> {
    trial: &'t mut Trial<'a>,
    /// The smallest rehearsal so far.
    pub now: Rehearsal,
    /// What it showed.
    pub sight: Sight,
    weight: Weight,
}

impl<'t, 'a> Hunt<'t, 'a> {
    fn new(trial: &'t mut Trial<'a>, from: &Rehearsal, sight: Sight) -> Self {
        Self {
            trial,
            weight: Weight::of(from),
            now: from.clone(),
            sight,
        }
    }

    /// Runs all passes until a round changes nothing or the budget is spent; returns the rounds.
    fn settle_all(&mut self, cut: Horizon) -> u32 {
        let mut rounds = 0;
        loop {
            let before = self.weight;
            rounds += 1;
            faults::pass(self);
            if cut == Horizon::Cut {
                horizon::pass(self);
            }
            given::pass(self);
            stages::pass(self);
            fleet::pass(self);
            chance::pass(self);
            shape::pass(self);
            timing::pass(self);
            if self.weight == before || self.trial.spent() {
                return rounds;
            }
        }
    }

    /// Takes `candidate` if it is smaller and still breaks the promise; says whether it did.
    ///
    /// The weight falls with each candidate that is taken, and so the passes come to an end.
    pub fn takes(&mut self, candidate: Rehearsal) -> bool {
        let weight = Weight::of(&candidate);
        if weight >= self.weight {
            return false;
        }
        let Some(sight) = self.trial.fails(&candidate) else {
            return false;
        };
        (self.now, self.sight, self.weight) = (candidate, sight, weight);
        true
    }

    /// As [`Hunt::takes`], of the present rehearsal with a change.
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
