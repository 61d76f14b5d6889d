//! Plays many rollouts on all cores and adds them up.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::ThreadPoolBuilder;
use reports::StudyReport;
use sim_core::Seed;

use super::case::Case;
use super::facts::Facts;
use super::judge::judge;
use super::shards::{Round, RoundPlayer, Share, play_in_waves};
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
    /// What is written down of each.
    pub detail: Detail,
}

/// What is written down of a rollout of a study.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// Every value that a gate has read, exactly: the hash is that of the command.
    #[default]
    Values,
    /// Only on which side of its limit a value lies. All figures are the same and come sooner; the hash is another.
    Turns,
}

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
        let played = self.play_by(&RoundPlayer::here(), threads, stop, done)?;
        Ok(played.expect("who plays here plays everything"))
    }

    /// As [`Study::play`], by a player; nothing where it plays only a part of the study.
    ///
    /// # Errors
    ///
    /// When the threads cannot be started.
    pub fn play_by(
        &self,
        player: &RoundPlayer,
        threads: usize,
        stop: &AtomicBool,
        done: &(dyn Fn(u64) + Sync),
    ) -> Result<Option<Vec<Tally>>, NoThreads> {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build()?;
        let study = self;
        let rollouts = Rollouts { study, stop, done };
        let played = pool.install(|| player.round(&rollouts));
        Ok(played.map(|share| share.sum))
    }

    fn block(&self, case: &Case, block: u64) -> Tally {
        let size = StudyReport::block_of(self.runs);
        let first = block * size;
        let end = self.runs.min(first + size);
        let facts = (first..end).map(|replication| (replication, self.facts(case, replication)));
        Tally::of_block(block, facts)
    }

    /// What a rollout of a case comes to.
    pub(super) fn facts(&self, case: &Case, replication: u64) -> Facts {
        let seed = Seed {
            root: self.seed,
            replication,
        };
        if self.detail == Detail::Turns {
            let facts = judge(case, &case.plan.scout(seed)).facts;
            // Which trigger came closest is read off the values.
            if facts.causes.is_empty() {
                return facts;
            }
        }
        judge(case, &case.plan.play(seed)).facts
    }
}

/// The rollouts of a study as blocks, case by case.
struct Rollouts<'s> {
    study: &'s Study,
    stop: &'s AtomicBool,
    done: &'s (dyn Fn(u64) + Sync),
}

impl Rollouts<'_> {
    fn blocks(&self) -> u64 {
        self.study
            .runs
            .div_ceil(StudyReport::block_of(self.study.runs))
    }

    fn piece(&self, unit: u64) -> Option<(usize, Tally)> {
        if self.stop.load(Ordering::Relaxed) {
            return None;
        }
        let (case, block) = ((unit / self.blocks()) as usize, unit % self.blocks());
        let tally = self.study.block(&self.study.cases[case], block);
        (self.done)(tally.runs);
        Some((case, tally))
    }
}

impl Round for Rollouts<'_> {
    type Sum = Vec<Tally>;

    fn units(&self) -> u64 {
        self.study.cases.len() as u64 * self.blocks()
    }

    fn play(&self, units: Range<u64>) -> Share<Vec<Tally>> {
        let sum = vec![Tally::default(); self.study.cases.len()];
        play_in_waves(units, sum, |unit| self.piece(unit), Tally::merge)
    }

    fn join(&self, sum: &mut Vec<Tally>, next: Vec<Tally>) {
        let pairs = sum.iter_mut().zip(&next);
        pairs.for_each(|(sum, next)| sum.merge(next));
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
