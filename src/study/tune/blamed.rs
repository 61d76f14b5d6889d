//! What led to what went wrong under a candidate: some of its rollouts again, with their histories.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::evaluator::Evaluator;
use super::metric::Metric;
use super::samples::Record;
use crate::study::causes::Causes;
use crate::study::rate::Rate;
use crate::study::told::culprit;

/// So many rollouts of each kind are looked at, those of all scenarios together: they are played one by one, so
/// that more would cost a search a part of its time that can be felt.
const LOOKED: usize = 16;

/// What can go wrong in a search, and what it is in a study.
const KINDS: [(Metric, Rate); 5] = [
    (Metric::FalseRollback, Rate::FalseRollback),
    (Metric::StalledRelease, Rate::StalledRelease),
    (Metric::MissedRegression, Rate::MissedRegression),
    (Metric::EndedBeforeRegression, Rate::EndedBeforeRegression),
    (Metric::StoppedByChance, Rate::StoppedByChance),
];

/// What went wrong under a candidate in the search, and what led to it.
#[derive(Clone, Debug)]
pub struct BlamedCandidate {
    /// The candidate.
    pub candidate: usize,
    /// In how many rollouts each thing went wrong, by its word.
    pub wrong: BTreeMap<&'static str, u64>,
    /// What led to it in those that were looked at: the first of each scenario.
    pub causes: Causes,
}

impl BlamedCandidate {
    /// Looks at rollouts of a candidate again, on the threads of the current pool.
    pub fn of(evaluator: &Evaluator, record: &Record, candidate: usize) -> Self {
        let (mut wrong, mut again) = (BTreeMap::new(), Vec::new());
        for (metric, rate) in KINDS {
            let parts: Vec<usize> = record.scope(metric.scope()).collect();
            let each = LOOKED.div_ceil(parts.len().max(1));
            for part in parts {
                let all: Vec<u64> = record.happened((candidate, part), metric).collect();
                if !all.is_empty() {
                    *wrong.entry(rate.word()).or_default() += all.len() as u64;
                }
                again.extend(all.into_iter().take(each).map(|run| (rate, part, run)));
            }
        }
        let look = |&(rate, part, replication): &(Rate, usize, u64)| {
            let (experiment, run) = evaluator.again(part, candidate, replication);
            Some((rate, replication, culprit(rate, &experiment, &run)?))
        };
        let found: Vec<_> = again.par_iter().filter_map(look).collect();
        let mut causes = Causes::default();
        for (rate, replication, culprit) in found {
            causes.add(rate.word(), replication, &culprit);
        }
        Self {
            candidate,
            wrong,
            causes,
        }
    }
}
