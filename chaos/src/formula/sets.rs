//! Sets of instants, as ordered ranges of whole nanoseconds.

/// A set of instants from 0 to a last one that every set of a judgement shares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Set {
    /// Ranges that include both ends, in order, none touching the next.
    ranges: Vec<(u64, u64)>,
    last: u64,
}

impl Set {
    /// No instant.
    pub fn empty(last: u64) -> Self {
        Self::of(Vec::new(), last)
    }

    /// Every instant.
    pub fn full(last: u64) -> Self {
        Self::of(vec![(0, last)], last)
    }

    /// The instants of some ranges, which may lie in any order and touch each other.
    pub fn of(mut ranges: Vec<(u64, u64)>, last: u64) -> Self {
        ranges.retain(|(from, to)| from <= to && *from <= last);
        ranges.sort_unstable();
        let mut merged: Vec<(u64, u64)> = Vec::with_capacity(ranges.len());
        for (from, to) in ranges {
            let to = to.min(last);
            match merged.last_mut() {
                Some((_, end)) if from <= end.saturating_add(1) => *end = (*end).max(to),
                _ => merged.push((from, to)),
            }
        }
        Self {
            ranges: merged,
            last,
        }
    }

    /// The ranges, in order.
    pub fn ranges(&self) -> &[(u64, u64)] {
        &self.ranges
    }

    /// Whether the instant belongs to it.
    pub fn has(&self, at: u64) -> bool {
        let before = self.ranges.partition_point(|(from, _)| *from <= at);
        before > 0 && self.ranges[before - 1].1 >= at
    }

    /// Returns its first instant from `at` on.
    pub fn first_from(&self, at: u64) -> Option<u64> {
        let place = self.ranges.partition_point(|(_, to)| *to < at);
        self.ranges.get(place).map(|(from, _)| at.max(*from))
    }

    /// The instants that do not belong to it.
    pub fn complement(&self) -> Self {
        let mut ranges = Vec::with_capacity(self.ranges.len() + 1);
        let mut from = Some(0);
        for &(begin, end) in &self.ranges {
            if let Some(from) = from.filter(|from| *from < begin) {
                ranges.push((from, begin - 1));
            }
            from = end.checked_add(1);
        }
        ranges.extend(
            from.filter(|from| *from <= self.last)
                .map(|from| (from, self.last)),
        );
        Self::of(ranges, self.last)
    }

    /// The instants of either.
    pub fn union(&self, other: &Self) -> Self {
        Self::of([&self.ranges[..], &other.ranges[..]].concat(), self.last)
    }

    /// The instants of both.
    pub fn intersection(&self, other: &Self) -> Self {
        self.complement().union(&other.complement()).complement()
    }

    /// The instants from which one of the set lies ahead by `near` to `far`.
    pub fn ahead(&self, near: u64, far: u64) -> Self {
        let back = |&(from, to): &(u64, u64)| {
            let to = to.checked_sub(near)?;
            Some((from.saturating_sub(far), to))
        };
        Self::of(self.ranges.iter().filter_map(back).collect(), self.last)
    }

    /// The instants from which one of the set lies back by `near` to `far`.
    pub fn back(&self, near: u64, far: u64) -> Self {
        let later = |&(from, to): &(u64, u64)| (from.saturating_add(near), to.saturating_add(far));
        Self::of(self.ranges.iter().map(later).collect(), self.last)
    }
}
