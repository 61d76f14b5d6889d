//! Times, exposure and harm over many rollouts, as reports tell them.

use libm::{log, sqrt};
use reports::{
    Distribution, DistributionPoint, LimitFigures, QuantileIntervals, Quantities, Quantity,
};
use sim_core::policy::gate::test::incomplete_beta;

use super::case::Case;
use super::histogram::Histogram;
use super::tally::Tally;

/// So many points of a distribution are kept: more than a drawing can show.
const POINTS: u64 = 48;
/// What each tail of a 95 % interval keeps.
const TAIL: f64 = 0.025;

/// Returns what the rollouts took, reached and did.
pub fn quantities(tally: &Tally) -> Quantities {
    Quantities {
        detection_s: time(&tally.detection_ms),
        rollback_s: time(&tally.rollback_ms),
        reached_max_percent: quantity(&tally.reached_ppm, 1e4),
        exposed_requests: quantity(&tally.exposed_requests, 1.0),
        exposed_error_minutes: quantity(&tally.error_millimin, 1e3),
    }
}

/// Returns what the policy of `case` allows itself.
pub fn limits(case: &Case, tally: &Tally) -> LimitFigures {
    let policy = &case.experiment().policy;
    let deadline = policy.rollback.deadline;
    let p99 = tally.rollback_ms.quantile(99);
    let slack = deadline.zip(p99).map(|(deadline, took)| {
        let left = i128::from(deadline.as_nanos()) - i128::from(took) * 1_000_000;
        left as f64 / 1e9
    });
    LimitFigures {
        rollback_s: deadline.map(sim_core::engine::SimDuration::as_secs_f64),
        rollback_slack_p99_s: slack,
        reached_max_percent: policy
            .blast_radius
            .map(|blast| f64::from(blast.max.ppm()) / 1e4),
    }
}

/// The histogram's figures; one unit of the quantity is `scale` counts.
fn quantity(histogram: &Histogram, scale: f64) -> Quantity {
    let quantile = |percent| {
        histogram
            .quantile(percent)
            .map(|value| value as f64 / scale)
    };
    Quantity {
        count: histogram.count(),
        never: histogram.never(),
        mean: histogram.mean().map(|mean| mean / scale),
        p50: quantile(50),
        p95: quantile(95),
        p99: quantile(99),
        max: histogram.max().map(|value| value as f64 / scale),
        intervals: None,
        distribution: None,
    }
}

/// A time in milliseconds, with intervals and its distribution.
fn time(histogram: &Histogram) -> Quantity {
    let many = histogram.count() + histogram.never();
    let interval = |percent: u64| {
        let ends = ranks(many, percent as f64 / 100.0);
        ends.map(|rank| Some(histogram.ranked(rank)? as f64 / 1e3))
    };
    let point = |(value, count): &(u64, u64)| DistributionPoint {
        value: *value as f64 / 1e3,
        count: *count,
    };
    Quantity {
        intervals: (many > 0).then(|| QuantileIntervals {
            p50: interval(50),
            p95: interval(95),
            p99: interval(99),
        }),
        distribution: (histogram.count() > 0).then(|| Distribution {
            band: sqrt(log(2.0 / (2.0 * TAIL)) / (2.0 * many as f64)),
            points: histogram.steps(POINTS).iter().map(point).collect(),
        }),
        ..quantity(histogram, 1e3)
    }
}

/// The ranks between which the quantile `p` of `n` draws lies with at least 95 % confidence, from 1 to
/// `n` (H. A. David, H. N. Nagaraja, Order Statistics, 3rd edition, section 7.1). With few draws the
/// ranks are the first and the last, and the confidence is what it is.
fn ranks(n: u64, p: f64) -> [u64; 2] {
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
    let low = first(&|k| at_most(k) > TAIL).max(1);
    let high = first(&|k| at_most(k) >= 1.0 - TAIL) + 1;
    [low, high.min(n)]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Conover, Practical Nonparametric Statistics, 3rd edition, section 3.2, and the binomial
    /// distribution of SciPy 1.17.1 (`binom.ppf(0.025, n, p)` and `binom.ppf(0.975, n, p) + 1`).
    #[test]
    fn the_ranks_around_a_quantile_are_those_of_the_binomial_distribution() {
        let table = [
            (10, 0.5, [2, 9]),
            (100, 0.5, [40, 61]),
            (400, 0.95, [371, 389]),
            (1000, 0.99, [983, 997]),
            (5, 0.99, [4, 5]),
            (1, 0.5, [1, 1]),
        ];
        for (n, p, expect) in table {
            assert_eq!(ranks(n, p), expect, "n {n}, p {p}");
        }
    }

    #[test]
    fn the_band_is_that_of_massart() {
        let mut histogram = Histogram::default();
        (1..=200).for_each(|value| histogram.add(Some(value)));
        let found = time(&histogram).distribution.expect("there are values");
        // sqrt(ln(40) / 400)
        assert!((found.band - 0.096_032).abs() < 1e-6, "{}", found.band);
    }
}
