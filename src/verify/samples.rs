//! Numbers of single trials: means, shares and quantiles with the error that they have.

use super::effort::Effort;
use super::estimate::{Doubt, TrialEstimate};
use super::share::{clumped_z, share_z};
use super::trials::{Trial, TrialSums, groups};

/// One number a trial, by group.
#[derive(Clone, Debug)]
pub struct Samples {
    groups: Vec<Vec<f64>>,
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
