//! Trials: whether a candidate still breaks the promise, each played once.

use std::collections::BTreeMap;

use sim_core::Grid;

use super::sight::Sight;
use crate::rehearsal::Rehearsal;

/// Plays candidates, remembers what they showed, and counts.
pub(super) struct Trial<'a> {
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
    seen: BTreeMap<u64, Option<Sight>>,
}

impl<'a> Trial<'a> {
    /// Plays `original`, and the same without its faults; none where the promise is kept.
    pub fn of(
        original: &Rehearsal,
        invariant: &'a str,
        budget: u32,
        goes_on: &'a dyn Fn() -> bool,
    ) -> Option<Self> {
        let mut trial = Self {
            invariant,
            manner: String::new(),
            grid: Grid::of(&original.experiment),
            alone: false,
            budget,
            replays: 0,
            goes_on,
            seen: BTreeMap::new(),
        };
        trial.manner = trial.look(original)?.manner;
        trial.alone = trial.shows(&without_faults(original)).is_some();
        Some(trial)
    }

    /// Returns what `candidate` showed, if it breaks the promise in the same manner and its faults are
    /// needed for that: a fleet or a horizon for which nothing has to go wrong proves nothing.
    pub fn fails(&mut self, candidate: &Rehearsal) -> Option<Sight> {
        let sight = self.shows(candidate)?;
        let needed = self.alone || self.shows(&without_faults(candidate)).is_none();
        (needed && !self.spent()).then_some(sight)
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

    fn shows(&mut self, candidate: &Rehearsal) -> Option<Sight> {
        let sight = self.look(candidate)?;
        (sight.manner == self.manner).then_some(sight)
    }

    fn look(&mut self, candidate: &Rehearsal) -> Option<Sight> {
        let key = candidate.digest();
        if let Some(known) = self.seen.get(&key) {
            return known.clone();
        }
        if self.spent() {
            return None;
        }
        self.replays += 1;
        let sight = self.play(candidate);
        self.seen.insert(key, sight.clone());
        sight
    }

    /// Returns what a rehearsal showed; nothing where it cannot be played.
    fn play(&self, rehearsal: &Rehearsal) -> Option<Sight> {
        let played = rehearsal.play_beside(&self.grid).ok()?;
        Sight::of(&played, self.invariant)
    }
}

fn without_faults(rehearsal: &Rehearsal) -> Rehearsal {
    Rehearsal {
        injections: Vec::new(),
        ..rehearsal.clone()
    }
}
