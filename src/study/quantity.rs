//! Times, exposure and harm over many rollouts, as reports tell them.

use libm::{log, sqrt};
use reports::{
    Distribution, DistributionPoint, LimitFigures, QuantileIntervals, Quantities, Quantity,
};

use super::case::Case;
use super::histogram::Histogram;
use super::interval::ranks;
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
        users: None,
    }
}

/// Returns what the rollouts of several cases did to users, in minutes of full outage, with its distribution.
pub fn harm(tallies: &[Tally]) -> Quantity {
    let mut all = Histogram::default();
    tallies
        .iter()
        .for_each(|tally| all.merge(&tally.error_millimin));
    Quantity {
        distribution: distribution(&all, 1e3),
        ..quantity(&all, 1e3)
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
        let [low, high] = ranks(many, percent as f64 / 100.0);
        // No time is less than 0; what no rank bounds from above may never come.
        let low = low.map_or(Some(0), |rank| histogram.ranked(rank));
        let high = high.and_then(|rank| histogram.ranked_at_most(rank));
        [low, high].map(|end| Some(end? as f64 / 1e3))
    };
    Quantity {
        intervals: (many > 0).then(|| QuantileIntervals {
            p50: interval(50),
            p95: interval(95),
            p99: interval(99),
        }),
        distribution: distribution(histogram, 1e3),
        ..quantity(histogram, 1e3)
    }
}

/// How many rollouts had each value or less; one unit of the quantity is `scale` counts.
fn distribution(histogram: &Histogram, scale: f64) -> Option<Distribution> {
    let many = histogram.count() + histogram.never();
    let point = |(value, count): &(u64, u64)| DistributionPoint {
        value: *value as f64 / scale,
        count: *count,
    };
    (histogram.count() > 0).then(|| Distribution {
        band: sqrt(log(2.0 / (2.0 * TAIL)) / (2.0 * many as f64)),
        points: histogram.steps(POINTS).iter().map(point).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_band_is_that_of_massart() {
        let mut histogram = Histogram::default();
        (1..=200).for_each(|value| histogram.add(Some(value)));
        let found = time(&histogram).distribution.expect("there are values");
        // sqrt(ln(40) / 400)
        assert!((found.band - 0.096_032).abs() < 1e-6, "{}", found.band);
    }
}
