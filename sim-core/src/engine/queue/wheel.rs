//! The wheel: the event list while many events are pending.
//!
//! Eight levels of 256 buckets, one level for each byte of the time, as in a hierarchical timing
//! wheel (G. Varghese, T. Lauck, "Hashed and hierarchical timing wheels", SOSP 1987), with the rule
//! of a radix heap (R. K. Ahuja, K. Mehlhorn, J. B. Orlin, R. E. Tarjan, "Faster algorithms for the
//! shortest path problem", JACM 37(2), 1990): an entry lies on the level of the highest byte in
//! which its time differs from a base that is not above any of them. It moves down at most seven
//! times, always by a sequential write, and nothing has to be tuned to the spacing of events.

use super::packed;
use super::pool::{Bucket, Pool};

const LEVELS: usize = 8;
const BUCKETS: usize = 256;

/// Entries of which only the coarse order is known.
#[derive(Clone, Debug)]
pub(super) struct Wheel {
    buckets: Vec<[Bucket; BUCKETS]>,
    /// Bit d of word d / 64 is set when bucket d of the level is not empty.
    occupied: [[u64; BUCKETS / 64]; LEVELS],
    pool: Pool,
    base: u64,
    len: usize,
}

impl Wheel {
    /// Makes an empty wheel that takes entries from the time `base` on.
    pub(super) fn new(base: u64) -> Self {
        Self {
            buckets: vec![[Bucket::EMPTY; BUCKETS]; LEVELS],
            occupied: [[0; BUCKETS / 64]; LEVELS],
            pool: Pool::new(),
            base,
            len: 0,
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    #[inline]
    pub(super) fn push(&mut self, entry: u128) {
        debug_assert!(packed::nanos(entry) >= self.base);
        self.len += 1;
        self.place(entry);
    }

    #[inline]
    fn place(&mut self, entry: u128) {
        let time = packed::nanos(entry);
        let level = (((time ^ self.base) | 1).ilog2() / 8) as usize;
        let digit = (time >> (8 * level)) as usize % BUCKETS;
        self.pool.push(&mut self.buckets[level][digit], entry);
        self.occupied[level][digit / 64] |= 1 << (digit % 64);
    }

    /// Hands out the lowest buckets: at least one, and as many as together have at most `limit`
    /// entries. Returns the last instant of which everything has now been handed out.
    ///
    /// # Panics
    /// When there are no entries.
    pub(super) fn take_lowest(&mut self, limit: usize, mut take: impl FnMut(u128)) -> u64 {
        assert!(!self.is_empty(), "there is something to take");
        let (mut taken, mut through) = (0, self.base);
        while let Some((level, digit)) = self.lowest() {
            let mut bucket = self.buckets[level][digit];
            let (size, start) = (bucket.len(), self.start(level, digit));
            if taken > 0 && taken + size > limit {
                break;
            }
            self.buckets[level][digit] = Bucket::EMPTY;
            self.occupied[level][digit / 64] ^= 1 << (digit % 64);
            if size > limit && level > 0 {
                self.base = start;
                while let Some(handful) = self.pool.take_chunk(&mut bucket) {
                    handful
                        .entries()
                        .iter()
                        .for_each(|entry| self.place(*entry));
                }
            } else {
                taken += size;
                through = start | ((1 << (8 * level)) - 1);
                while let Some(handful) = self.pool.take_chunk(&mut bucket) {
                    handful.entries().iter().copied().for_each(&mut take);
                }
            }
        }
        self.len -= taken;
        through
    }

    fn lowest(&self) -> Option<(usize, usize)> {
        self.occupied.iter().enumerate().find_map(|(level, words)| {
            let word = words.iter().position(|word| *word != 0)?;
            Some((level, 64 * word + words[word].trailing_zeros() as usize))
        })
    }

    /// The first instant of a bucket.
    fn start(&self, level: usize, digit: usize) -> u64 {
        let shift = 8 * level;
        self.base >> shift >> 8 << 8 << shift | (digit as u64) << shift
    }
}
