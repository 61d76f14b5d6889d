//! The allocation of versions: how many units serve the new version at each instant.

use super::{Delays, Try, Update, Wave, WaveDraws};
use crate::engine::SimTime;

/// The exposure of the fleet, moved by one wave at a time.
///
/// A unit is a host or, where a router splits requests, a part per million of them; a router moves
/// all its units at once.
#[derive(Clone, Debug)]
pub(crate) struct VersionAllocation {
    /// The units on the new version, apart from what moves.
    settled: u32,
    moving: Option<Moving>,
    /// Updates that were in flight when their wave was broken off: they end all the same.
    stragglers: Vec<SimTime>,
    /// Units that leave the new version by themselves, in order of time: when, and how many in all by then.
    leaving: Vec<(SimTime, u32)>,
    /// The units on the new version that are gone for a while.
    away: u32,
    by_router: bool,
    /// How many units there are.
    whole: u32,
}

/// How a wave begins.
pub(crate) struct Start<'u> {
    pub update: &'u Update,
    /// When, and by what factor hosts are slower.
    pub place: (SimTime, f64),
    /// What goes wrong with the commands.
    pub delays: &'u Delays,
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

impl VersionAllocation {
    pub fn new(by_router: bool, whole: u32) -> Self {
        Self {
            settled: 0,
            moving: None,
            stragglers: Vec::new(),
            leaving: Vec::new(),
            away: 0,
            by_router,
            whole,
        }
    }

    /// Returns the units on the new version at `now`.
    pub fn units_at(&self, now: SimTime) -> u32 {
        self.units_there_or_away(now).saturating_sub(self.away)
    }

    /// Updates that nobody in charge ordered and those of a wave may mean the same hosts, so that the sum
    /// is never more than the whole.
    fn units_there_or_away(&self, now: SimTime) -> u32 {
        self.units_begun(now).min(self.whole)
    }

    fn units_begun(&self, now: SimTime) -> u32 {
        let late = self.stragglers.partition_point(|end| *end <= now) as u32;
        let there = (self.settled + late).saturating_sub(self.gone_by(now));
        let Some(moving) = &self.moving else {
            return there;
        };
        let moved = moving.wave.done_by(now) * moving.units_each;
        if moving.up {
            there + moved
        } else {
            there.saturating_sub(moved)
        }
    }

    /// Returns how many units have left by themselves by `now`.
    fn gone_by(&self, now: SimTime) -> u32 {
        let gone = self.leaving.partition_point(|(at, _)| *at <= now);
        gone.checked_sub(1).map_or(0, |last| self.leaving[last].1)
    }

    /// Lets units leave the new version by themselves at these instants, in order of time; each comes with how
    /// many in all are gone by then.
    pub fn fade(&mut self, leaving: Vec<(SimTime, u32)>, now: SimTime) {
        self.break_off(now);
        self.leaving = leaving;
    }

    /// Forgets who has left by `now`, once they are no longer counted as there.
    fn forget_gone(&mut self, now: SimTime) {
        let gone = self.gone_by(now);
        self.leaving.retain(|(at, _)| *at > now);
        for (_, all) in &mut self.leaving {
            *all -= gone;
        }
    }

    /// Returns the exposure from `from` to `to` in units times nanoseconds: the integral of
    /// [`VersionAllocation::units_at`], exact, as every move has its instant.
    pub fn area(&self, from: SimTime, to: SimTime) -> u128 {
        let span = |from: SimTime, to: SimTime| u128::from(to.saturating_since(from).as_nanos());
        if self.is_still(from, to) {
            return u128::from(self.units_at(from)) * span(from, to);
        }
        if let Some(area) = self.area_of_wave(from, to) {
            return area;
        }
        let (mut area, mut at) = (0, from);
        while at < to {
            let next = self.next_change(at).map_or(to, |next| next.min(to));
            area += u128::from(self.units_at(at)) * span(at, next);
            at = next;
        }
        area
    }

    /// The same where one wave is all that moves and no bound is near, so that each unit counts from its
    /// own instant on; none otherwise.
    fn area_of_wave(&self, from: SimTime, to: SimTime) -> Option<u128> {
        let moving = self
            .moving
            .as_ref()
            .filter(|_| self.stragglers.is_empty() && self.leaving.is_empty())?;
        let (first, last) = (self.units_at(from), self.units_at(to));
        let moved = moving.wave.done_by(to) * moving.units_each;
        let free = if moving.up {
            self.settled + moved <= self.whole && self.away <= first
        } else {
            self.settled <= self.whole && self.away + moved <= self.settled
        };
        let span = |since: SimTime| u128::from(to.saturating_since(since).as_nanos());
        let ends = moving.wave.finishes_sorted();
        let ends = &ends[ends.partition_point(|end| *end <= from)..];
        let ends = &ends[..ends.partition_point(|end| *end < to)];
        let by_moves =
            ends.iter().map(|end| span(*end)).sum::<u128>() * u128::from(moving.units_each);
        let from_first = u128::from(first) * span(from);
        free.then(|| {
            if moving.up {
                from_first + by_moves
            } else {
                assert!(first >= last, "a wave back makes no unit new");
                from_first - by_moves
            }
        })
    }

    /// Whether no unit moves after `from` and before `to`.
    fn is_still(&self, from: SimTime, to: SimTime) -> bool {
        self.is_at_rest(from) || self.next_change(from).is_none_or(|next| next >= to)
    }

    /// Whether no unit moves after `now`.
    fn is_at_rest(&self, now: SimTime) -> bool {
        let moves = self.moving.as_ref().and_then(|moving| moving.wave.last());
        let late = self.stragglers.last().copied();
        let leaves = self.leaving.last().map(|(at, _)| *at);
        [moves, late, leaves]
            .into_iter()
            .flatten()
            .all(|last| last <= now)
    }

    /// Returns when the first unit moves after `now`, of all that are on their way.
    pub fn next_change(&self, now: SimTime) -> Option<SimTime> {
        let first = |ends: &[SimTime]| {
            let next = ends.partition_point(|end| *end <= now);
            ends.get(next).copied()
        };
        if self.is_at_rest(now) {
            return None;
        }
        let moving = self.moving.as_ref();
        let moves = moving.and_then(|moving| first(moving.wave.finishes_sorted()));
        let late = first(&self.stragglers);
        let leaves = self.leaving.partition_point(|(at, _)| *at <= now);
        let leaves = self.leaving.get(leaves).map(|(at, _)| *at);
        [moves, late, leaves].into_iter().flatten().min()
    }

    /// Takes `units` units on the new version away for a while.
    pub fn lose(&mut self, units: u32) {
        self.away += units;
    }

    /// Returns how many units on the new version are gone for a while.
    pub fn away(&self) -> u32 {
        self.away
    }

    /// Lets `units` units come back on the new version; those of them that were not away are new ones.
    pub fn restore(&mut self, units: u32, new: u32) {
        self.away = self.away.saturating_sub(units);
        self.settled += new;
    }

    /// Puts `units` units that were away on the old version.
    pub fn renew(&mut self, units: u32, now: SimTime) {
        self.break_off(now);
        self.away = self.away.saturating_sub(units);
        self.settled = self.settled.saturating_sub(units);
    }

    /// Lets units move to the new version at `instants`, in order of time.
    pub fn stray(&mut self, instants: impl Iterator<Item = SimTime>) {
        self.stragglers.extend(instants);
        self.stragglers.sort_unstable();
    }

    /// Takes `units` units from the new version at once, beside any wave.
    pub fn drop_units(&mut self, units: u32, now: SimTime) {
        self.break_off(now);
        self.settled = self.settled.saturating_sub(units);
    }

    /// Whether a wave is under way.
    pub fn is_moving(&self, now: SimTime) -> bool {
        let last = self.moving.as_ref().and_then(|moving| moving.wave.last());
        last.is_some_and(|end| end > now)
    }

    /// Begins to move `units` units and returns when the last one is done.
    pub fn begin(
        &mut self,
        toward: Toward,
        units: u32,
        start: &Start<'_>,
        draws: WaveDraws,
    ) -> SimTime {
        let (now, factor) = start.place;
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
        let (update, delays) = (start.update, start.delays);
        let wave = Wave::delayed(places, update, (now, factor), draws, delays);
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

    /// Returns the first try of every update that is under way; nothing behind a router, and of hosts on their way back.
    pub fn tries(&self, update: &Update, draws: WaveDraws) -> Vec<Try> {
        let moving = self.moving.iter().filter(|it| it.up && !self.by_router);
        let tries = moving.flat_map(|it| it.wave.tries(self.settled, update, draws));
        tries.collect()
    }

    /// Takes what has moved by `now` as settled and forgets the wave; what is in flight of an update
    /// ends when it would have ended, as a host that restarts cannot be called back.
    pub fn break_off(&mut self, now: SimTime) {
        let units = self.units_there_or_away(now);
        let late = self.stragglers.partition_point(|end| *end <= now);
        let mut waiting = self.stragglers.split_off(late);
        if let Some(moving) = self.moving.take()
            && moving.up
            && !self.by_router
        {
            let begun = moving.wave.started_by(now) as usize;
            let late = moving.wave.finishes()[..begun]
                .iter()
                .filter(|end| **end > now && **end < SimTime::MAX);
            waiting.extend(late);
            waiting.sort_unstable();
        }
        (self.settled, self.stragglers) = (units, waiting);
        self.forget_gone(now);
    }

    /// Leaves `left` units on the new version, at once; 0 puts every unit on the old one.
    pub fn cut(&mut self, left: u32) {
        self.moving = None;
        self.stragglers.clear();
        self.leaving.clear();
        self.away = 0;
        self.settled = left;
    }

    /// Returns the units that are or will be on the new version if nothing more is done.
    pub fn committed(&self, now: SimTime) -> u32 {
        let late = self.stragglers.iter().filter(|end| **end > now).count() as u32;
        let all = self.leaving.last().map_or(0, |(_, all)| *all);
        let leaving = all - self.gone_by(now);
        (self.units_at(now) + late).saturating_sub(leaving)
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
            self.settled = self.units_there_or_away(now);
            self.moving = None;
            self.stragglers.retain(|end| *end > now);
            self.forget_gone(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_units_serve_the_new_version_than_there_are() {
        let mut spread = VersionAllocation::new(false, 10);
        spread.restore(0, 8);
        spread.stray([SimTime::ZERO; 5].into_iter());
        assert_eq!(spread.units_at(SimTime::ZERO), 10);
    }
}
