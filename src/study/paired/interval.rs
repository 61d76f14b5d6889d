//! Intervals of the difference between two sides of the same pairs.

use libm::sqrt;

use super::sums::PairSums;
use crate::study::interval::{Interval, skewed, wilson};
use sim_core::policy::gate::test::{beta_quantile, incomplete_beta};

/// Returns the 95 % interval of the difference of two rates that were seen on the same runs: the
/// hybrid score interval, which sets the intervals of both rates square to square and lets their
/// correlation count (R. G. Newcombe, Stat. Med. 17, 1998, 2635, method 10).
///
/// The ends lie in [-1, 1]. Without pairs it is [-1, 1].
pub fn newcombe(sums: &PairSums) -> Interval {
    if sums.pairs == 0 {
        return Interval {
            low: -1.0,
            high: 1.0,
        };
    }
    let n = sums.pairs as f64;
    let (first, second) = (sums.first as u64, sums.second as u64);
    let rates = [second as f64 / n, first as f64 / n];
    let [of_second, of_first] = [second, first].map(|events| wilson(events, sums.pairs));
    let correlation = correlation(sums);
    let reach = |up: f64, down: f64| {
        let square = up * up - 2.0 * correlation * up * down + down * down;
        sqrt(square.max(0.0))
    };
    let difference = rates[0] - rates[1];
    let below = reach(rates[0] - of_second.low, of_first.high - rates[1]);
    let above = reach(of_second.high - rates[0], rates[1] - of_first.low);
    Interval {
        low: difference - below,
        high: difference + above,
    }
}

/// The correlation of both sides, with the continuity correction of the same paper.
fn correlation(sums: &PairSums) -> f64 {
    let n = sums.pairs as f64;
    let (first, second) = (sums.first as f64, sums.second as f64);
    let (only_second, only_first) = (sums.more as f64, sums.less as f64);
    let both = first - only_first;
    let neither = n - both - only_first - only_second;
    let margins = first * (n - first) * second * (n - second);
    if margins == 0.0 {
        return 0.0;
    }
    let determinant = both * neither - only_first * only_second;
    let corrected = if determinant > 0.0 {
        (determinant - n / 2.0).max(0.0)
    } else {
        determinant
    };
    corrected / sqrt(margins)
}

/// A mean difference with what chance makes of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The mean of the differences, in counts.
    pub mean: f64,
    /// The standard error of the mean.
    pub error: f64,
    /// The pairs less one for each case that has any.
    pub freedom: u64,
    /// The skewness of the mean.
    pub skewness: f64,
}

impl Spread {
    /// Returns the mean difference over several cases, each a stratum of its own: what differs
    /// between cases is no chance. Nothing where no case has two pairs.
    pub fn of(cases: &[&PairSums]) -> Option<Self> {
        let pairs: u64 = cases.iter().map(|sums| sums.pairs).sum();
        let total: i128 = cases.iter().map(|sums| sums.difference()).sum();
        let used = cases.iter().filter(|sums| sums.pairs > 1);
        let freedom: u64 = used.clone().map(|sums| sums.pairs - 1).sum();
        let within: f64 = used
            .map(|sums| {
                let n = sums.pairs as f64;
                n / (n - 1.0) * squares_about_mean(sums)
            })
            .sum();
        let n = pairs as f64;
        let third: f64 = cases.iter().map(|sums| cubes_about_mean(sums)).sum();
        let skewness = third / (within * sqrt(within));
        (freedom > 0).then(|| Self {
            mean: total as f64 / n,
            error: sqrt(within) / n,
            freedom,
            skewness: if skewness.is_finite() { skewness } else { 0.0 },
        })
    }

    /// Returns the 95 % interval ([`skewed`]); none where the pairs of a case all differ alike, which says
    /// nothing about those that were not seen.
    pub fn interval(&self) -> Option<Interval> {
        let t = student(self.freedom);
        let (low, high) = skewed(self.mean, self.error, self.skewness, t);
        (self.error > 0.0).then_some(Interval { low, high })
    }

    /// Returns the two-sided p-value of a true mean of 0.
    pub fn p_value(&self) -> f64 {
        if self.error == 0.0 {
            return if self.mean == 0.0 { 1.0 } else { 0.0 };
        }
        let (t, freedom) = (self.mean / self.error, self.freedom as f64);
        incomplete_beta(freedom / 2.0, 0.5, freedom / (freedom + t * t))
    }
}

/// The squares of the differences about their mean, free of rounding until the last division.
fn squares_about_mean(sums: &PairSums) -> f64 {
    let (n, sum) = (sums.pairs as f64, sums.difference() as f64);
    let numerator = sums
        .squares
        .checked_mul(u128::from(sums.pairs))
        .zip(sums.difference().unsigned_abs().checked_pow(2));
    match numerator {
        Some((more, less)) => (more - less) as f64 / n,
        None => (sums.squares as f64 - sum * sum / n).max(0.0),
    }
}

/// The cubes of the differences about their mean; nothing where rounding would leave nothing of it, because
/// the mean is large against what is about it, or the sums have reached their largest number.
fn cubes_about_mean(sums: &PairSums) -> f64 {
    let n = sums.pairs as f64;
    let mean = sums.difference() as f64 / n;
    let squares = squares_about_mean(sums);
    let lost = mean * mean > 1e8 * squares / n || sums.cubes.contains(&u128::MAX);
    if lost || sums.pairs == 0 {
        return 0.0;
    }
    let [more, less] = sums.cubes.map(|cubes| cubes as f64);
    more - less - 3.0 * mean * sums.squares as f64 + 2.0 * n * mean * mean * mean
}

/// Returns the 97.5 % quantile of Student's t with so many degrees of freedom:
/// P(T^2 > t^2) = I_x(v/2, 1/2) at x = v / (v + t^2).
///
/// # Panics
/// Without degrees of freedom.
pub fn student(freedom: u64) -> f64 {
    assert!(freedom > 0, "there is no t without degrees of freedom");
    let freedom = freedom as f64;
    let x = beta_quantile(freedom / 2.0, 0.5, 0.05);
    sqrt(freedom * (1.0 - x) / x)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(both: i128, only_first: u64, only_second: u64, neither: u64) -> PairSums {
        PairSums {
            pairs: both as u64 + only_first + only_second + neither,
            first: both + i128::from(only_first),
            second: both + i128::from(only_second),
            more: only_second,
            less: only_first,
            ..PairSums::default()
        }
    }

    /// Source: the worked tables of Newcombe 1998, recomputed with an independent Python program;
    /// the sign is that of second minus first.
    #[test]
    fn the_paired_score_interval_agrees_with_an_independent_program() {
        for (cells, expect) in NEWCOMBE {
            let got = newcombe(&table(cells.0, cells.1, cells.2, cells.3));
            let error = (got.low - expect[0])
                .abs()
                .max((got.high - expect[1]).abs());
            assert!(error < 1e-9, "{cells:?}: {got:?} against {expect:?}");
        }
    }

    /// Expected values: SciPy 1.17.1, `scipy.stats.t.ppf(0.975, v)`.
    #[test]
    fn the_quantiles_of_student_agree_with_scipy() {
        for (freedom, expect) in STUDENT {
            assert!((student(freedom) / expect - 1.0).abs() < 1e-8, "{freedom}");
        }
    }

    /// Differences 1, 2, 3, 4 and their p-value: SciPy 1.17.1, `ttest_1samp`.
    #[test]
    fn a_paired_t_test_agrees_with_scipy() {
        let mut sums = PairSums::default();
        (1..=4).for_each(|by| sums.add(0, by as u64, [Some(10), Some(10 + by)]));
        let spread = Spread::of(&[&sums]).expect("four pairs");
        assert!((spread.p_value() / T_TEST.0 - 1.0).abs() < 1e-8);
        assert!(spread.skewness.abs() < 1e-9, "1, 2, 3, 4 lie evenly");
        let interval = spread.interval().expect("they differ");
        assert!((interval.low - T_TEST.1).abs() < 1e-8);
        assert!((interval.high - T_TEST.2).abs() < 1e-8);
    }

    #[test]
    fn what_differs_between_cases_is_no_chance() {
        let mut calm = [PairSums::default(), PairSums::default()];
        for replication in 0..9 {
            calm[0].add(0, replication, [Some(0), Some(100)]);
            calm[1].add(1, replication, [Some(0), Some(300)]);
        }
        let spread = Spread::of(&[&calm[0], &calm[1]]).expect("eighteen pairs");
        assert_eq!((spread.mean, spread.error), (200.0, 0.0));
        assert_eq!(
            spread.interval(),
            None,
            "nothing is known of pairs not seen"
        );
    }

    /// Both, only the first, only the second, neither.
    type Cells = (i128, u64, u64, u64);

    const NEWCOMBE: [(Cells, [f64; 2]); 7] = [
        (
            (36, 12, 2, 0),
            [-0.340_427_602_974_940_7, -0.056_929_584_003_238_69],
        ),
        (
            (43, 0, 7, 0),
            [0.039_702_667_834_774_746, 0.261_861_937_105_855_37],
        ),
        (
            (6, 2, 16, 26),
            [0.121_414_046_784_714_76, 0.421_623_529_310_687_03],
        ),
        (
            (0, 0, 0, 50),
            [-0.071_347_599_133_358_72, 0.071_347_599_133_358_72],
        ),
        (
            (50, 0, 0, 0),
            [-0.071_347_599_133_358_64, 0.071_347_599_133_358_64],
        ),
        (
            (25, 0, 0, 25),
            [-0.037_775_017_970_441_51, 0.037_775_017_970_441_51],
        ),
        (
            (10, 30, 3, 157),
            [-0.192_258_090_826_687_63, -0.081_951_181_567_129_74],
        ),
    ];
    const STUDENT: [(u64, f64); 5] = [
        (1, 12.706_204_736_174_694),
        (4, 2.776_445_105_197_793_4),
        (30, 2.042_272_456_301_237_8),
        (199, 1.971_956_544_251_753_3),
        (100_000, 1.959_987_707_534_609_5),
    ];
    const T_TEST: (f64, f64, f64) = (
        0.030_466_291_662_170_977,
        0.445_739_743_239_479_4,
        4.554_260_256_760_521,
    );
}
