//! Fan-out: a wave of host updates or reverts, and who is done when.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use super::{Straggler, Update};
use crate::engine::{Draws, Key, SimDuration, SimTime, sample};

/// The entity under which a wave draws the factor that its hosts share; no host has this place.
const COMMON: u32 = u32::MAX;

/// Where the random draws of a wave come from.
#[derive(Clone, Copy, Debug)]
pub struct WaveDraws {
    /// The key of the replication.
    pub key: Key,
    /// What the draws are for; it keeps updates and reverts apart.
    pub purpose: u32,
    /// The number of the wave: two waves of one purpose must not share it.
    pub wave: u32,
}

/// One wave over hosts: when the work on each begins and ends.
///
/// Hosts are numbered by their place in the order of the wave, from zero. A wave is drawn whole
/// when it begins; what happens to it later is asked with an instant. It takes 24 bytes a host.
#[derive(Clone, Debug)]
pub struct Wave {
    starts: Vec<SimTime>,
    finishes: Vec<SimTime>,
    finishes_sorted: Vec<SimTime>,
}

/// How far a wave was when it was broken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abort {
    /// Hosts whose work had ended.
    pub finished: u32,
    /// Hosts on which work had begun and not ended.
    pub in_flight: u32,
    /// Hosts on which nothing had begun.
    pub untouched: u32,
}

impl Wave {
    /// Plays the work of `update` over the hosts at `places` of the order, from `begin` on.
    ///
    /// Every time of a host is multiplied by `factor` (1 unless a fault slows hosts down) and by a
    /// lognormal factor of median 1 that the whole wave shares; a failed first try blocks its
    /// worker for the timeout, which nothing multiplies, and the second try succeeds. Without
    /// `parallel` all hosts are worked on at once. With it, that many workers each take the next
    /// host as soon as they are free, or, behind a `barrier`, when the whole batch is done.
    ///
    /// The draws of a host depend on its place and the wave alone, neither on the number of hosts
    /// nor on how many workers there are. Times beyond the end of time stay there.
    ///
    /// # Panics
    /// When `parallel` is zero, `factor` is negative or NaN, or the parameters of the distribution
    /// make no sense.
    pub fn schedule(
        places: Range<u32>,
        update: &Update,
        begin: SimTime,
        factor: f64,
        draws: WaveDraws,
    ) -> Self {
        assert!(factor >= 0.0, "a factor on durations is not {factor}");
        let factor = factor * draws.common_factor(update.common);
        let takes = places.map(|place| duration(update, factor, draws.of_host(place)));
        let hosts = takes.len();
        let wave = match update.parallel {
            Some(0) => panic!("a wave needs a worker"),
            Some(workers) if (workers as usize) < hosts && update.barrier => {
                in_batches(takes, begin, workers as usize)
            }
            Some(workers) if (workers as usize) < hosts => {
                by_workers(takes, begin, workers as usize)
            }
            _ => at_once(takes, begin),
        };
        assert_eq!(wave.finishes.len(), hosts, "every host is worked on once");
        wave
    }

    fn new(starts: Vec<SimTime>, finishes: Vec<SimTime>) -> Self {
        let mut finishes_sorted = finishes.clone();
        finishes_sorted.sort_unstable();
        Self {
            starts,
            finishes,
            finishes_sorted,
        }
    }

    /// Lets each host end later by so much; hosts beyond the end of the list end as planned.
    pub fn delay(&mut self, by: &[SimDuration]) {
        if by.is_empty() {
            return;
        }
        for (finish, by) in self.finishes.iter_mut().zip(by) {
            *finish = finish.saturating_add(*by);
        }
        self.finishes_sorted.clone_from(&self.finishes);
        self.finishes_sorted.sort_unstable();
    }

    /// Returns the number of hosts.
    pub fn hosts(&self) -> u32 {
        self.finishes.len() as u32
    }

    /// Returns the instants at which work begins, by place; they never decrease.
    pub fn starts(&self) -> &[SimTime] {
        &self.starts
    }

    /// Returns the instants at which work ends, by place.
    pub fn finishes(&self) -> &[SimTime] {
        &self.finishes
    }

    /// Returns the same instants in order of time: the instants at which the exposure changes.
    pub fn finishes_sorted(&self) -> &[SimTime] {
        &self.finishes_sorted
    }

    /// Returns how many hosts are done at `now`; one that ends at `now` is done.
    pub fn done_by(&self, now: SimTime) -> u32 {
        self.finishes_sorted.partition_point(|end| *end <= now) as u32
    }

    /// Returns on how many hosts work has begun at `now`; one that begins at `now` has begun.
    pub fn started_by(&self, now: SimTime) -> u32 {
        self.starts.partition_point(|start| *start <= now) as u32
    }

    /// Returns the instant at which the last host is done, or none for a wave without hosts.
    pub fn last(&self) -> Option<SimTime> {
        self.finishes_sorted.last().copied()
    }

    /// Says how far the wave is when it is broken off at `now`.
    ///
    /// What ends at `now` has ended; what would begin at `now` does not begin any more.
    pub fn abort_at(&self, now: SimTime) -> Abort {
        let finished = self.done_by(now);
        let begun = self.starts.partition_point(|start| *start < now) as u32;
        // Work that takes no time begins and ends at `now`.
        let begun = begun.max(finished);
        Abort {
            finished,
            in_flight: begun - finished,
            untouched: self.hosts() - begun,
        }
    }
}

impl WaveDraws {
    fn of_host(self, place: u32) -> Draws {
        self.key.draws(self.purpose, place, self.wave)
    }

    fn common_factor(self, sigma: f64) -> f64 {
        if sigma == 0.0 {
            return 1.0;
        }
        sample::lognormal(&mut self.of_host(COMMON), 0.0, sigma)
    }
}

/// The time itself is drawn first, so that giving hosts a chance to fail changes no other host.
fn duration(update: &Update, factor: f64, mut draws: Draws) -> SimDuration {
    let mut takes = update.takes.sample(&mut draws);
    if factor != 1.0 {
        takes = takes.mul_f64(factor);
    }
    if update.fails > 0.0 || update.stragglers.is_some() {
        let fails = draws.chance(update.fails);
        takes = straggling(takes, update.stragglers, &mut draws);
        if fails {
            takes = takes.saturating_add(update.timeout);
        }
    }
    takes
}

fn straggling(takes: SimDuration, slow: Option<Straggler>, draws: &mut Draws) -> SimDuration {
    match slow {
        Some(slow) if draws.chance(slow.probability) => takes.mul_f64(slow.factor),
        _ => takes,
    }
}

fn at_once(takes: impl ExactSizeIterator<Item = SimDuration>, begin: SimTime) -> Wave {
    let starts = vec![begin; takes.len()];
    Wave::new(
        starts,
        takes.map(|time| begin.saturating_add(time)).collect(),
    )
}

fn in_batches(
    takes: impl ExactSizeIterator<Item = SimDuration>,
    begin: SimTime,
    batch: usize,
) -> Wave {
    let mut starts = Vec::with_capacity(takes.len());
    let mut finishes = Vec::with_capacity(takes.len());
    let (mut start, mut slowest) = (begin, begin);
    for (place, time) in takes.enumerate() {
        if place % batch == 0 {
            start = slowest;
        }
        let finish = start.saturating_add(time);
        slowest = slowest.max(finish);
        starts.push(start);
        finishes.push(finish);
    }
    Wave::new(starts, finishes)
}

fn by_workers(
    takes: impl ExactSizeIterator<Item = SimDuration>,
    begin: SimTime,
    workers: usize,
) -> Wave {
    let mut free: BinaryHeap<Reverse<SimTime>> = vec![Reverse(begin); workers].into();
    let mut starts = Vec::with_capacity(takes.len());
    let mut finishes = Vec::with_capacity(takes.len());
    for time in takes {
        let mut next = free.peek_mut().expect("there is at least one worker");
        let Reverse(start) = *next;
        let finish = start.saturating_add(time);
        *next = Reverse(finish);
        starts.push(start);
        finishes.push(finish);
    }
    Wave::new(starts, finishes)
}

#[cfg(test)]
#[path = "fan_out_tests.rs"]
mod tests;
