//! Spread: how many units serve the new version at each instant.

use super::{Update, Wave, WaveDraws};
use crate::engine::SimTime;

/// The exposure of the fleet, moved by one wave at a time.
///
/// A unit is a host or, where a router splits requests, a part per million of them; a router moves
/// all its units at once.
#[derive(Clone, Debug)]
pub(crate) struct Spread {
    /// The units on the new version, apart from what moves.
    settled: u32,
    moving: Option<Moving>,
    /// Updates that were in flight when their wave was broken off: they end all the same.
    stragglers: Vec<SimTime>,
    by_router: bool,
}

#[derive(Clone, Debug)]
struct Moving {
    wave: Wave,
    up: bool,
    /// How many units one place of the wave stands for.
    units_each: u32,
}

/// Where a wave goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Toward {
    /// More units on the new version.
    New,
    /// More units on the old one.
    Old,
}

impl Spread {
    pub fn new(by_router: bool) -> Self {
        Self {
            settled: 0,
            moving: None,
            stragglers: Vec::new(),
            by_router,
        }
    }

    /// Returns the units on the new version at `now`.
    pub fn units_at(&self, now: SimTime) -> u32 {
        let late = self.stragglers.partition_point(|end| *end <= now) as u32;
        let Some(moving) = &self.moving else {
            return self.settled + late;
        };
        let moved = moving.wave.done_by(now) * moving.units_each;
        if moving.up {
            self.settled + late + moved
        } else {
            (self.settled + late).saturating_sub(moved)
        }
    }

    /// Begins to move `units` units and returns when the last one is done.
    pub fn begin(
        &mut self,
        toward: Toward,
        units: u32,
        update: &Update,
        (now, factor): (SimTime, f64),
        draws: WaveDraws,
    ) -> SimTime {
        self.settle(now);
        let up = toward == Toward::New;
        let (places, units_each) = if self.by_router {
            (1, units)
        } else {
            (units, 1)
        };
        let first = if up { self.settled } else { 0 };
        let places = if self.by_router {
            0..1
        } else {
            first..first + places
        };
        let wave = Wave::schedule(places, update, now, factor, draws);
        let last = wave
            .last()
            .unwrap_or(now)
            .max(self.stragglers.last().copied().unwrap_or(now));
        self.moving = Some(Moving {
            wave,
            up,
            units_each,
        });
        last
    }

    /// Takes what has moved by `now` as settled and forgets the wave; what is in flight of an update
    /// ends when it would have ended, as a host that restarts cannot be called back.
    pub fn break_off(&mut self, now: SimTime) {
        let units = self.units_at(now);
        let late = self.stragglers.partition_point(|end| *end <= now);
        let mut waiting = self.stragglers.split_off(late);
        if let Some(moving) = self.moving.take()
            && moving.up
            && !self.by_router
        {
            let begun = moving.wave.started_by(now) as usize;
            let late = moving.wave.finishes()[..begun]
                .iter()
                .filter(|end| **end > now);
            waiting.extend(late);
            waiting.sort_unstable();
        }
        (self.settled, self.stragglers) = (units, waiting);
    }

    /// Leaves `left` units on the new version, at once; 0 puts every unit on the old one.
    pub fn cut(&mut self, left: u32) {
        self.moving = None;
        self.stragglers.clear();
        self.settled = left;
    }

    /// Returns the units that are or will be on the new version if nothing more is done.
    pub fn committed(&self, now: SimTime) -> u32 {
        let late = self.stragglers.iter().filter(|end| **end > now).count() as u32;
        self.units_at(now) + late
    }

    /// Returns when each unit changes during the wave that is under way, in order of time.
    pub fn changes(&self) -> &[SimTime] {
        self.moving
            .as_ref()
            .map_or(&[], |moving| moving.wave.finishes_sorted())
    }

    fn settle(&mut self, now: SimTime) {
        if self
            .moving
            .as_ref()
            .is_some_and(|moving| moving.wave.last().is_none_or(|end| end <= now))
        {
            self.settled = self.units_at(now);
            self.moving = None;
            self.stragglers.retain(|end| *end > now);
        }
    }
}
