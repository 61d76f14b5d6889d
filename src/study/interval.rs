//! Confidence intervals of a rate.

use libm::{expm1, log, sqrt};

use sim_core::policy::gate::test::{beta_quantile, incomplete_beta, normal_upper_quantile};

/// Two-sided 95 %: what each tail keeps.
const TAIL: f64 = 0.025;

/// How often an interval shall cover the true rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// What each tail keeps.
    tail: f64,
    /// The quantile of the standard normal distribution that the tail leaves.
    z: f64,
}

/// A confidence interval of a rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end, at least 0.
    pub low: f64,
    /// The upper end, at most 1.
    pub high: f64,
}

impl Level {
    /// The level of all reports.
    pub const NINETY_FIVE: Self = Self {
        tail: TAIL,
        z: 1.959_963_984_540_054,
    };

    /// Covers the true rate with the probability `level`.
    ///
    /// # Panics
    ///
    /// Unless `level` is strictly between 0 and 1.
    pub fn of(level: f64) -> Self {
        assert!(0.0 < level && level < 1.0, "level {level}");
        let tail = 0.5 * (1.0 - level);
        Self {
            tail,
            z: normal_upper_quantile(tail),
        }
    }

    /// Returns the exact interval of `k` events in `n` runs: it covers the true rate at least as
    /// often as promised (C. J. Clopper, E. S. Pearson, Biometrika 26, 1934). Without runs it is
    /// `[0, 1]`.
    ///
    /// # Panics
    ///
    /// If `k` is more than `n`.
    pub fn clopper_pearson(self, k: u64, n: u64) -> Interval {
        assert!(k <= n, "{k} events in {n} runs");
        let (events, rest) = (k as f64, (n - k) as f64);
        let low = if k > 0 {
            beta_quantile(events, rest + 1.0, self.tail)
        } else {
            0.0
        };
        let high = if k < n {
            beta_quantile(events + 1.0, rest, 1.0 - self.tail)
        } else {
            1.0
        };
        Interval { low, high }
    }

    /// Returns the interval of `k` events in `n` runs that covers the true rate as often as promised
    /// on average (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927). Without runs it is `[0, 1]`.
    ///
    /// # Panics
    ///
    /// If `k` is more than `n`.
    pub fn wilson(self, k: u64, n: u64) -> Interval {
        assert!(k <= n, "{k} events in {n} runs");
        if n == 0 {
            return Interval {
                low: 0.0,
                high: 1.0,
            };
        }
        let (n_runs, rate) = (n as f64, k as f64 / n as f64);
        let shrink = 1.0 + self.z * self.z / n_runs;
        let centre = (rate + self.z * self.z / (2.0 * n_runs)) / shrink;
        let spread = rate * (1.0 - rate) / n_runs + self.z * self.z / (4.0 * n_runs * n_runs);
        let half = self.z * sqrt(spread) / shrink;
        // At the ends the formula gives 0 and 1 but for a rounding error.
        let low = if k == 0 {
            0.0
        } else {
            (centre - half).max(0.0)
        };
        let high = if k == n {
            1.0
        } else {
            (centre + half).min(1.0)
        };
        Interval { low, high }
    }

    /// Returns the interval between the quantiles of the rate that `k` events in `n` runs leave to
    /// somebody who knew nothing but Jeffreys' prior, beta(1/2, 1/2).
    ///
    /// # Panics
    ///
    /// If `k` is more than `n`.
    pub fn jeffreys(self, k: u64, n: u64) -> Interval {
        assert!(k <= n, "{k} events in {n} runs");
        let (a, b) = (k as f64 + 0.5, (n - k) as f64 + 0.5);
        Interval {
            low: beta_quantile(a, b, self.tail),
            high: beta_quantile(a, b, 1.0 - self.tail),
        }
    }

    /// Returns the rate that `n` runs without an event exclude one-sidedly: `1 - (1 - level)^(1/n)`,
    /// which is nearly 3/n at 95 %. Without runs it is 1.
    pub fn upper_without_events(self, n: u64) -> f64 {
        -expm1(log(2.0 * self.tail) / n as f64)
    }
}

/// Returns the exact interval at 95 %, which a claim about a limit rests on; see
/// [`Level::clopper_pearson`].
///
/// # Panics
///
/// If `k` is more than `n`.
pub fn clopper_pearson(k: u64, n: u64) -> Interval {
    Level::NINETY_FIVE.clopper_pearson(k, n)
}

/// Says whether `limit`, strictly between 0 and 1, lies outside the exact interval of `rate * n`
/// events in `n` runs; the number of events need not be whole.
///
/// The ends of the interval are quantiles, so that the question needs the distribution alone.
pub(super) fn excludes(rate: f64, n: f64, limit: f64) -> bool {
    let (events, rest) = (rate * n, n - rate * n);
    if rate < limit {
        rest > 0.0 && incomplete_beta(events + 1.0, rest, limit) >= 1.0 - TAIL
    } else {
        events > 0.0 && incomplete_beta(events, rest + 1.0, limit) <= TAIL
    }
}

/// Returns the interval at 95 % that is shown where nothing is claimed; see [`Level::wilson`].
///
/// # Panics
///
/// If `k` is more than `n`.
pub fn wilson(k: u64, n: u64) -> Interval {
    Level::NINETY_FIVE.wilson(k, n)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows made with SciPy 1.17.1 (`scipy.stats.beta.ppf` and `norm.ppf`): events, runs, the
    /// Clopper-Pearson interval, the Wilson interval.
    type Row = (u64, u64, [f64; 2], [f64; 2]);
    const TABLE: [Row; 12] = [
        (0, 1, [0.0, 0.975], [0.0, 0.793_450_685_622_762_6]),
        (1, 1, [0.025, 1.0], [0.206_549_314_377_237_45, 1.0]),
        (
            0,
            20,
            [0.0, 0.168_433_470_983_085_3],
            [0.0, 0.161_125_158_052_819_38],
        ),
        (
            3,
            20,
            [0.032_070_937_185_463_7, 0.378_926_826_545_313_94],
            [0.052_368_745_896_216_595, 0.360_418_864_740_756_96],
        ),
        (
            10,
            20,
            [0.271_957_849_560_791_83, 0.728_042_150_439_208_1],
            [0.299_298_008_198_212_3, 0.700_701_991_801_787_7],
        ),
        (
            6,
            200,
            [0.011_087_455_672_254_772, 0.064_150_626_705_027],
            [0.013_820_314_340_111_346, 0.063_894_292_454_519_25],
        ),
        (
            199,
            200,
            [0.972_458_101_542_794_3, 0.999_873_418_972_133],
            [0.972_226_295_602_106_9, 0.999_116_831_284_398_9],
        ),
        (
            974,
            1000,
            [0.962_134_877_521_078_5, 0.982_947_213_654_370_5],
            [0.962_176_171_157_310_1, 0.982_196_061_798_383_7],
        ),
        (
            0,
            1000,
            [0.0, 0.003_682_083_896_865_671],
            [0.0, 0.003_826_758_485_555_123_4],
        ),
        (
            5,
            100_000,
            [1.623_505_681_705_786e-5, 0.000_116_679_439_420_277_03],
            [2.135_719_446_838_573_6e-5, 0.000_117_052_076_803_395_6],
        ),
        (
            500_000,
            1_000_000,
            [0.499_019_519_195_311_84, 0.500_980_480_804_688_2],
            [0.499_020_019_890_004_8, 0.500_979_980_109_995_2],
        ),
        (
            1,
            1_000_000,
            [2.531_780_766_379_417_8e-8, 5.571_630_655_166_939e-6],
            [1.765_245_767_453_717_6e-7, 5.664_911_804_311_444e-6],
        ),
    ];

    #[track_caller]
    fn check(got: Interval, expect: [f64; 2]) {
        for (got, expect) in [(got.low, expect[0]), (got.high, expect[1])] {
            let error = if expect == 0.0 {
                got
            } else {
                got / expect - 1.0
            };
            assert!(error.abs() < 1e-7, "{got} against {expect}");
        }
    }

    #[test]
    fn intervals_agree_with_scipy() {
        for (k, n, exact, score) in TABLE {
            check(clopper_pearson(k, n), exact);
            check(wilson(k, n), score);
        }
    }

    /// SciPy 1.17.1 again, at 90 % and 99 %: Clopper-Pearson, Wilson, Jeffreys.
    #[test]
    fn other_levels_agree_with_scipy_too() {
        let level = Level::of(0.9);
        check(
            level.clopper_pearson(7, 50),
            [0.067_596_699_003_557_19, 0.246_935_201_731_209_2],
        );
        check(
            level.wilson(7, 50),
            [0.077_720_897_820_629_95, 0.239_238_995_945_484_6],
        );
        check(
            level.jeffreys(7, 50),
            [0.074_826_719_334_474_18, 0.235_117_615_215_100_83],
        );
        let level = Level::of(0.99);
        check(
            level.clopper_pearson(3, 1000),
            [0.000_338_144_529_066_493_44, 0.010_933_777_420_405_24],
        );
        check(
            level.wilson(3, 1000),
            [0.000_758_101_231_061_467_4, 0.011_793_516_682_924_92],
        );
        check(
            level.jeffreys(3, 1000),
            [0.000_495_124_543_869_655, 0.010_100_221_588_172_384],
        );
    }

    /// 0.05^(1/1000) is what a rate of 0.2991 % leaves.
    #[test]
    fn runs_without_events_exclude_three_in_n() {
        let got = Level::NINETY_FIVE.upper_without_events(1_000);
        assert!(
            (libm::pow(1.0 - got, 1_000.0) - 0.05).abs() < 1e-14,
            "{got}"
        );
        assert_eq!(Level::NINETY_FIVE.upper_without_events(0), 1.0);
    }

    #[test]
    fn without_runs_nothing_is_known() {
        assert_eq!(
            clopper_pearson(0, 0),
            Interval {
                low: 0.0,
                high: 1.0
            }
        );
        assert_eq!(
            wilson(0, 0),
            Interval {
                low: 0.0,
                high: 1.0
            }
        );
    }
}
