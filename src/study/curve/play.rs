//! Plays every strength on all cores.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;
use sim_core::{Event, Outcome, Run, Seed};

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

impl Curve {
    /// Returns how many rollouts there are in all.
    pub const fn total(&self) -> u64 {
        self.strengths.len() as u64 * self.runs
    }

    /// Plays on so many threads (0 means one a core) and returns what each strength came to; none
    /// when `stop` was set before the end. `done` is told how many more rollouts are finished.
    ///
    /// # Errors
    /// When the threads cannot be started.
    pub fn play(
        &self,
        threads: usize,
        stop: &AtomicBool,
        done: &(dyn Fn(u64) + Sync),
    ) -> Result<Option<Vec<Strength>>, rayon::ThreadPoolBuildError> {
        let blocks = self.runs.div_ceil(BLOCK);
        let work: Vec<_> = (0..self.strengths.len())
            .flat_map(|strength| (0..blocks).map(move |block| (strength, block)))
            .collect();
        let play = |&(strength, block): &(usize, u64)| {
            (!stop.load(Ordering::Relaxed)).then(|| {
                let played = self.block(&self.strengths[strength].1, block);
                done(played.acted.len() as u64);
                (strength, played)
            })
        };
        let played: Option<Vec<_>> = on_threads(threads, || work.par_iter().map(play).collect())?;
        let Some(played) = played else {
            return Ok(None);
        };
        let mut strengths = vec![Strength::default(); self.strengths.len()];
        for (strength, block) in &played {
            strengths[*strength].append(block);
        }
        Ok(Some(strengths))
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
