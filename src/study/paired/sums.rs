//! What many pairs add up to: whole numbers only.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

/// The sums of one measure over some pairs of rollouts.
///
/// Merging is associative and commutative.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PairSums {
    /// How many pairs have the measure on both sides.
    pub pairs: u64,
    /// How many pairs have it on one side only, and are left out.
    pub unpaired: u64,
    /// In how many pairs the second is more.
    pub more: u64,
    /// In how many pairs the second is less.
    pub less: u64,
    /// The sum of the first.
    pub first: i128,
    /// The sum of the second.
    pub second: i128,
    /// The sum of the squares of the differences.
    pub squares: u128,
    /// The sums of the cubes of the differences in which the second is more, and is less; at the largest
    /// number they stay, and say nothing.
    pub cubes: [u128; 2],
    /// The pair that differs most among those in which the second is more, and is less.
    pub extremes: [Option<Extreme>; 2],
}

/// A pair that differs much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Extreme {
    /// By how much.
    pub by: u64,
    /// The number of the replication; the first one among equals.
    pub replication: u64,
    /// Which case it belongs to.
    pub case: usize,
    /// Both values.
    pub values: [i64; 2],
}

impl Extreme {
    fn rank(&self) -> (u64, Reverse<(usize, u64)>) {
        (self.by, Reverse((self.case, self.replication)))
    }
}

impl PairSums {
    /// Adds replication `replication` of case `case`, given what each rollout has of the measure.
    pub fn add(&mut self, case: usize, replication: u64, values: [Option<i64>; 2]) {
        let [first, second] = match values {
            [Some(first), Some(second)] => [first, second],
            [None, None] => return,
            _ => {
                self.unpaired += 1;
                return;
            }
        };
        let by = first.abs_diff(second);
        self.pairs += 1;
        self.first += i128::from(first);
        self.second += i128::from(second);
        self.squares += u128::from(by) * u128::from(by);
        if by > 0 {
            let side = usize::from(second < first);
            *[&mut self.more, &mut self.less][side] += 1;
            let cube = u128::from(by).saturating_mul(u128::from(by));
            let cube = cube.saturating_mul(u128::from(by));
            self.cubes[side] = self.cubes[side].saturating_add(cube);
            let one = Extreme {
                by,
                replication,
                case,
                values: [first, second],
            };
            self.keep(side, one);
        }
    }

    fn keep(&mut self, side: usize, one: Extreme) {
        if self.extremes[side].is_none_or(|known| one.rank() > known.rank()) {
            self.extremes[side] = Some(one);
        }
    }

    /// Adds what other sums of the same measure have counted.
    pub fn merge(&mut self, other: &Self) {
        self.pairs += other.pairs;
        self.unpaired += other.unpaired;
        self.more += other.more;
        self.less += other.less;
        self.first += other.first;
        self.second += other.second;
        self.squares += other.squares;
        for (sum, more) in self.cubes.iter_mut().zip(other.cubes) {
            *sum = sum.saturating_add(more);
        }
        for (side, extreme) in other.extremes.iter().enumerate() {
            if let Some(one) = extreme {
                self.keep(side, *one);
            }
        }
    }

    /// Returns how many pairs differ.
    pub const fn differing(&self) -> u64 {
        self.more + self.less
    }

    /// Returns the sum of the differences, second minus first.
    pub const fn difference(&self) -> i128 {
        self.second - self.first
    }

    /// Returns the pair that differs most in the direction in which more pairs differ.
    pub const fn most(&self) -> Option<Extreme> {
        self.extremes[(self.less > self.more) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(order: &[u64]) -> PairSums {
        let value = |replication: u64| match replication % 4 {
            0 => [Some(3), Some(3)],
            1 => [Some(1), Some(5 + replication as i64 / 8)],
            2 => [Some(9), Some(2)],
            _ => [None, Some(1)],
        };
        let mut all = PairSums::default();
        for &replication in order {
            let mut one = PairSums::default();
            one.add(0, replication, value(replication));
            all.merge(&one);
        }
        all
    }

    #[test]
    fn sums_are_the_same_in_any_order() {
        let expect = sums(&[0, 1, 2, 3, 5, 6]);
        assert_eq!(sums(&[6, 3, 5, 0, 2, 1]), expect);
        // Differences 4, 4, -7, -7, one pair alike, one without a partner.
        let counts = (expect.pairs, expect.unpaired, expect.more, expect.less);
        assert_eq!(counts, (5, 1, 2, 2));
        assert_eq!((expect.difference(), expect.squares), (-6, 130));
        assert_eq!(expect.cubes, [2 * 64, 2 * 343]);
    }

    #[test]
    fn the_pair_that_differs_most_is_the_first_one_in_the_direction_of_the_many() {
        let most = sums(&[6, 2, 1]).most().expect("they differ");
        assert_eq!((most.replication, most.by, most.values), (2, 7, [9, 2]));
        let most = sums(&[9, 1, 2]).most().expect("they differ");
        assert_eq!((most.replication, most.values), (9, [1, 6]));
    }
}
