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

/// What goes wrong with the commands of a wave; nothing for hosts beyond the end of a list.
#[derive(Clone, Debug, Default)]
pub struct Delays {
    /// How long the command of each host is on its way, which keeps the host's worker.
    pub held: Vec<SimDuration>,
    /// How long after the beginning each command may leave.
    pub turns: Vec<SimDuration>,
}

/// The first try of a host's update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Try {
    /// When it begins.
    pub begins: SimTime,
    /// When its outcome is known: the host is done, or the try has timed out.
    pub known: SimTime,
    /// Whether it fails.
    pub failed: bool,
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
        Self::delayed(places, update, (begin, factor), draws, &Delays::default())
    }

    /// The same with commands that go wrong. A host whose command is lost, late or disobeyed keeps its worker
    /// until it is done, for ever where nobody sends it again; one whose turn has not come takes no worker.
    ///
    /// # Panics
    /// As [`Wave::schedule`].
    pub fn delayed(
        places: Range<u32>,
        update: &Update,
        (begin, factor): (SimTime, f64),
        draws: WaveDraws,
        delays: &Delays,
    ) -> Self {
        assert!(factor >= 0.0, "a factor on durations is not {factor}");
        let factor = factor * draws.common_factor(update.common);
        let turns = delays.turns.iter().map(|turn| begin.saturating_add(*turn));
        let turns = turns.chain(std::iter::repeat(begin));
        let held = delays.held.iter().copied();
        let held = held.chain(std::iter::repeat(SimDuration::ZERO));
        let hosts = places.len();
        let takes = places.map(|place| duration(update, factor, draws.of_host(place)));
        let jobs = takes.zip(held).zip(turns);
        let jobs = jobs.map(|((takes, held), turn)| (turn, takes.saturating_add(held)));
        let wave = match update.parallel {
            Some(0) => panic!("a wave needs a worker"),
            Some(workers) if (workers as usize) < hosts && update.barrier => {
                in_batches(jobs, begin, workers as usize)
            }
            Some(workers) if (workers as usize) < hosts => {
                by_workers(jobs, begin, workers as usize)
            }
            _ => at_once(jobs),
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

    /// Returns the first try on every host, the first of which has place `first`: the draws are those of the wave.
    pub fn tries(&self, first: u32, update: &Update, draws: WaveDraws) -> Vec<Try> {
        let places = self.starts.iter().zip(&self.finishes).zip(first..);
        let one = |((begins, done), place): ((&SimTime, &SimTime), u32)| {
            let mut draws = draws.of_host(place);
            let _ = update.takes.sample(&mut draws);
            let failed = update.fails > 0.0 && draws.chance(update.fails);
            let timed_out = begins.saturating_add(update.timeout);
            Try {
                begins: *begins,
                known: if failed { timed_out.min(*done) } else { *done },
                failed,
            }
        };
        places.map(one).collect()
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

/// When the turn of a host comes, and how long it keeps its worker.
type TimedJob = (SimTime, SimDuration);

fn at_once(jobs: impl Iterator<Item = TimedJob>) -> Wave {
    let ends = jobs.map(|(turn, time)| (turn, turn.saturating_add(time)));
    let (starts, finishes) = ends.unzip();
    Wave::new(starts, finishes)
}

fn in_batches(jobs: impl Iterator<Item = TimedJob>, begin: SimTime, batch: usize) -> Wave {
    let (mut starts, mut finishes) = (Vec::new(), Vec::new());
    let (mut opens, mut slowest) = (begin, begin);
    for (place, (turn, time)) in jobs.enumerate() {
        if place % batch == 0 {
            opens = slowest;
        }
        let start = opens.max(turn);
        let finish = start.saturating_add(time);
        slowest = slowest.max(finish);
        starts.push(start);
        finishes.push(finish);
    }
    Wave::new(starts, finishes)
}

fn by_workers(jobs: impl Iterator<Item = TimedJob>, begin: SimTime, workers: usize) -> Wave {
    let mut free: BinaryHeap<Reverse<SimTime>> = vec![Reverse(begin); workers].into();
    let (mut starts, mut finishes) = (Vec::new(), Vec::new());
    for (turn, time) in jobs {
        let mut next = free.peek_mut().expect("there is at least one worker");
        let start = next.0.max(turn);
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
