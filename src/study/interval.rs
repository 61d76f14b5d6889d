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
/// # Example
/// Nothing in 400 rollouts is not "never":
///
/// ```
/// let interval = coalmine::study::interval::clopper_pearson(0, 400);
/// assert_eq!(interval.low, 0.0);
/// assert!((interval.high - 0.00918).abs() < 0.00001);
/// ```
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

/// Returns the interval of a mean whose distribution is skewed: the hull of `value` +- `t` standard errors
/// (Student) and of the same after the transformation that takes the skewness away (P. Hall, J. R. Stat. Soc.
/// B 54, 1992, the monotone cubic one). Of rare and large values Student's interval alone covers too seldom:
/// it ends too low above. `skewness` is that of the mean, which is that of a value over the root of their
/// number.
pub fn skewed(value: f64, error: f64, skewness: f64, t: f64) -> (f64, f64) {
    let back = |t: f64| {
        let cube = 1.0 + skewness * (t - skewness / 6.0);
        3.0 / skewness * (libm::cbrt(cube) - 1.0)
    };
    let student = (value - t * error, value + t * error);
    if skewness.abs() < 1e-9 {
        return student;
    }
    let hall = (value - error * back(t), value - error * back(-t));
    (student.0.min(hall.0), student.1.max(hall.1))
}

/// Returns the ranks between which the quantile `p` of `n` draws lies with at least 95 % confidence, from 1
/// to `n` (H. A. David, H. N. Nagaraja, Order Statistics, 3rd edition, section 7.1). An end is none where even
/// the first, or the last, of so few draws is no bound.
pub fn ranks(n: u64, p: f64) -> [Option<u64>; 2] {
    // The number of draws below the quantile is binomial: P(B <= k) = I(1 - p; n - k, k + 1).
    let at_most = |k: u64| {
        if k >= n {
            1.0
        } else {
            incomplete_beta((n - k) as f64, k as f64 + 1.0, 1.0 - p)
        }
    };
    let first = |reached: &dyn Fn(u64) -> bool| {
        let (mut low, mut high) = (0, n);
        while low < high {
            let middle = low.midpoint(high);
            if reached(middle) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    };
    let low = first(&|k| at_most(k) > TAIL);
    let high = first(&|k| at_most(k) >= 1.0 - TAIL) + 1;
    [(low > 0).then_some(low), (high <= n).then_some(high)]
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

    /// Conover, Practical Nonparametric Statistics, 3rd edition, section 3.2, and the binomial
    /// distribution of SciPy 1.17.1 (`binom.ppf(0.025, n, p)` and `binom.ppf(0.975, n, p) + 1`). Of 5 draws
    /// the largest exceeds the median in all but 1 of 32 cases, which is more than 1 of 40.
    #[test]
    fn the_ranks_around_a_quantile_are_those_of_the_binomial_distribution() {
        let table = [
            (10, 0.5, [Some(2), Some(9)]),
            (100, 0.5, [Some(40), Some(61)]),
            (400, 0.95, [Some(371), Some(389)]),
            (1000, 0.99, [Some(983), Some(997)]),
            (5, 0.99, [Some(4), None]),
            (5, 0.5, [None, None]),
            (1, 0.5, [None, None]),
        ];
        for (n, p, expect) in table {
            assert_eq!(ranks(n, p), expect, "n {n}, p {p}");
        }
    }

    /// Ten values in 400 are 1 and the others 0: mean 0.025, error sqrt(0.025 * 0.975 / 400), skewness
    /// 0.95 / sqrt(0.025 * 0.975 * 400). By hand: Hall's upper end is 0.0458, Student's 0.0403; below,
    /// Student's 0.0097 is the lower one, as Hall's is 0.0123.
    #[test]
    fn an_interval_of_a_skewed_mean_reaches_further_to_where_the_tail_is() {
        let error = sqrt(0.025 * 0.975 / 400.0);
        let skewness = 0.95 / sqrt(0.025 * 0.975 * 400.0);
        let (low, high) = skewed(0.025, error, skewness, 1.959_964);
        assert!((low - 0.0097).abs() < 5e-5, "{low}");
        assert!((high - 0.0458).abs() < 5e-5, "{high}");
        assert_eq!(skewed(1.0, 0.5, 0.0, 2.0), (0.0, 2.0));
    }

    /// An exact interval covers at least as often as it says at every rate: the sum of the binomial
    /// probabilities of the counts whose interval holds the rate.
    #[test]
    fn exact_intervals_cover_every_rate_at_least_as_often_as_they_say() {
        for n in [1, 5, 40, 400] {
            let ends: Vec<Interval> = (0..=n).map(|k| clopper_pearson(k, n)).collect();
            // A rate and its complement have mirrored intervals; below a half no power here is too small.
            for permille in [1, 3, 10, 50, 200, 400, 500] {
                let rate = f64::from(permille) / 1000.0;
                let mut chance = libm::pow(1.0 - rate, n as f64);
                let (mut covered, mut bounded) = (0.0, 0.0);
                for (k, interval) in ends.iter().enumerate() {
                    if interval.low <= rate && rate <= interval.high {
                        covered += chance;
                    }
                    if rate <= interval.high {
                        bounded += chance;
                    }
                    chance *= (n - k as u64) as f64 / (k + 1) as f64 * rate / (1.0 - rate);
                }
                assert!(covered >= 0.95 - 1e-9, "n {n}, rate {rate}: {covered}");
                assert!(bounded >= 0.975 - 1e-9, "n {n}, rate {rate}: {bounded}");
            }
        }
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
