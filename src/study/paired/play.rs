//! Plays both sides of every pair on all cores.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};
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
use crate::study::shards::{Round, RoundPlayer, Share, play_in_waves};

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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
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

/// The replications of a block, which one thread plays, where there are not very many.
const BLOCK: u64 = 32;
/// There are never more blocks of a scenario, so that what is kept does not grow with the pairs behind it.
const BLOCKS_MAX: u64 = 1 << 16;
impl Comparison {
    /// Returns how many rollouts there are in all, both sides counted.
    pub const fn total(&self) -> u64 {
        self.pairs.len() as u64 * self.runs * 2
    }

    /// Plays on so many threads (0 means one a core) and returns a score for each scenario; nothing where `player`
    /// plays only a part.
    ///
    /// `done` is told how many more rollouts are finished. Once `stop` is set, no further block is
    /// begun.
    ///
    /// # Errors
    /// When the threads cannot be started.
    pub fn play(
        &self,
        player: &RoundPlayer,
        threads: usize,
        stop: &AtomicBool,
        done: &(dyn Fn(u64) + Sync),
    ) -> Result<Option<Vec<Score>>, rayon::ThreadPoolBuildError> {
        let comparison = self;
        let pairs = Pairs {
            comparison,
            stop,
            done,
        };
        let played = on_threads(threads, || player.round(&pairs))?;
        Ok(played.map(|share| share.sum))
    }

    /// How many replications a block has.
    const fn block_size(&self) -> u64 {
        let mut block = BLOCK;
        while self.runs.div_ceil(block) > BLOCKS_MAX {
            block *= 2;
        }
        block
    }

    fn block(&self, pair: usize, block: u64) -> Score {
        let first = block * self.block_size();
        let end = self.runs.min(first + self.block_size());
        let mut score = Score::default();
        let mut hash = RunningHash::new();
        for replication in first..end {
            let root = self.seed;
            let seed = Seed { root, replication };
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

/// The pairs of a comparison as blocks, scenario by scenario.
struct Pairs<'s> {
    comparison: &'s Comparison,
    stop: &'s AtomicBool,
    done: &'s (dyn Fn(u64) + Sync),
}

impl Pairs<'_> {
    const fn blocks(&self) -> u64 {
        self.comparison.runs.div_ceil(self.comparison.block_size())
    }

    fn piece(&self, unit: u64) -> Option<(usize, Score)> {
        if self.stop.load(Ordering::Relaxed) {
            return None;
        }
        let (pair, block) = ((unit / self.blocks()) as usize, unit % self.blocks());
        let score = self.comparison.block(pair, block);
        (self.done)(score.runs * 2);
        Some((pair, score))
    }
}

impl Round for Pairs<'_> {
    type Sum = Vec<Score>;

    fn units(&self) -> u64 {
        self.comparison.pairs.len() as u64 * self.blocks()
    }

    fn play(&self, units: Range<u64>) -> Share<Vec<Score>> {
        let sum = vec![Score::default(); self.comparison.pairs.len()];
        play_in_waves(units, sum, |unit| self.piece(unit), Score::merge)
    }

    fn join(&self, sum: &mut Vec<Score>, next: Vec<Score>) {
        let pairs = sum.iter_mut().zip(&next);
        pairs.for_each(|(sum, next)| sum.merge(next));
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
