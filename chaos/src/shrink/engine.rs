//! The loop: passes, again and again, until none finds anything.

use super::horizon::{Horizon, with_horizon};
use super::reducer::Reducer;
use super::replayer::Replayer;
use super::{chance, context, faults, fleet, horizon, shape, stages, timing};
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
    let mut replayer = Replayer::of(&original, invariant, budget, goes_on)?;
    let violation = replayer.fails(&original)?;
    let mut reducer = Reducer::new(&mut replayer, &original, violation.clone());
    let mut rounds = settle(&mut reducer, Horizon::Cut);
    let found = reducer.now;
    let whole = with_horizon(&found, original.experiment.horizon);
    // A promise that is broken only because the end came too early was not broken by the faults.
    let sound = replayer.spent() || replayer.fails(&whole).is_some();
    let rehearsal = if sound {
        found
    } else {
        let mut reducer = Reducer::new(&mut replayer, &original, violation);
        rounds += settle(&mut reducer, Horizon::Kept);
        reducer.now
    };
    Some(Shrunk {
        rehearsal,
        replays: replayer.replays(),
        rounds,
        fixpoint: !replayer.spent(),
        manner: replayer.into_manner(),
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

/// Runs all passes until a round changes nothing or the budget is spent; returns the rounds.
fn settle(reducer: &mut Reducer<'_, '_>, cut: Horizon) -> u32 {
    let mut rounds = 0;
    // What another product decides has its stages and its pods from that product's own file.
    let own = reducer.now.experiment.decider.is_native();
    loop {
        let before = reducer.weight();
        rounds += 1;
        faults::pass(reducer);
        if cut == Horizon::Cut {
            horizon::pass(reducer);
        }
        context::pass(reducer);
        if own {
            stages::pass(reducer);
            fleet::pass(reducer);
        }
        chance::pass(reducer);
        shape::pass(reducer);
        timing::pass(reducer);
        if reducer.weight() == before || reducer.spent() {
            return rounds;
        }
    }
}
