//! Trials: independent repetitions in parallel, the same for any number of threads.
//!
//! Trials are shared out over a fixed number of groups. A group is one piece of work for one thread;
//! its result depends on the seed and its own trials alone, and results are added up in the order of
//! the groups. The groups also give the errors: a mean's, and by the jackknife (M. Quenouille 1956,
//! J. Tukey 1958) that of any smooth function of means.

use std::ops::Range;

use rayon::prelude::*;
use sim_core::engine::{Draws, Key};

use super::effort::Effort;
use super::estimate::{Doubt, TrialEstimate};

/// The number of groups; the error of a jackknife error over so many is 4 %.
const GROUPS: u64 = 256;

/// One repetition: where its draws come from.
#[derive(Clone, Copy, Debug)]
pub struct Trial {
    /// The key that all trials of a simulation share.
    pub key: Key,
    /// The number of the trial, which addresses its draws under the key.
    pub number: u32,
    root: u64,
}

impl Trial {
    /// Returns the draws of this trial for `purpose`.
    pub fn draws(self, purpose: u32) -> Draws {
        self.key.draws(purpose, 0, self.number)
    }

    /// Returns a key of this trial's own, for parts that address their draws themselves.
    pub fn own_key(self) -> Key {
        Key::for_replication(self.root, 1 + u64::from(self.number))
    }
}

/// Sums over trials of `K` numbers each, by group.
#[derive(Clone, Debug)]
pub struct TrialSums<const K: usize> {
    pub(super) groups: Vec<(u64, [f64; K])>,
}

/// Plays all trials in groups; `play` gets the trials of one group.
pub fn groups<T: Send>(effort: Effort, play: impl Fn(Trials) -> T + Sync) -> Vec<T> {
    let groups = GROUPS.min(effort.trials);
    let first =
        |group: u64| (u128::from(effort.trials) * u128::from(group) / u128::from(groups)) as u64;
    let key = Key::for_replication(effort.root, 0);
    (0..groups)
        .into_par_iter()
        .map(|group| {
            play(Trials {
                key,
                root: effort.root,
                numbers: first(group)..first(group + 1),
            })
        })
        .collect()
}

/// The trials of one group.
#[derive(Clone, Debug)]
pub struct Trials {
    key: Key,
    root: u64,
    numbers: Range<u64>,
}

impl Iterator for Trials {
    type Item = Trial;

    fn next(&mut self) -> Option<Trial> {
        let number = self.numbers.next()?;
        Some(Trial {
            key: self.key,
            number: number as u32,
            root: self.root,
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.numbers.size_hint()
    }
}

impl ExactSizeIterator for Trials {}

/// Plays all trials and sums what each returns; `make` gives each group its own working memory.
pub fn sums<const K: usize, F>(effort: Effort, make: impl Fn() -> F + Sync) -> TrialSums<K>
where
    F: FnMut(Trial) -> [f64; K],
{
    let groups = groups(effort, |trials| {
        let (count, mut play) = (trials.len() as u64, make());
        let mut sums = [0.0; K];
        for trial in trials {
            for (sum, value) in sums.iter_mut().zip(play(trial)) {
                *sum += value;
            }
        }
        (count, sums)
    });
    TrialSums { groups }
}

impl<const K: usize> TrialSums<K> {
    /// Takes sums that were made elsewhere: the number of trials and their sums, by group.
    pub const fn of(groups: Vec<(u64, [f64; K])>) -> Self {
        Self { groups }
    }

    /// Estimates the probability of what is summed at `index` as 0 or 1.
    pub fn share(&self, index: usize) -> TrialEstimate {
        let (count, sums) = self.total();
        TrialEstimate {
            value: sums[index] / count as f64,
            trials: count,
            doubt: Doubt::Share,
        }
    }

    /// Estimates the mean of what is summed at `index`.
    pub fn mean(&self, index: usize) -> TrialEstimate {
        self.of_means(|means| means[index])
    }

    /// Estimates a smooth function of the means.
    pub fn of_means(&self, function: impl Fn(&[f64; K]) -> f64) -> TrialEstimate {
        let (value, error) = self.jackknife(function);
        TrialEstimate {
            value,
            trials: self.total().0,
            doubt: Doubt::Mean { error },
        }
    }

    /// Estimates a smooth function of the means of weighted or split trials.
    pub fn of_weighted(&self, function: impl Fn(&[f64; K]) -> f64) -> TrialEstimate {
        let (value, error) = self.jackknife(function);
        TrialEstimate {
            value,
            trials: self.total().0,
            doubt: Doubt::Weighted { error },
        }
    }

    pub(super) fn total(&self) -> (u64, [f64; K]) {
        let mut total = (0, [0.0; K]);
        for (count, sums) in &self.groups {
            total.0 += count;
            for (all, sum) in total.1.iter_mut().zip(sums) {
                *all += sum;
            }
        }
        total
    }

    /// Returns the function of the means and its standard error by leaving out one group at a time.
    pub(super) fn jackknife(&self, function: impl Fn(&[f64; K]) -> f64) -> (f64, f64) {
        let (count, sums) = self.total();
        let value = function(&sums.map(|sum| sum / count as f64));
        let without = |(left_out, group): &(u64, [f64; K])| {
            let mut means = sums;
            for (mean, sum) in means.iter_mut().zip(group) {
                *mean = (*mean - sum) / (count - left_out) as f64;
            }
            function(&means)
        };
        let values: Vec<f64> = self.groups.iter().map(without).collect();
        let groups = values.len() as f64;
        let middle = values.iter().sum::<f64>() / groups;
        let square: f64 = values
            .iter()
            .map(|value| (value - middle) * (value - middle))
            .sum();
        (value, (square * (groups - 1.0) / groups).sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effort(trials: u64) -> Effort {
        Effort {
            root: 20_261_121,
            trials,
            budget: 1e9,
        }
    }

    #[test]
    fn results_do_not_depend_on_the_number_of_threads() {
        let play = || {
            let sums = sums(effort(1_000), || |trial: Trial| [trial.draws(1).uniform()]);
            sums.groups
                .iter()
                .map(|(count, [sum])| (*count, sum.to_bits()))
                .collect::<Vec<_>>()
        };
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            pool.expect("a pool of threads").install(play)
        };
        assert_eq!(on(1), on(3));
        assert_eq!(on(1).iter().map(|(count, _)| count).sum::<u64>(), 1_000);
    }
}
