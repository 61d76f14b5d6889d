//! A histogram of whole numbers that merges exactly.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How often each value was seen, to four digits.
///
/// The bins are fixed: a value belongs to the bin of its first four decimal digits, so that values
/// below 10 000 are kept exactly and larger ones to better than 0.1 %, rounded down. Adding and
/// merging commute, whatever the order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Histogram {
    bins: BTreeMap<u64, u64>,
    never: u64,
    sum: u64,
    max: Option<u64>,
}

impl Histogram {
    /// Counts one value, or one case in which the value never came.
    ///
    /// The sum behind the mean stops at 64 bits, which is still the same in any order.
    pub fn add(&mut self, value: Option<u64>) {
        let Some(value) = value else {
            self.never += 1;
            return;
        };
        *self.bins.entry(bin(value)).or_default() += 1;
        self.sum = self.sum.saturating_add(value);
        self.max = self.max.max(Some(value));
    }

    /// Adds everything that another histogram has counted.
    pub fn merge(&mut self, other: &Self) {
        for (&bin, &count) in &other.bins {
            *self.bins.entry(bin).or_default() += count;
        }
        self.never += other.never;
        self.sum = self.sum.saturating_add(other.sum);
        self.max = self.max.max(other.max);
    }

    /// Returns how many values there are.
    pub fn count(&self) -> u64 {
        self.bins.values().sum()
    }

    /// Returns how often the value never came.
    pub const fn never(&self) -> u64 {
        self.never
    }

    /// Returns the largest value, exactly.
    pub const fn max(&self) -> Option<u64> {
        self.max
    }

    /// Returns the mean of the values, or nothing without any.
    pub fn mean(&self) -> Option<f64> {
        let count = self.count();
        (count > 0).then(|| self.sum as f64 / count as f64)
    }

    /// Returns the value of the given rank, counted from 1; nothing where it falls among the cases in
    /// which the value never came.
    pub fn ranked(&self, rank: u64) -> Option<u64> {
        let mut seen = 0;
        self.bins.iter().find_map(|(&bin, &count)| {
            seen += count;
            (seen >= rank).then_some(bin)
        })
    }

    /// Returns the largest value that the bin of the given rank can hold; nothing as in
    /// [`Histogram::ranked`].
    pub fn ranked_at_most(&self, rank: u64) -> Option<u64> {
        let most = |value: u64| value.saturating_add(unit(value) - 1);
        self.ranked(rank)
            .map(most)
            .min(self.ranked(rank).and(self.max))
    }

    /// Returns at most `most` values with how many are no larger, at ranks that are evenly spread; the
    /// smallest and the largest are among them.
    pub fn steps(&self, most: u64) -> Vec<(u64, u64)> {
        let (mut seen, mut steps) = (0, Vec::new());
        let all = self.count();
        let many = most.saturating_sub(1).max(1);
        for (&bin, &count) in &self.bins {
            // The first, the last, and whoever takes the sum over the next share of all.
            let next = (steps.len() as u64 * all).div_ceil(many);
            seen += count;
            if self.bins.len() as u64 <= most || steps.is_empty() || seen >= next || seen == all {
                steps.push((bin, seen));
            }
        }
        steps
    }

    /// Returns the nearest-rank quantile, `percent` of 100; nothing where it falls among the cases
    /// in which the value never came, which stand above every number.
    ///
    /// # Panics
    ///
    /// If `percent` is more than 100.
    pub fn quantile(&self, percent: u64) -> Option<u64> {
        assert!(percent <= 100, "{percent} percent");
        let total = self.count() + self.never;
        let rank = (u128::from(total) * u128::from(percent))
            .div_ceil(100)
            .max(1) as u64;
        self.ranked(rank)
    }
}

/// The value with all digits after the fourth set to zero.
const fn bin(value: u64) -> u64 {
    let unit = unit(value);
    value / unit * unit
}

/// The width of the bin of a value.
const fn unit(value: u64) -> u64 {
    let mut unit = 1;
    while value / unit >= 10_000 {
        unit *= 10;
    }
    unit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[Option<u64>]) -> Histogram {
        let mut histogram = Histogram::default();
        values.iter().for_each(|&value| histogram.add(value));
        histogram
    }

    #[test]
    fn bins_keep_four_digits() {
        let table = [
            (0, 0),
            (9_999, 9_999),
            (840_000, 840_000),
            (12_345_678, 12_340_000),
        ];
        for (value, expect) in table {
            assert_eq!(bin(value), expect);
        }
        assert_eq!(bin(u64::MAX), 18_440_000_000_000_000_000);
        let histogram = of(&[Some(840_000), Some(12_345_678), Some(99_999_999), None]);
        let ends = [1, 2, 3, 4].map(|rank| histogram.ranked_at_most(rank));
        assert_eq!(
            ends,
            [Some(840_099), Some(12_349_999), Some(99_999_999), None]
        );
    }

    #[test]
    fn a_quantile_is_the_nearest_rank() {
        let histogram = of(&[Some(10), Some(20), Some(30), Some(40)]);
        let table = [(0, 10), (25, 10), (50, 20), (51, 30), (99, 40), (100, 40)];
        for (percent, expect) in table {
            assert_eq!(histogram.quantile(percent), Some(expect), "{percent} %");
        }
        assert_eq!(histogram.mean(), Some(25.0));
    }

    #[test]
    fn steps_are_few_and_keep_both_ends() {
        let values: Vec<_> = (1..=1000).map(Some).collect();
        for most in [2, 3, 7, 48, 2000] {
            let steps = of(&values).steps(most);
            assert!(steps.len() as u64 <= most.max(2), "{most}: {}", steps.len());
            assert_eq!(
                (steps[0], steps[steps.len() - 1]),
                ((1, 1), (1000, 1000)),
                "{most}"
            );
            assert!(steps.iter().all(|(value, count)| value == count), "{most}");
        }
        assert_eq!(of(&[Some(7), Some(7), None]).steps(48), [(7, 2)]);
        assert_eq!(of(&[None]).steps(48), []);
    }

    #[test]
    fn what_never_came_stands_above_every_number() {
        let histogram = of(&[Some(10), Some(20), None]);
        assert_eq!(histogram.quantile(50), Some(20));
        assert_eq!(histogram.quantile(95), None);
        assert_eq!(of(&[]).quantile(50), None);
    }

    #[test]
    fn merging_is_the_same_in_any_order_and_grouping() {
        let parts = [
            of(&[Some(1), None]),
            of(&[Some(123_456), Some(7)]),
            of(&[None, Some(1)]),
        ];
        let all = of(&[Some(1), None, Some(123_456), Some(7), None, Some(1)]);
        for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
            let mut left = Histogram::default();
            order.iter().for_each(|&part| left.merge(&parts[part]));
            let mut right = parts[order[1]].clone();
            right.merge(&parts[order[2]]);
            right.merge(&parts[order[0]]);
            assert_eq!((&left, &right), (&all, &all), "{order:?}");
        }
    }
}
