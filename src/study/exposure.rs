//! How the exposure developed over many rollouts: whole numbers that merge in any order.

use std::collections::BTreeMap;

use reports::{ExposureBands, ExposurePoint};
use serde::{Deserialize, Serialize};
use sim_core::engine::SimDuration;

/// So many steps there are in the time that is simulated at most.
const STEPS: u64 = 192;
/// So many points are kept for a drawing.
const POINTS: usize = 48;

/// The largest share in each step of one rollout, in parts per million: each holds until the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExposureCurve(Vec<(u64, u64)>);

impl ExposureCurve {
    /// Makes the course of a rollout from the instants at which the exposure changed, in nanoseconds,
    /// and what it became; nothing is exposed before the first. The last instant counted is `horizon`.
    pub fn of(horizon: u64, changes: impl IntoIterator<Item = (u64, u64)>) -> Self {
        let step =
            |at: u64| (u128::from(at) * u128::from(STEPS) / u128::from(horizon.max(1))) as u64;
        let mut course: Vec<(u64, u64)> = Vec::new();
        let mut now = 0;
        for (at, share) in changes {
            let at = step(at).min(STEPS - 1);
            settle(&mut course, at, now);
            match course.last_mut() {
                Some((last, most)) if *last == at => *most = share.max(*most),
                _ => course.push((at, share.max(now))),
            }
            now = share;
        }
        settle(&mut course, STEPS, now);
        let mut last = 0;
        course.retain(|(_, share)| std::mem::replace(&mut last, *share) != *share);
        Self(course)
    }
}

/// What a step began with is no longer its largest once the next begins.
fn settle(course: &mut Vec<(u64, u64)>, at: u64, now: u64) {
    if let Some((last, most)) = course.last().copied()
        && last < at
        && most != now
        && last + 1 < STEPS
    {
        course.push((last + 1, now));
    }
}

/// The sum of many courses: for each step by how much the number of rollouts with each share changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ExposureCurves {
    runs: u64,
    changes: BTreeMap<u64, BTreeMap<u64, i64>>,
}

impl ExposureCurves {
    /// Adds one rollout.
    pub fn add(&mut self, course: &ExposureCurve) {
        self.runs += 1;
        let mut before = 0;
        for &(step, share) in &course.0 {
            self.change(step, before, -1);
            self.change(step, share, 1);
            before = share;
        }
    }

    /// Adds everything that another sum has counted.
    pub fn merge(&mut self, other: &Self) {
        self.runs += other.runs;
        for (&step, changes) in &other.changes {
            for (&share, &by) in changes {
                self.change(step, share, by);
            }
        }
    }

    /// A share that is left as often as it is come to is not kept, so that equal sums are equal.
    fn change(&mut self, step: u64, share: u64, by: i64) {
        let changes = self.changes.entry(step).or_default();
        let sum = changes.entry(share).or_default();
        *sum += by;
        if *sum == 0 {
            changes.remove(&share);
        }
        if changes.is_empty() {
            self.changes.remove(&step);
        }
    }

    /// Returns the number of rollouts with each share, for each step in which that changes.
    fn counts(&self) -> Vec<(u64, BTreeMap<u64, u64>)> {
        let mut now = BTreeMap::from([(0, self.runs)]);
        let mut counts = vec![(0, now.clone())];
        for (&step, changes) in &self.changes {
            for (&share, &by) in changes {
                let count = now.entry(share).or_default();
                *count = count
                    .checked_add_signed(by)
                    .expect("nobody leaves who was not there");
            }
            now.retain(|_, count| *count > 0);
            if counts.last().is_some_and(|(last, _)| *last == step) {
                counts.pop();
            }
            counts.push((step, now.clone()));
        }
        counts
    }
}

/// Returns the bands of rollouts that end at `horizon`; nothing where none was played.
pub fn bands(horizon: SimDuration, exposure: &ExposureCurves) -> Option<ExposureBands> {
    let counts = exposure.counts();
    if exposure.runs == 0 {
        return None;
    }
    let step_s = horizon.as_secs_f64() / STEPS as f64;
    let last = counts.last().map_or(0, |(step, _)| *step);
    // A tenth of the time after the last change shows where it has settled.
    let end = (last + 1 + last.div_ceil(10)).min(STEPS);
    let kept = counts.len().div_ceil(POINTS);
    Some(ExposureBands {
        step_s,
        end_s: end as f64 * step_s,
        points: counts
            .chunks(kept)
            .map(|several| point(several, step_s))
            .collect(),
    })
}

/// Of several steps the one with the largest exposure stands for all, so that no peak is lost.
fn point(several: &[(u64, BTreeMap<u64, u64>)], step_s: f64) -> ExposurePoint {
    let sum = |counts: &BTreeMap<u64, u64>| -> u128 {
        let terms = counts
            .iter()
            .map(|(share, count)| u128::from(*share) * u128::from(*count));
        terms.sum()
    };
    let (_, counts) = several
        .iter()
        .max_by_key(|(_, counts)| sum(counts))
        .expect("no chunk is empty");
    let runs: u64 = counts.values().sum();
    let quantile = |percent: u64| quantile(counts, percent);
    ExposurePoint {
        t_s: several[0].0 as f64 * step_s,
        p5: quantile(5),
        p25: quantile(25),
        p50: quantile(50),
        p75: quantile(75),
        p95: quantile(95),
        max: quantile(100),
        mean: (sum(counts) as f64 / runs as f64) / 1e4,
    }
}

/// The share in percent that so many percent of the runs do not exceed.
fn quantile(counts: &BTreeMap<u64, u64>, percent: u64) -> f64 {
    let runs: u64 = counts.values().sum();

    let rank = (runs * percent).div_ceil(100).max(1);
    let mut seen = 0;
    let share = counts.iter().find_map(|(share, count)| {
        seen += count;
        (seen >= rank).then_some(*share)
    });
    share.unwrap_or(0) as f64 / 1e4
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 192 units of time, so that a step is one unit.
    fn course(changes: &[(u64, u64)]) -> ExposureCurve {
        ExposureCurve::of(STEPS, changes.iter().copied())
    }

    #[test]
    fn a_step_shows_the_largest_share_in_it() {
        let unit =
            |changes: &[(u64, u64)]| ExposureCurve::of(STEPS * 10, changes.iter().copied()).0;
        // Up and down inside of step 3: the peak is kept, and gone in step 4.
        assert_eq!(unit(&[(31, 500), (38, 0)]), [(3, 500), (4, 0)]);
        // What began before the step counts in it.
        assert_eq!(unit(&[(5, 900), (38, 100)]), [(0, 900), (4, 100)]);
        assert_eq!(unit(&[]), []);
        // What happens at the very end belongs to the last step.
        assert_eq!(unit(&[(1920, 7)]), [(191, 7)]);
    }

    #[test]
    fn sums_are_the_same_in_any_order() {
        let all = [
            course(&[(1, 10), (5, 0)]),
            course(&[(1, 20)]),
            course(&[(5, 10)]),
        ];
        let sum = |order: [usize; 3]| {
            let mut sum = ExposureCurves::default();
            let mut rest = ExposureCurves::default();
            sum.add(&all[order[0]]);
            rest.add(&all[order[1]]);
            rest.add(&all[order[2]]);
            sum.merge(&rest);
            sum
        };
        assert_eq!(sum([0, 1, 2]), sum([2, 1, 0]));
        let counts = sum([1, 0, 2]).counts();
        let expect = [
            (0, BTreeMap::from([(0, 3)])),
            (1, BTreeMap::from([(0, 1), (10, 1), (20, 1)])),
            (5, BTreeMap::from([(10, 2), (20, 1)])),
            (6, BTreeMap::from([(0, 1), (10, 1), (20, 1)])),
        ];
        assert_eq!(counts, expect);
    }

    #[test]
    fn bands_hold_the_quantiles_of_a_step() {
        let mut sum = ExposureCurves::default();
        for run in 1..=100 {
            sum.add(&course(&[(2, run * 10_000)]));
        }
        let (_, counts) = &sum.counts()[1];
        let point = point(&[(2, counts.clone())], 60.0);
        let shares = [
            point.p5, point.p25, point.p50, point.p75, point.p95, point.max,
        ];
        assert_eq!(shares, [5.0, 25.0, 50.0, 75.0, 95.0, 100.0]);
        assert_eq!((point.t_s, point.mean), (120.0, 50.5));
    }
}
