//! Held-out validation: a candidate against the current policy, on rollouts that the search has not seen.

use sim_core::Steering;

use super::bounds::Mean;
use super::constraint::Constraint;
use super::evaluator::{Evaluator, Work};
use super::metric::Metric;
use super::part::Part;
use super::samples::{Estimate, Record};
use crate::study::objective::{Bound, Status, judge};
use crate::study::shards::Hands;

/// One set of rollouts of the current policy and of the winner.
#[derive(Clone, Debug)]
pub struct Confirmation {
    /// How many scenarios there are.
    pub scenarios: usize,
    /// How many replications of each.
    pub runs: u64,
    /// For each metric, the current policy's figure and the winner's.
    pub figures: Vec<(Metric, [Option<Estimate>; 2])>,
    /// The winner's less the current one's, of the metric that is minimised, with its 95 % interval.
    pub difference: Option<Estimate>,
    /// Which of the two is better in the metric that is minimised, by what was shown.
    pub shown: Shown,
    /// The same for each objective of the front.
    pub others: Vec<Shown>,
    /// For each constraint, what may be said of the winner; a number of rollouts that was fixed before.
    pub kept: Vec<Status>,
    /// The same of the current policy.
    pub current_kept: Vec<Status>,
}

/// What rollouts show of a difference, at 95 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The winner is better.
    Better,
    /// The current policy is.
    Worse,
    /// Neither was shown to be.
    Nothing,
}

/// What is asked of a search and of its validation.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// What must be kept.
    pub constraints: &'a [Constraint],
    /// What should be least.
    pub minimize: Metric,
    /// What the front is drawn in.
    pub objectives: &'a [Metric],
}

impl Confirmation {
    /// Says whether the winner was shown to be better: in what is minimised, or, with no difference shown
    /// there, in another objective and worse in none.
    pub fn better(&self) -> bool {
        let others = || self.others.iter();
        let in_another = others().any(|shown| *shown == Shown::Better);
        let in_none_worse = others().all(|shown| *shown != Shown::Worse);
        match self.shown {
            Shown::Better => true,
            Shown::Worse => false,
            Shown::Nothing => in_another && in_none_worse,
        }
    }
}

/// Plays both policies in `parts`, on replications from `first` on; nothing when stopped.
pub fn confirm(
    policies: [&Steering; 2],
    parts: &[Part],
    asked: Asked<'_>,
    luck: (u64, u64, u64),
    hands: Hands<'_>,
) -> Option<Confirmation> {
    let (seed, first, runs) = luck;
    let policies = policies.map(Clone::clone).to_vec();
    let evaluator = Evaluator::new(policies, parts.to_vec(), seed, first);
    let record = play_all(&evaluator, runs, hands)?;
    let estimates = |metric: Metric| [0, 1].map(|policy| record.estimate(policy, metric, runs));
    let kept = |policy| {
        let each = asked.constraints.iter();
        each.map(|constraint| status(&record, policy, constraint, runs))
            .collect()
    };
    let figures = Metric::ALL.into_iter();
    let others = asked.objectives.iter();
    Some(Confirmation {
        scenarios: parts.len(),
        runs,
        figures: figures.map(|it| (it, estimates(it))).collect(),
        difference: record.difference(1, 0, asked.minimize, false).map(interval),
        shown: shown(&record, asked.minimize),
        others: others.map(|&metric| shown(&record, metric)).collect(),
        kept: kept(1),
        current_kept: kept(0),
    })
}

/// The most replications of each scenario that a validation is planned with.
const RUNS_MAX: u64 = 10_000;

/// Whether so many fresh rollouts keep a limit of bad ones where two standard errors more are bad than were seen.
fn decides_with_bad_luck((bad, all): (u64, u64), n: f64, limit: f64) -> bool {
    let rate = bad as f64 / all.max(1) as f64;
    let unlucky = n * rate + 2.0 * libm::sqrt(n * rate * (1.0 - rate));
    let unlucky = (unlucky.ceil() as u64).min(n as u64);
    judge(unlucky, n as u64, Bound::AtMost, limit).status == Status::Ok
}

/// Returns how many fresh replications of each scenario will decide the constraints if the candidate is what
/// the search has seen of it, at least `runs`: fixed before the first of them is played, so that a claim
/// about them is no peeking. Twice the standard error is left for bad luck.
pub(super) fn planned(
    record: &Record,
    candidate: usize,
    constraints: &[Constraint],
    runs: u64,
) -> u64 {
    let enough = |constraint: &Constraint| {
        let metric = constraint.metric;
        let parts = record.scope(metric.scope()).count().max(1) as f64;
        let seen = record.runs_in(candidate, metric.scope());
        let decides = |runs: u64| match constraint.bad_share() {
            Some(limit) => {
                let is_bad = |value| constraint.is_bad(value);
                let bad = record.count(candidate, metric, seen, is_bad);
                decides_with_bad_luck(bad, runs as f64 * parts, limit)
            }
            None => record.mean(candidate, metric, seen).is_none_or(|mean| {
                let error = mean.error * libm::sqrt(seen as f64 / runs as f64);
                mean.value + 4.0 * error <= constraint.limit
            }),
        };
        let mut enough = runs;
        while enough < RUNS_MAX && !decides(enough) {
            enough = (enough + enough / 2).clamp(enough + 1, RUNS_MAX);
        }
        enough
    };
    constraints.iter().map(enough).max().unwrap_or(runs)
}

/// Plays every candidate of an evaluator so often in every scenario.
pub(super) fn play_all(evaluator: &Evaluator, runs: u64, hands: Hands<'_>) -> Option<Record> {
    let candidates: Vec<usize> = (0..evaluator.policies.len()).collect();
    let work = |part| Work {
        part,
        candidates: candidates.clone(),
        replications: (0, runs),
    };
    let works: Vec<Work> = (0..evaluator.parts.len()).map(work).collect();
    let mut record = Record::new(evaluator.releases(), candidates.len());
    evaluator
        .play(&works, hands)?
        .into_iter()
        .for_each(|played| record.add(played));
    Some(record)
}

/// A mean with its 95 % interval.
pub(super) fn interval(mean: Mean) -> Estimate {
    let (low, high) = mean.printed();
    Estimate {
        value: mean.value,
        low,
        high,
        among: None,
    }
}

/// Fewer replications than this that all differ alike show nothing: 2 x 2^-5 is more than 5 %.
const ALIKE_MIN: u64 = 6;

/// Which of the two is better, by Student's t on the differences within replications; where all of them are
/// the same difference, by their number.
fn shown(record: &Record, metric: Metric) -> Shown {
    let Some(mean) = record.difference(1, 0, metric, false) else {
        return Shown::Nothing;
    };
    let (low, high) = mean.interval(0.025);
    if mean.freedom + 1 < ALIKE_MIN || low <= 0.0 && high >= 0.0 {
        Shown::Nothing
    } else if (mean.value < 0.0) != metric.is_wanted() {
        Shown::Better
    } else {
        Shown::Worse
    }
}

/// What may be said of a candidate and a constraint.
fn status(record: &Record, policy: usize, constraint: &Constraint, runs: u64) -> Status {
    match constraint.bad_share() {
        Some(limit) => {
            let (bad, all) = record.count(policy, constraint.metric, runs, |value| {
                constraint.is_bad(value)
            });
            if all == 0 && constraint.metric.is_wanted() {
                Status::Ok
            } else {
                judge(bad, all, Bound::AtMost, limit).status
            }
        }
        None => match record.mean(policy, constraint.metric, runs).map(interval) {
            Some(mean) if mean.low > constraint.limit => Status::Miss,
            Some(mean) if mean.high <= constraint.limit => Status::Ok,
            _ => Status::Undecided,
        },
    }
}
