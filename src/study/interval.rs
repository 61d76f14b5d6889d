//! Confidence intervals of a rate.

use libm::sqrt;

use sim_core::policy::gate::test::{beta_quantile, incomplete_beta};

/// Two-sided 95 %: what each tail keeps.
const TAIL: f64 = 0.025;
/// The 97.5 % quantile of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// A 95 % confidence interval of a rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end, at least 0.
    pub low: f64,
    /// The upper end, at most 1.
    pub high: f64,
}

/// Returns the exact interval of `k` events in `n` runs, which a claim about a limit rests on: it
/// covers the true rate with at least 95 % (C. J. Clopper, E. S. Pearson, Biometrika 26, 1934).
/// Without runs it is `[0, 1]`.
///
/// # Panics
///
/// If `k` is more than `n`.
pub fn clopper_pearson(k: u64, n: u64) -> Interval {
    assert!(k <= n, "{k} events in {n} runs");
    let (events, rest) = (k as f64, (n - k) as f64);
    let low = if k > 0 {
        beta_quantile(events, rest + 1.0, TAIL)
    } else {
        0.0
    };
    let high = if k < n {
        beta_quantile(events + 1.0, rest, 1.0 - TAIL)
    } else {
        1.0
    };
    Interval { low, high }
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

/// Returns the interval of `k` events in `n` runs that is shown where nothing is claimed: on
/// average it covers the true rate with 95 % (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927).
/// Without runs it is `[0, 1]`.
///
/// # Panics
///
/// If `k` is more than `n`.
pub fn wilson(k: u64, n: u64) -> Interval {
    assert!(k <= n, "{k} events in {n} runs");
    if n == 0 {
        return Interval {
            low: 0.0,
            high: 1.0,
        };
    }
    let (n_runs, rate) = (n as f64, k as f64 / n as f64);
    let shrink = 1.0 + Z * Z / n_runs;
    let centre = (rate + Z * Z / (2.0 * n_runs)) / shrink;
    let spread = rate * (1.0 - rate) / n_runs + Z * Z / (4.0 * n_runs * n_runs);
    let half = Z * sqrt(spread) / shrink;
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
