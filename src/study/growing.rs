//! A study that grows: who looks at it wants an answer from a hundred rollouts first, and from ten thousand later.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use reports::StudyReport;

use super::replicate::{NoThreads, Study, on_threads};
use super::shards::play_in_waves;
use super::tally::{Tally, hash_of};

/// A study of which more and more is played. Whatever its steps were, it comes to the very tallies of [`Study::play`]:
/// replication `r` derives from the root seed and `r` alone, and no rollout is played twice.
#[derive(Clone, Debug)]
pub struct GrowingStudy {
    study: Study,
    cases: Vec<Grown>,
}

/// What a case came to so far: the sum, and the hash of every rollout, as how many of them share a block depends on how
/// many there are in the end.
#[derive(Clone, Debug, Default)]
struct Grown {
    sum: Tally,
    hashes: Vec<u64>,
}

/// A step is cut into about so many pieces of each case, so that no core waits long for the other.
const PIECES: u64 = 64;
/// The fewest and the most rollouts of a piece.
const PIECE: [u64; 2] = [4, 64];

impl GrowingStudy {
    /// Begins with nothing of the cases of `study`.
    pub fn new(study: Study) -> Self {
        let cases = vec![Grown::default(); study.cases.len()];
        let study = Study { runs: 0, ..study };
        Self { study, cases }
    }

    /// What has been played: as many rollouts of each case as it says.
    pub const fn study(&self) -> &Study {
        &self.study
    }

    /// Plays on until there are `runs` rollouts of each case, on so many threads (0 means one a core). Returns whether it
    /// did: once `stop` is set no further rollout is begun, and the study stays as it was.
    ///
    /// # Errors
    ///
    /// When the threads cannot be started.
    pub fn grow(
        &mut self,
        runs: u64,
        threads: usize,
        stop: &AtomicBool,
    ) -> Result<bool, NoThreads> {
        let more = runs.saturating_sub(self.study.runs);
        let size = (more / PIECES).clamp(PIECE[0], PIECE[1]);
        let pieces = more.div_ceil(size);
        let piece = |unit: u64| {
            let (case, at) = ((unit / pieces) as usize, unit % pieces);
            let first = self.study.runs + at * size;
            let played = self.piece(case, first..runs.min(first + size), stop)?;
            Some((case, played))
        };
        let empty = vec![Grown::default(); self.cases.len()];
        let units = pieces * self.cases.len() as u64;
        let played = on_threads(threads, || {
            play_in_waves(0..units, empty, piece, Grown::append)
        })?;
        if played.whole && !stop.load(Ordering::Relaxed) {
            let pairs = self.cases.iter_mut().zip(&played.sum);
            pairs.for_each(|(known, next)| known.append(next));
            self.study.runs = self.study.runs.max(runs);
            return Ok(true);
        }
        Ok(false)
    }

    fn piece(&self, case: usize, replications: Range<u64>, stop: &AtomicBool) -> Option<Grown> {
        let case = &self.study.cases[case];
        let mut grown = Grown::default();
        for replication in replications {
            if stop.load(Ordering::Relaxed) {
                return None;
            }
            let facts = self.study.facts(case, replication);
            grown.hashes.push(facts.hash);
            grown.sum.add(replication, &facts);
        }
        Some(grown)
    }

    /// Returns a tally for each case, those of [`Study::play`] for as many rollouts.
    pub fn tallies(&self) -> Vec<Tally> {
        let size = StudyReport::block_of(self.study.runs) as usize;
        let whole = |grown: &Grown| Tally {
            blocks: (0..).zip(grown.hashes.chunks(size).map(hash_of)).collect(),
            ..grown.sum.clone()
        };
        self.cases.iter().map(whole).collect()
    }
}

impl Grown {
    /// Adds the rollouts that follow.
    fn append(&mut self, next: &Self) {
        self.sum.merge(&next.sum);
        self.hashes.extend(&next.hashes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::{Case, Detail};
    use scenarios::{library, load};
    use sim_core::policy::Profile;

    fn study(runs: u64) -> Study {
        let system = library::system("optimize").expect("it is shipped");
        let text = system.policy(Profile::AsWritten).expect("it has one");
        let policy = load::policy("policy.yaml", text.as_bytes()).expect("it is sound");
        let cases = system.scenarios.iter().take(2).map(|(name, text)| {
            let scenario = load::scenario(name, text.as_bytes()).expect("it is sound");
            let world = load::world("world.yaml", system.world.as_bytes()).expect("it is sound");
            let experiment = load::experiment_of(&policy, &scenario, &world.value)
                .unwrap_or_else(|_| panic!("{name} fits"));
            Case::new(&experiment, &scenario.value)
        });
        Study {
            cases: cases.collect(),
            seed: 7,
            runs,
            detail: Detail::Turns,
        }
    }

    /// Blocks of 64 lie across all of these steps.
    #[test]
    fn a_study_that_grows_in_steps_comes_to_the_tallies_of_one_that_is_played_at_once() {
        let going = AtomicBool::new(false);
        let mut growing = GrowingStudy::new(study(0));
        for runs in [5, 5, 3, 70, 150] {
            assert!(growing.grow(runs, 2, &going).expect("threads"));
            let most = growing.study().runs;
            assert_eq!(most, runs.max(5));
            let at_once = study(most).play(1, &going, &|_| {}).expect("threads");
            assert_eq!(growing.tallies(), at_once, "{runs}");
        }
        let before = growing.tallies();
        let stopped = AtomicBool::new(true);
        assert!(!growing.grow(200, 2, &stopped).expect("threads"));
        assert_eq!((growing.study().runs, growing.tallies()), (150, before));
    }
}
