//! Plays many rollouts on all cores and adds them up.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use reports::StudyReport;
use sim_core::Seed;

use super::case::Case;
use super::judge::judge;
use super::tally::Tally;

/// Why threads cannot be started.
pub type NoThreads = rayon::ThreadPoolBuildError;

/// What is to be played: each case so many times, all under one root seed.
///
/// Replication `r` derives from the root seed and `r` alone, so that every case meets the same
/// randomness, and a longer study begins with the rollouts of a shorter one.
#[derive(Clone, Debug)]
pub struct Study {
    /// The cases.
    pub cases: Vec<Case>,
    /// The root seed.
    pub seed: u64,
    /// How many rollouts of each case are played.
    pub runs: u64,
}

/// So many blocks are played before their tallies are merged, which bounds the memory.
const WAVE: usize = 1024;

impl Study {
    /// Returns how many rollouts there are in all.
    pub const fn total(&self) -> u64 {
        self.cases.len() as u64 * self.runs
    }

    /// Plays the study on so many threads (0 means one a core) and returns a tally for each case.
    ///
    /// `done` is told how many more rollouts are finished. Once `stop` is set, no further block is
    /// begun; the tallies then hold fewer runs than were asked for.
    ///
    /// # Errors
    ///
    /// When the threads cannot be started.
    pub fn play(
        &self,
        threads: usize,
        stop: &AtomicBool,
        done: &(dyn Fn(u64) + Sync),
    ) -> Result<Vec<Tally>, NoThreads> {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build()?;
        Ok(pool.install(|| self.play_here(stop, done)))
    }

    fn play_here(&self, stop: &AtomicBool, done: &(dyn Fn(u64) + Sync)) -> Vec<Tally> {
        let blocks = self.runs.div_ceil(StudyReport::BLOCK);
        let work: Vec<_> = (0..self.cases.len())
            .flat_map(|case| (0..blocks).map(move |block| (case, block)))
            .collect();
        let mut tallies = vec![Tally::default(); self.cases.len()];
        for wave in work.chunks(WAVE) {
            let played: Vec<_> = wave
                .par_iter()
                .with_max_len(1)
                .map(|&(case, block)| {
                    (!stop.load(Ordering::Relaxed)).then(|| {
                        let tally = self.block(&self.cases[case], block);
                        done(tally.runs);
                        (case, tally)
                    })
                })
                .collect();
            for (case, tally) in played.iter().flatten() {
                tallies[*case].merge(tally);
            }
        }
        tallies
    }

    fn block(&self, case: &Case, block: u64) -> Tally {
        let first = block * StudyReport::BLOCK;
        let end = self.runs.min(first + StudyReport::BLOCK);
        Tally::of_block(
            block,
            (first..end).map(|replication| {
                let run = case.plan.play(Seed {
                    root: self.seed,
                    replication,
                });
                (replication, judge(case, &run).facts)
            }),
        )
    }
}
/// Does `work` with so many threads; 0 means one for each core.
///
/// # Errors
/// When the system refuses to start them.
pub fn on_threads<T: Send>(
    threads: usize,
    work: impl FnOnce() -> T + Send,
) -> Result<T, NoThreads> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()?;
    Ok(pool.install(work))
}
