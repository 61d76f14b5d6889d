//! Plays every strength on all cores.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;
use sim_core::{Event, Outcome, Run, Seed};

use super::bracket::Bracket;
use crate::study::Case;
use crate::study::histogram::Histogram;
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

/// What the rollouts of one strength came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strength {
    /// Whether the release was acted upon, by replication.
    pub acted: Vec<bool>,
    /// Milliseconds until it was: from the first exposure to the effect, or, without an effect,
    /// from the start of the rollout.
    pub delay_ms: Histogram,
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
    /// When `stop` is set before the end, the intervals are as wide as what was played leaves them.
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
    ) -> Result<(), rayon::ThreadPoolBuildError> {
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
            let played: Option<Vec<Strength>> = played.into_iter().collect();
            let Some(played) = played.filter(|played| !played.is_empty()) else {
                break;
            };
            for ((effect, case), strength) in next.into_iter().zip(cases).zip(played) {
                let place = self.strengths.partition_point(|(known, _)| *known < effect);
                self.strengths.insert(place, (effect, case));
                strengths.insert(place, strength);
            }
        }
        Ok(())
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
            let run = case.plan.play(Seed {
                root: self.seed,
                replication,
            });
            let acted = acted(&run);
            strength.acted.push(acted);
            let delay = acted.then(|| delay_ms(&run)).flatten();
            strength.delay_ms.add(delay);
        }
        strength
    }
}

impl Strength {
    /// Adds the next block of replications.
    fn append(&mut self, next: &Self) {
        self.acted.extend(&next.acted);
        self.delay_ms.merge(&next.delay_ms);
    }

    /// Returns how many rollouts there are.
    pub const fn runs(&self) -> u64 {
        self.acted.len() as u64
    }

    /// Returns the share of the rollouts in which the release was acted upon.
    pub fn rate(&self) -> f64 {
        self.events() as f64 / self.runs() as f64
    }

    /// Returns in how many rollouts the release was acted upon.
    pub fn events(&self) -> u64 {
        self.acted.iter().filter(|acted| **acted).count() as u64
    }
}

/// Whether something was done about the release in the end: the contrary of a missed regression.
fn acted(run: &Run) -> bool {
    let figures = run.figures();
    match figures.outcome {
        Outcome::Completed => false,
        Outcome::Unfinished => figures.acted,
        _ => true,
    }
}

fn delay_ms(run: &Run) -> Option<u64> {
    let first = run.history.iter().find(|(_, event)| Event::acts(event));
    let since_start = first.map(|(at, _)| at.as_nanos());
    let nanos = run.detection.map(sim_core::engine::SimDuration::as_nanos);
    nanos.or(since_start).map(|nanos| nanos / 1_000_000)
}
