//! Trials: whether a candidate still breaks the promise, each played once.

use std::collections::BTreeMap;

use sim_core::Grid;

use super::violation::Violation;
use crate::rehearsal::Rehearsal;

/// Plays candidates, remembers what they showed, and counts.
pub(super) struct Replayer<'a> {
    invariant: &'a str,
    manner: String,
    /// The grid of the original.
    grid: Grid,
    /// Whether the promise is broken in this manner without any fault.
    alone: bool,
    budget: u32,
    replays: u32,
    /// Says no once nobody wants more.
    goes_on: &'a dyn Fn() -> bool,
    seen: BTreeMap<u64, Option<Violation>>,
}

impl<'a> Replayer<'a> {
    /// Plays `original`, and the same without its faults; none where the promise is kept.
    pub fn of(
        original: &Rehearsal,
        invariant: &'a str,
        budget: u32,
        goes_on: &'a dyn Fn() -> bool,
    ) -> Option<Self> {
        let mut replayer = Self {
            invariant,
            manner: String::new(),
            grid: Grid::of(&original.experiment),
            alone: false,
            budget,
            replays: 0,
            goes_on,
            seen: BTreeMap::new(),
        };
        replayer.manner = replayer.look(original)?.manner;
        replayer.alone = replayer.shows(&without_faults(original)).is_some();
        Some(replayer)
    }

    /// Returns what `candidate` showed, if it breaks the promise in the same manner and its faults are
    /// needed for that: a fleet or a horizon for which nothing has to go wrong proves nothing.
    pub fn fails(&mut self, candidate: &Rehearsal) -> Option<Violation> {
        let violation = self.shows(candidate)?;
        let needed = self.alone || self.shows(&without_faults(candidate)).is_none();
        (needed && !self.spent()).then_some(violation)
    }

    /// Returns the number of rehearsals that were played.
    pub const fn replays(&self) -> u32 {
        self.replays
    }

    /// Whether nothing more may be played.
    pub fn spent(&self) -> bool {
        self.replays >= self.budget || !(self.goes_on)()
    }

    /// Returns in which manner the promise is broken.
    pub fn into_manner(self) -> String {
        self.manner
    }

    fn shows(&mut self, candidate: &Rehearsal) -> Option<Violation> {
        let violation = self.look(candidate)?;
        (violation.manner == self.manner).then_some(violation)
    }

    fn look(&mut self, candidate: &Rehearsal) -> Option<Violation> {
        let key = candidate.digest();
        if let Some(known) = self.seen.get(&key) {
            return known.clone();
        }
        if self.spent() {
            return None;
        }
        self.replays += 1;
        let violation = self.play(candidate);
        self.seen.insert(key, violation.clone());
        violation
    }

    /// Returns what a rehearsal showed; nothing where it cannot be played.
    fn play(&self, rehearsal: &Rehearsal) -> Option<Violation> {
        let played = rehearsal.try_beside(&self.grid).ok()?;
        Violation::of(&played, self.invariant)
    }
}

fn without_faults(rehearsal: &Rehearsal) -> Rehearsal {
    Rehearsal {
        injections: Vec::new(),
        ..rehearsal.clone()
    }
}
