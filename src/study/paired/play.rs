//! Plays both sides of every pair on all cores.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;
use sim_core::Seed;
use sim_core::engine::RunningHash;

use super::measure::Measure;
use super::sums::PairSums;
use crate::study::case::Case;
use crate::study::causes::Causes;
use crate::study::facts::Facts;
use crate::study::judge::judge;
use crate::study::rate::Rate;
use crate::study::replicate::on_threads;

/// One scenario under both policies.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The scenario under the first policy and under the second.
    pub cases: [Case; 2],
}

/// What is to be compared: each pair so many times, all under one root seed.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The scenarios.
    pub pairs: Vec<Pair>,
    /// The root seed.
    pub seed: u64,
    /// How many replications each policy plays of each scenario.
    pub runs: u64,
}

/// What one scenario adds up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// How many pairs were played.
    pub runs: u64,
    /// The sums by measure.
    pub sums: BTreeMap<Measure, PairSums>,
    /// Who led to what went wrong, under each policy.
    pub causes: [Causes; 2],
    /// Among how many rollouts each thing could have gone wrong, under each policy.
    pub among: [BTreeMap<Rate, u64>; 2],
    /// The hash of the histories of each block, by its number.
    pub blocks: BTreeMap<u64, u64>,
}

/// The replications of a block, which one thread plays.
const BLOCK: u64 = 32;

impl Comparison {
    /// Returns how many rollouts there are in all, both sides counted.
    pub const fn total(&self) -> u64 {
        self.pairs.len() as u64 * self.runs * 2
    }

    /// Plays on so many threads (0 means one a core) and returns a score for each scenario.
    ///
    /// `done` is told how many more rollouts are finished. Once `stop` is set, no further block is
    /// begun.
    ///
    /// # Errors
    /// When the threads cannot be started.
    pub fn play(
        &self,
        threads: usize,
        stop: &AtomicBool,
        done: &(dyn Fn(u64) + Sync),
    ) -> Result<Vec<Score>, rayon::ThreadPoolBuildError> {
        let blocks = self.runs.div_ceil(BLOCK);
        let work: Vec<_> = (0..self.pairs.len())
            .flat_map(|pair| (0..blocks).map(move |block| (pair, block)))
            .collect();
        let play = |&(pair, block): &(usize, u64)| {
            (!stop.load(Ordering::Relaxed)).then(|| {
                let score = self.block(pair, block);
                done(score.runs * 2);
                (pair, score)
            })
        };
        let played: Vec<_> = on_threads(threads, || work.par_iter().map(play).collect())?;
        let mut scores = vec![Score::default(); self.pairs.len()];
        for (pair, score) in played.iter().flatten() {
            scores[*pair].merge(score);
        }
        Ok(scores)
    }

    fn block(&self, pair: usize, block: u64) -> Score {
        let first = block * BLOCK;
        let end = self.runs.min(first + BLOCK);
        let mut score = Score::default();
        let mut hash = RunningHash::new();
        for replication in first..end {
            let seed = Seed {
                root: self.seed,
                replication,
            };
            let sides = [0, 1].map(|side| {
                let case = &self.pairs[pair].cases[side];
                let run = case.plan.play(seed);
                let facts = judge(case, &run).facts;
                score.note(side, replication, &facts);
                Measure::ALL.map(|measure| {
                    let value = measure.of(case, &run, &facts);
                    (facts.hash, value)
                })
            });
            sides.iter().for_each(|side| hash.word(side[0].0));
            score.runs += 1;
            for (at, measure) in Measure::ALL.into_iter().enumerate() {
                let values = [0, 1].map(|side: usize| sides[side][at].1);
                let sums = score.sums.entry(measure).or_default();
                sums.add(pair, replication, values);
            }
        }
        score.blocks.insert(block, hash.finish());
        score
    }
}

impl Score {
    fn note(&mut self, side: usize, replication: u64, facts: &Facts) {
        for rate in facts.rates.keys() {
            *self.among[side].entry(*rate).or_default() += 1;
        }
        for (rate, culprit) in &facts.causes {
            self.causes[side].add(rate.word(), replication, culprit);
        }
    }

    /// Adds what another score has counted of who led to what.
    pub fn blame(&mut self, other: &Self) {
        for side in 0..2 {
            self.causes[side].merge(&other.causes[side]);
            for (&rate, more) in &other.among[side] {
                *self.among[side].entry(rate).or_default() += more;
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        self.blame(other);
        self.runs += other.runs;
        for (&measure, sums) in &other.sums {
            self.sums.entry(measure).or_default().merge(sums);
        }
        self.blocks.extend(&other.blocks);
    }

    /// Returns the hash of the hashes of all pairs, block by block.
    pub fn hash(&self) -> u64 {
        let mut hash = RunningHash::new();
        self.blocks.values().for_each(|&block| hash.word(block));
        hash.finish()
    }
}
