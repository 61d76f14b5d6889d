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
use super::share::{clumped_z, share_z};

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
    groups: Vec<(u64, [f64; K])>,
}

/// One number a trial, by group.
#[derive(Clone, Debug)]
pub struct Samples {
    groups: Vec<Vec<f64>>,
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

/// Plays all trials and keeps what each returns.
pub fn samples<F>(effort: Effort, make: impl Fn() -> F + Sync) -> Samples
where
    F: FnMut(Trial) -> f64,
{
    Samples {
        groups: groups(effort, |trials| trials.map(make()).collect()),
    }
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

    fn total(&self) -> (u64, [f64; K]) {
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
    fn jackknife(&self, function: impl Fn(&[f64; K]) -> f64) -> (f64, f64) {
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

impl Samples {
    /// Takes numbers that were made elsewhere, by group.
    pub const fn of(groups: Vec<Vec<f64>>) -> Self {
        Self { groups }
    }

    /// Sums functions of the numbers.
    pub fn sums<const K: usize>(&self, function: impl Fn(f64) -> [f64; K]) -> TrialSums<K> {
        let sum = |group: &Vec<f64>| {
            let mut sums = [0.0; K];
            for sample in group {
                for (sum, value) in sums.iter_mut().zip(function(*sample)) {
                    *sum += value;
                }
            }
            (group.len() as u64, sums)
        };
        TrialSums {
            groups: self.groups.iter().map(sum).collect(),
        }
    }

    /// Estimates the mean.
    pub fn mean(&self) -> TrialEstimate {
        self.sums(|sample| [sample]).mean(0)
    }

    /// Estimates the standard deviation.
    pub fn sd(&self) -> TrialEstimate {
        let sums = self.sums(|sample| [sample, sample * sample]);
        sums.of_means(|[mean, square]| (square - mean * mean).sqrt())
    }

    /// Estimates the probability that `holds`, from independent samples.
    pub fn share(&self, holds: impl Fn(f64) -> bool) -> TrialEstimate {
        self.sums(|sample| [f64::from(u8::from(holds(sample)))])
            .share(0)
    }

    /// Returns the same with the error that the groups show, for samples that depend on each other
    /// within a group.
    pub fn dependent_share(&self, holds: impl Fn(f64) -> bool) -> TrialEstimate {
        let sums = self.sums(|sample| [f64::from(u8::from(holds(sample)))]);
        let (value, error) = sums.jackknife(|[share]| *share);
        TrialEstimate {
            value,
            trials: sums.total().0,
            doubt: Doubt::Clumped { error },
        }
    }

    /// Estimates the quantile `q` of a continuous quantity by its rank: exactly the share `q` of all
    /// samples should lie at or below the exact quantile `expected`.
    pub fn quantile(&self, q: f64, expected: f64) -> TrialEstimate {
        let share = self.share(|sample| sample <= expected);
        // A quantile is too high where too few lie below.
        let z = share_z(share.value, q, share.trials);
        self.ranked(q, -z.unwrap_or(f64::NAN))
    }

    /// Does the same for samples that depend on each other within a group.
    pub fn dependent_quantile(&self, q: f64, expected: f64) -> TrialEstimate {
        let share = self.dependent_share(|sample| sample <= expected);
        let Doubt::Clumped { error } = share.doubt else {
            unreachable!("it was just made")
        };
        let z = clumped_z(share.value, q, (share.trials, error));
        self.ranked(q, -z.unwrap_or(f64::NAN))
    }

    /// Estimates the quantile `q` of a whole-numbered quantity.
    pub fn whole_quantile(&self, q: f64) -> TrialEstimate {
        let count = self.count();
        let error = (q * (1.0 - q) / count as f64).sqrt();
        let at = |q: f64| self.at_rank(q.clamp(0.0, 1.0));
        let doubt = Doubt::Whole {
            low: at(q - 4.0 * error),
            high: at(q + 4.0 * error),
        };
        TrialEstimate {
            value: at(q),
            trials: count,
            doubt,
        }
    }

    fn ranked(&self, q: f64, z: f64) -> TrialEstimate {
        TrialEstimate {
            value: self.at_rank(q),
            trials: self.count(),
            doubt: Doubt::Rank { z },
        }
    }

    fn count(&self) -> u64 {
        self.groups.iter().map(|group| group.len() as u64).sum()
    }

    /// Returns the smallest sample with at least the share `q` of all samples at or below it.
    fn at_rank(&self, q: f64) -> f64 {
        let mut all: Vec<f64> = self.groups.iter().flatten().copied().collect();
        let rank = ((q * all.len() as f64).ceil() as usize).clamp(1, all.len());
        *all.select_nth_unstable_by(rank - 1, f64::total_cmp).1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim_core::engine::sample;

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

    /// The errors by the jackknife agree with theory: of an exponential's mean 1 / sqrt(n), and of
    /// its standard deviation, by the delta method, sqrt(2 / n).
    #[test]
    fn errors_are_as_large_as_theory_says() {
        let draw = || |trial: Trial| sample::exponential(&mut trial.draws(1), 1.0);
        let samples = samples(effort(40_000), draw);
        let check = |estimate: TrialEstimate, expect: f64, error: f64| {
            let Doubt::Mean { error: found } = estimate.doubt else {
                panic!("a mean")
            };
            // The jackknife error over 256 groups is itself known to 4.4 %; four of these.
            assert!((found / error - 1.0).abs() < 0.18, "{found}, not {error}");
            assert!(
                (estimate.value - expect).abs() < 4.0 * error,
                "{}",
                estimate.value
            );
        };
        check(samples.mean(), 1.0, 1.0 / 200.0);
        check(samples.sd(), 1.0, 2_f64.sqrt() / 200.0);
    }

    #[test]
    fn a_quantile_is_judged_by_its_rank() {
        let samples = Samples::of(vec![
            (1..=50).map(f64::from).collect(),
            (51..=100).map(f64::from).collect(),
        ]);
        let median = samples.quantile(0.5, 50.0);
        assert_eq!((median.value, median.doubt), (50.0, Doubt::Rank { z: 0.0 }));
        let Doubt::Rank { z } = samples.quantile(0.5, 60.0).doubt else {
            panic!("a rank")
        };
        // 60 of 100 coins: half of P(60) and all beyond it is 0.02303 (by the binomial), as 1.995 errors.
        assert!(
            (z - -1.995).abs() < 5e-3,
            "the true one lies higher by two errors: {z}"
        );
        let whole = samples.whole_quantile(0.5);
        assert_eq!(
            whole.doubt,
            Doubt::Whole {
                low: 30.0,
                high: 70.0
            }
        );
    }
}
