//! Confirmation: the winner against the current policy, where the search has not looked.

use std::sync::atomic::AtomicBool;

use sim_core::policy::Policy;

use super::arena::{Arena, Part, Work};
use super::bounds::Mean;
use super::constraint::Constraint;
use super::metric::Metric;
use super::record::{Estimate, Record};
use crate::study::objective::{Bound, Status, judge};

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
    /// For each constraint, what may be said of the winner; a number of rollouts that was fixed before.
    pub kept: Vec<Status>,
}

/// Plays both policies in `parts`, on replications from `first` on; nothing when stopped.
pub fn confirm(
    policies: [&Policy; 2],
    parts: &[Part],
    question: (&[Constraint], Metric),
    luck: (u64, u64, u64),
    watch: (&AtomicBool, &(dyn Fn(u64) + Sync)),
) -> Option<Confirmation> {
    let (constraints, minimize) = question;
    let (seed, first, runs) = luck;
    let arena = Arena::new(
        policies.map(Clone::clone).to_vec(),
        parts.to_vec(),
        seed,
        first,
    );
    let record = play_all(&arena, runs, watch)?;
    let estimates = |metric: Metric| [0, 1].map(|policy| record.estimate(policy, metric, runs));
    Some(Confirmation {
        scenarios: parts.len(),
        runs,
        figures: Metric::ALL
            .into_iter()
            .map(|metric| (metric, estimates(metric)))
            .collect(),
        difference: record.difference(1, 0, minimize, false).map(interval),
        kept: constraints
            .iter()
            .map(|constraint| status(&record, constraint, runs))
            .collect(),
    })
}

/// Plays every candidate of an arena so often in every scenario.
pub(super) fn play_all(
    arena: &Arena,
    runs: u64,
    (stop, done): (&AtomicBool, &(dyn Fn(u64) + Sync)),
) -> Option<Record> {
    let candidates: Vec<usize> = (0..arena.policies.len()).collect();
    let work = |part| Work {
        part,
        candidates: candidates.clone(),
        replications: (0, runs),
    };
    let works: Vec<Work> = (0..arena.parts.len()).map(work).collect();
    let mut record = Record::new(arena.releases(), candidates.len());
    arena
        .play(&works, stop, done)?
        .into_iter()
        .for_each(|played| record.add(played));
    Some(record)
}

/// A mean with its 95 % interval.
pub(super) fn interval(mean: Mean) -> Estimate {
    let (low, high) = mean.interval(0.025);
    Estimate {
        value: mean.value,
        low,
        high,
    }
}

/// What may be said of the second candidate and a constraint.
fn status(record: &Record, constraint: &Constraint, runs: u64) -> Status {
    match constraint.bad_share() {
        Some(limit) => {
            let (bad, all) =
                record.count(1, constraint.metric, runs, |value| constraint.is_bad(value));
            if all == 0 {
                Status::Ok
            } else {
                judge(bad, all, Bound::AtMost, limit).status
            }
        }
        None => match record.mean(1, constraint.metric, runs).map(interval) {
            Some(mean) if mean.low > constraint.limit => Status::Miss,
            Some(mean) if mean.high > constraint.limit => Status::Undecided,
            _ => Status::Ok,
        },
    }
}
