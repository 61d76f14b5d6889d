//! The crowd: the event list while many events are pending, as it is used from outside.

use super::near::NearHeap;
use super::packed;
use super::wheel::Wheel;

/// How many entries the wheel hands out at a time, where its buckets allow it.
const BATCH: usize = 128;

/// The coming entries in order, what was scheduled before the last of them since, and the wheel.
#[derive(Clone, Debug)]
pub(super) struct Crowd {
    /// The coming entries, the first one last.
    run: Vec<u128>,
    late: NearHeap,
    wheel: Wheel,
    /// Entries up to this instant are in the run or late, all others in the wheel.
    through: u64,
}

impl Crowd {
    /// Makes an empty crowd that takes entries from `base` on into the wheel.
    pub(super) fn new(base: u64) -> Self {
        Self {
            run: Vec::new(),
            late: NearHeap::new(),
            wheel: Wheel::new(base),
            through: base,
        }
    }

    #[inline]
    pub(super) fn push(&mut self, entry: u128) {
        if packed::nanos(entry) > self.through {
            self.wheel.push(entry);
        } else {
            self.late.push(entry);
        }
    }

    #[inline]
    pub(super) fn peek(&self) -> Option<u128> {
        match (self.run.last(), self.late.peek()) {
            (Some(run), Some(late)) => Some(late.min(*run)),
            (run, late) => run.copied().or(late),
        }
    }

    /// Takes the smallest entry of those that are in order already.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<u128> {
        match (self.run.last(), self.late.peek()) {
            (Some(run), Some(late)) if late > *run => self.run.pop(),
            (_, Some(_)) => self.late.pop(),
            (_, None) => self.run.pop(),
        }
    }

    /// Says whether the wheel has to turn before there is a smallest entry.
    #[inline]
    pub(super) fn is_behind(&self) -> bool {
        self.run.is_empty() && self.late.is_empty() && !self.wheel.is_empty()
    }

    /// Brings the lowest entries that `live` accepts into the run.
    ///
    /// Asking for a batch of them together lets the memory fetch their slots at the same time.
    pub(super) fn turn(&mut self, mut live: impl FnMut(u128) -> bool) {
        let run = &mut self.run;
        self.through = self.wheel.take_lowest(BATCH, |entry| {
            if live(entry) {
                run.push(entry);
            }
        });
        run.sort_unstable_by(|one, other| other.cmp(one));
    }
}
