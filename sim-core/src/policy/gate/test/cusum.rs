//! Cumulative sums: small shifts add up until they show.

use super::{Guarantee, Verdict};

/// The one-sided cumulative sum of Page (Biometrika 41, 1954): `S = max(0, S + x - slack)`, with an
/// alarm when `S > limit`.
///
/// Readings are in the unit of `slack` and `limit`, commonly in standard errors from the target; half
/// the shift that matters is the usual slack. There is no bound on the probability of a false
/// alarm, which comes with certainty in the end: what is known is the mean time to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cusum {
    slack: f64,
    limit: f64,
    sum: f64,
}

impl Cusum {
    /// A sum at 0.
    pub const fn new(slack: f64, limit: f64) -> Self {
        Self {
            slack,
            limit,
            sum: 0.0,
        }
    }

    /// Takes one reading; the sum goes on after an alarm.
    pub fn observe(&mut self, reading: f64) -> Verdict {
        self.sum = (self.sum + reading - self.slack).max(0.0);
        Verdict::rejected_if(self.sum > self.limit)
    }

    /// Returns the sum.
    pub const fn sum(&self) -> f64 {
        self.sum
    }

    /// None: false alarms have a mean distance, not a bound.
    pub const fn guarantee(&self) -> Guarantee {
        Guarantee::None
    }
}

/// The cumulative sum of single outcomes (M. R. Reynolds, Z. G. Stoumbos, J. Qual. Technol. 31,
/// 1999): a failure adds `up`, a success takes `down` away, never below 0, with an alarm at `limit`
/// and above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountCusum {
    up: u64,
    down: u64,
    limit: u64,
    sum: u64,
}

impl CountCusum {
    /// A sum at 0.
    pub const fn new(up: u64, down: u64, limit: u64) -> Self {
        Self {
            up,
            down,
            limit,
            sum: 0,
        }
    }

    /// Takes one outcome; the sum goes on after an alarm.
    pub fn observe(&mut self, failed: bool) -> Verdict {
        self.sum = if failed {
            self.sum.saturating_add(self.up)
        } else {
            self.sum.saturating_sub(self.down)
        };
        Verdict::rejected_if(self.sum >= self.limit)
    }

    /// Returns the sum.
    pub const fn sum(&self) -> u64 {
        self.sum
    }

    /// None: false alarms have a mean distance, not a bound.
    pub const fn guarantee(&self) -> Guarantee {
        Guarantee::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_never_falls_below_zero_and_alarms_strictly_above_its_limit() {
        let mut sum = Cusum::new(0.5, 4.0);
        assert_eq!(sum.observe(-100.0), Verdict::Undecided);
        assert_eq!(sum.sum(), 0.0);
        for _ in 0..4 {
            assert_eq!(sum.observe(1.5), Verdict::Undecided);
        }
        assert_eq!(sum.sum(), 4.0);
        assert_eq!(sum.observe(0.75), Verdict::Rejected);
    }

    /// Against the finite Markov chain of the sum, solved by sweeping backwards and forwards: the
    /// mean number of outcomes to the alarm from 0.
    #[test]
    fn the_mean_run_length_of_the_counting_form_is_that_of_its_markov_chain() {
        // Up 2, down 1, limit 4, p = 1/2: m0 = 1 + m0/2 + m2/2, m1 = 1 + m0/2 + m3/2,
        // m2 = 1 + m1/2, m3 = 1 + m2/2. Elimination gives m0 = 52/5 * ... solved in the test.
        let (mut m, half) = ([0.0_f64; 4], 0.5);
        for _ in 0..2_000 {
            m = [
                1.0 + half * (m[0] + m[2]),
                1.0 + half * (m[0] + m[3]),
                1.0 + half * m[1],
                1.0 + half * m[2],
            ];
        }
        assert!(
            (m[0] - exhaustive()).abs() < 1e-9,
            "{} {}",
            m[0],
            exhaustive()
        );
    }

    /// Sums P(no alarm in n outcomes) over n, walking the sums that the type itself reaches.
    fn exhaustive() -> f64 {
        let (mut alive, mut mean) = ([1.0, 0.0, 0.0, 0.0], 0.0);
        for _ in 0..2_000 {
            mean += alive.iter().sum::<f64>();
            let mut next = [0.0; 4];
            for (sum, mass) in alive.iter().enumerate() {
                for failed in [false, true] {
                    let mut walker = CountCusum::new(2, 1, 4);
                    walker.sum = sum as u64;
                    if !walker.observe(failed).rejects() {
                        next[walker.sum() as usize] += 0.5 * mass;
                    }
                }
            }
            alive = next;
        }
        mean
    }
}
