//! The far buckets: entries beyond the near heap, sorted only as far as needed.
//!
//! A radix heap in the sense of R. K. Ahuja, K. Mehlhorn, J. B. Orlin, R. E. Tarjan, "Faster
//! algorithms for the shortest path problem", JACM 37(2), 1990: an entry lies in the bucket of
//! the highest bit in which it differs from a base that is not above any of them. Buckets
//! further up hold larger entries; splitting the lowest one moves its entries down for good.

const BUCKETS: usize = 128;

/// Entries of which only the coarse order is known.
#[derive(Clone, Debug)]
pub(super) struct FarBuckets {
    buckets: [Vec<u128>; BUCKETS],
    /// Bit i is set when bucket i is not empty.
    occupied: u128,
    base: u128,
    len: usize,
}

impl FarBuckets {
    pub(super) const fn new() -> Self {
        Self {
            buckets: [const { Vec::new() }; BUCKETS],
            occupied: 0,
            base: 0,
            len: 0,
        }
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bound that no entry may lie below.
    pub(super) const fn base(&self) -> u128 {
        self.base
    }

    pub(super) fn clear(&mut self) {
        self.buckets.iter_mut().for_each(Vec::clear);
        (self.occupied, self.base, self.len) = (0, 0, 0);
    }

    #[inline]
    pub(super) fn push(&mut self, entry: u128) {
        debug_assert!(entry >= self.base);
        self.len += 1;
        self.place(entry);
    }

    #[inline]
    fn place(&mut self, entry: u128) {
        // The lowest bucket also takes the entry that equals the base.
        let bucket = ((entry ^ self.base) | 1).ilog2();
        self.buckets[bucket as usize].push(entry);
        self.occupied |= 1 << bucket;
    }

    /// Hands out the lowest buckets that together have at most `limit` entries, at least one
    /// entry, and returns the bound below which everything has now been handed out.
    ///
    /// # Panics
    /// When there are no entries, or `limit` is below 2, the most that bucket 0 can hold.
    pub(super) fn take_lowest(&mut self, limit: usize, mut take: impl FnMut(u128)) -> u128 {
        assert!(!self.is_empty(), "there is something to take");
        let mut taken = 0;
        let mut bound = self.base;
        while self.occupied != 0 {
            let bucket = self.occupied.trailing_zeros() as usize;
            let size = self.buckets[bucket].len();
            if taken + size <= limit {
                taken += size;
                self.occupied ^= 1 << bucket;
                self.buckets[bucket].drain(..).for_each(&mut take);
                bound = (self.base | (u128::MAX >> (BUCKETS - 1 - bucket))).saturating_add(1);
            } else if taken > 0 {
                break;
            } else {
                self.split(bucket);
            }
        }
        self.len -= taken;
        bound
    }

    /// Moves the entries of the lowest occupied bucket down, under a new base: their minimum.
    fn split(&mut self, bucket: usize) {
        let mut entries = std::mem::take(&mut self.buckets[bucket]);
        self.occupied ^= 1 << bucket;
        self.base = *entries
            .iter()
            .min()
            .expect("an occupied bucket has entries");
        entries.drain(..).for_each(|entry| self.place(entry));
        // All entries have moved down, so the bucket is free to take its memory back.
        self.buckets[bucket] = entries;
    }
}
