//! Plays every strength on all cores.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;
use sim_core::Seed;

use super::bracket::Bracket;
use super::strength::Strength;
use crate::study::Case;
use crate::study::replicate::{NoThreads, on_threads};
use crate::study::shards::{Round, RoundPlayer, Share};

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

/// The replications of a block, which one thread plays: few, as the cores wait for the last block of a strength.
const BLOCK: u64 = 10;
/// Each round halves a cell beside every end: after so many a cell of the grid is a millionth of what it
/// was, however steep the curve is.
const ROUNDS_MAX: usize = 20;

impl Curve {
    /// Returns how many rollouts there are in all.
    pub const fn total(&self) -> u64 {
        self.strengths.len() as u64 * self.runs
    }

    /// Plays on so many threads (0 means one a core) and returns what each strength came to; none for those
    /// of which `stop` left something out, and nothing at all where the player plays only a part.
    ///
    /// # Errors
    /// When the threads cannot be started.
    pub fn play(&self, hands: &CurveHands<'_>) -> Result<Option<Vec<Option<Strength>>>, NoThreads> {
        let cases: Vec<&Case> = self.strengths.iter().map(|(_, case)| case).collect();
        self.cases(&cases, hands)
    }

    /// Plays more effects around those at which the probability crosses `powers`, until the interval of
    /// each crossing rests on effects that were simulated ([`Bracket`]), and puts them among the others.
    /// Returns whether that was done, and nothing where the player plays only a part; when `stop` is set before, the effects of the rounds until then are there,
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
        hands: &CurveHands<'_>,
    ) -> Result<Option<bool>, NoThreads> {
        for _ in 0..ROUNDS_MAX {
            let effects: Vec<f64> = self.strengths.iter().map(|(effect, _)| *effect).collect();
            let next = Self::next_effects(strengths, powers, &effects);
            let cases: Vec<Case> = next.iter().map(|&effect| case(effect)).collect();
            let all: Vec<&Case> = cases.iter().collect();
            let Some(played) = self.cases(&all, hands)? else {
                return Ok(None);
            };
            if played.is_empty() {
                break;
            }
            let whole = played.iter().all(Option::is_some);
            self.insert(strengths, next.into_iter().zip(cases).zip(played));
            if !whole {
                return Ok(Some(false));
            }
        }
        Ok(Some(true))
    }

    fn next_effects(strengths: &[Strength], powers: &[f64], effects: &[f64]) -> Vec<f64> {
        let next = powers
            .iter()
            .flat_map(|&power| Bracket::of(strengths, power).next(effects));
        let mut next: Vec<f64> = next.collect();
        next.sort_by(f64::total_cmp);
        next.dedup();
        next
    }

    fn insert(
        &mut self,
        strengths: &mut Vec<Strength>,
        played: impl Iterator<Item = ((f64, Case), Option<Strength>)>,
    ) {
        for ((effect, case), strength) in played {
            let Some(strength) = strength else {
                continue;
            };
            let place = self.strengths.partition_point(|(known, _)| *known < effect);
            self.strengths.insert(place, (effect, case));
            strengths.insert(place, strength);
        }
    }

    /// Plays every case so often; none for those of which something was left out.
    fn cases(
        &self,
        cases: &[&Case],
        hands: &CurveHands<'_>,
    ) -> Result<Option<Vec<Option<Strength>>>, NoThreads> {
        let round = Strengths {
            curve: self,
            cases,
            hands,
        };
        let played = on_threads(hands.threads, || hands.player.round(&round))?;
        let whole = |mut sum: BTreeMap<usize, Strength>| {
            let one = |at| sum.remove(&at).filter(|one| one.played == self.runs);
            (0..cases.len()).map(one).collect()
        };
        Ok(played.map(|share| whole(share.sum)))
    }

    /// Returns what was played to its end: the curve of those strengths, and what each came to.
    pub fn finished(self, played: Vec<Option<Strength>>) -> (Self, Vec<Strength>) {
        let pairs = self.strengths.into_iter().zip(played);
        let finished = pairs.filter_map(|(strength, played)| Some((strength, played?)));
        let (strengths, played) = finished.unzip();
        (Self { strengths, ..self }, played)
    }

    /// Plays a block; nothing where it is stopped.
    fn block(&self, case: &Case, block: u64, stop: &AtomicBool) -> Option<Strength> {
        let first = block * BLOCK;
        let end = self.runs.min(first + BLOCK);
        let mut strength = Strength::default();
        for replication in first..end {
            if stop.load(Ordering::Relaxed) {
                return None;
            }
            let root = self.seed;
            strength.add(case, &case.plan.scout(Seed { root, replication }).figures());
        }
        Some(strength)
    }
}

/// Who plays a curve, on how many threads, and who is told.
pub struct CurveHands<'h> {
    /// Who plays the rounds.
    pub player: &'h RoundPlayer,
    /// How many threads; 0 means one a core.
    pub threads: usize,
    /// Once it is set, no further rollout is begun.
    pub stop: &'h AtomicBool,
    /// Is told how many more rollouts are finished.
    pub done: &'h (dyn Fn(u64) + Sync),
}

/// Some strengths as blocks, one strength after another.
struct Strengths<'s> {
    curve: &'s Curve,
    cases: &'s [&'s Case],
    hands: &'s CurveHands<'s>,
}

impl Strengths<'_> {
    const fn blocks(&self) -> u64 {
        self.curve.runs.div_ceil(BLOCK)
    }

    fn piece(&self, unit: u64) -> Option<Strength> {
        let (strength, block) = ((unit / self.blocks()) as usize, unit % self.blocks());
        let played = self
            .curve
            .block(self.cases[strength], block, self.hands.stop)?;
        (self.hands.done)(played.played);
        Some(played)
    }
}

impl Round for Strengths<'_> {
    type Sum = BTreeMap<usize, Strength>;

    fn units(&self) -> u64 {
        self.cases.len() as u64 * self.blocks()
    }

    /// Strength by strength, so that what is interrupted has finished some.
    fn play(&self, units: Range<u64>) -> Share<Self::Sum> {
        let mut sum = BTreeMap::new();
        let mut at = units.start;
        while at < units.end {
            let strength = at / self.blocks();
            let end = units.end.min((strength + 1) * self.blocks());
            let blocks: Vec<u64> = (at..end).collect();
            let pieces = blocks.par_iter().map(|unit| self.piece(*unit));
            let Some(played) = pieces.collect::<Option<Vec<_>>>() else {
                return Share { sum, whole: false };
            };
            let mut all = Strength::default();
            played.iter().for_each(|block| all.merge(block));
            sum.insert(strength as usize, all);
            at = end;
        }
        Share { sum, whole: true }
    }

    fn join(&self, sum: &mut Self::Sum, next: Self::Sum) {
        for (at, strength) in next {
            sum.entry(at).or_default().merge(&strength);
        }
    }
}
