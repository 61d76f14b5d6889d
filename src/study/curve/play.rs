//! Plays every strength on all cores.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;
use sim_core::Seed;

use super::bracket::Bracket;
use super::strength::Strength;
use crate::study::Case;
use crate::study::replicate::on_threads;

/// What is to be played: one case for each strength, all under one root seed.
#[derive(Clone, Debug)]
pub struct Curve {
    /// The factors on the effects of the release, from the weakest to the strongest, each with its
    /// case.
    pub strengths: Vec<(f64, Case)>,
    /// The root seed.
    pub seed: u64,
    /// How many rollouts of each strength are played.
    pub runs: u64,
}

/// The replications of a block, which one thread plays.
const BLOCK: u64 = 32;
/// Each round halves a cell beside every end: after so many a cell of the grid is a millionth of what it
/// was, however steep the curve is.
const ROUNDS_MAX: usize = 20;

impl Curve {
    /// Returns how many rollouts there are in all.
    pub const fn total(&self) -> u64 {
        self.strengths.len() as u64 * self.runs
    }

    /// Plays on so many threads (0 means one a core) and returns what each strength came to; none for those
    /// of which `stop` left something out. `done` is told how many more rollouts are finished.
    ///
    /// # Errors
    /// When the threads cannot be started.
    pub fn play(
        &self,
        threads: usize,
        stop: &AtomicBool,
        done: &(dyn Fn(u64) + Sync),
    ) -> Result<Vec<Option<Strength>>, rayon::ThreadPoolBuildError> {
        let cases: Vec<&Case> = self.strengths.iter().map(|(_, case)| case).collect();
        on_threads(threads, || self.cases(&cases, stop, done))
    }

    /// Plays more effects around those at which the probability crosses `powers`, until the interval of
    /// each crossing rests on effects that were simulated ([`Bracket`]), and puts them among the others.
    /// Returns whether that was done; when `stop` is set before, the effects of the rounds until then are there,
    /// with those of the last round that were played to their end, and the intervals are as wide as these
    /// leave them.
    ///
    /// # Errors
    /// When the threads cannot be started.
    pub fn refine(
        &mut self,
        strengths: &mut Vec<Strength>,
        powers: &[f64],
        case: &dyn Fn(f64) -> Case,
        threads: usize,
        (stop, done): (&AtomicBool, &(dyn Fn(u64) + Sync)),
    ) -> Result<bool, rayon::ThreadPoolBuildError> {
        for _ in 0..ROUNDS_MAX {
            let effects: Vec<f64> = self.strengths.iter().map(|(effect, _)| *effect).collect();
            let next = powers
                .iter()
                .flat_map(|&power| Bracket::of(strengths, power).next(&effects));
            let mut next: Vec<f64> = next.collect();
            next.sort_by(f64::total_cmp);
            next.dedup();
            let cases: Vec<Case> = next.iter().map(|&effect| case(effect)).collect();
            let all: Vec<&Case> = cases.iter().collect();
            let played = on_threads(threads, || self.cases(&all, stop, done))?;
            if played.is_empty() {
                break;
            }
            let whole = played.iter().all(Option::is_some);
            for ((effect, case), strength) in next.into_iter().zip(cases).zip(played) {
                let Some(strength) = strength else {
                    continue;
                };
                let place = self.strengths.partition_point(|(known, _)| *known < effect);
                self.strengths.insert(place, (effect, case));
                strengths.insert(place, strength);
            }
            if !whole {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Plays every case so often; none for those of which `stop` left something out.
    fn cases(
        &self,
        cases: &[&Case],
        stop: &AtomicBool,
        done: &(dyn Fn(u64) + Sync),
    ) -> Vec<Option<Strength>> {
        let blocks = self.runs.div_ceil(BLOCK);
        let work: Vec<_> = (0..cases.len())
            .flat_map(|strength| (0..blocks).map(move |block| (strength, block)))
            .collect();
        let play = |&(strength, block): &(usize, u64)| {
            (!stop.load(Ordering::Relaxed)).then(|| {
                let played = self.block(cases[strength], block);
                done(played.acted.len() as u64);
                (strength, played)
            })
        };
        // Case by case, so that what is interrupted has finished some.
        let whole = |blocks: &[(usize, u64)]| {
            let played: Option<Vec<_>> = blocks.par_iter().map(play).collect();
            let mut whole = Strength::default();
            played?.iter().for_each(|(_, block)| whole.append(block));
            Some(whole)
        };
        work.chunks(blocks.max(1) as usize).map(whole).collect()
    }

    /// Returns what was played to its end: the curve of those strengths, and what each came to.
    pub fn finished(self, played: Vec<Option<Strength>>) -> (Self, Vec<Strength>) {
        let pairs = self.strengths.into_iter().zip(played);
        let finished = pairs.filter_map(|(strength, played)| Some((strength, played?)));
        let (strengths, played) = finished.unzip();
        (Self { strengths, ..self }, played)
    }

    fn block(&self, case: &Case, block: u64) -> Strength {
        let first = block * BLOCK;
        let end = self.runs.min(first + BLOCK);
        let mut strength = Strength::default();
        for replication in first..end {
            let root = self.seed;
            strength.add(case, &case.plan.play(Seed { root, replication }).figures());
        }
        strength
    }
}
