//! Levels between the start of a rollout and its being taken back.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;
use sim_core::engine::{Draws, Key};
use sim_core::{Plan, Rollout, Seed};

/// The levels of progress on which rollouts are copied, from the lowest to the highest, each above 0
/// and below 1. Being taken back is the level above all of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Ladder(pub Vec<f64>);

/// More levels than this help nobody.
const LEVELS_MAX: usize = 100;
/// The purpose of the draws of a pilot, apart from those of an estimate.
const PILOT: u32 = 2;

/// Where a try begins: nowhere yet, or at a level that was reached.
#[derive(Clone)]
pub(super) enum State<'p> {
    /// Before the rollout.
    Fresh,
    /// In the middle of it.
    UnderWay(Box<Rollout<'p>>),
}

impl<'p> State<'p> {
    /// Goes on from here under a seed of its own.
    pub fn go_on(&self, plan: &'p Plan, seed: Seed) -> Rollout<'p> {
        match self {
            Self::Fresh => plan.begin(seed),
            Self::UnderWay(rollout) => {
                let mut rollout = (**rollout).clone();
                rollout.reseed(seed);
                rollout
            }
        }
    }
}

/// Plays on until the progress is at least `level`; says no when the rollout ends before.
pub(super) fn reach(rollout: &mut Rollout<'_>, level: f64) -> bool {
    while rollout.progress() < level {
        if !rollout.step() {
            return rollout.progress() >= level;
        }
    }
    true
}

pub(super) fn seed_of(draws: &mut Draws) -> Seed {
    Seed {
        root: draws.next_u64(),
        replication: draws.next_u64(),
    }
}

impl Ladder {
    /// Finds levels by a pilot of `tries` rollouts a level, such that about the share `keep` of those
    /// that reach a level reach the next.
    ///
    /// The levels depend on luck and the estimate does not: it is made afterwards, with other draws. Once
    /// `stop` is set no further level is looked for.
    pub fn by_pilot(plan: &Plan, seed: u64, keep: f64, tries: usize, stop: &AtomicBool) -> Self {
        let mut levels: Vec<f64> = Vec::new();
        let mut starts = vec![State::Fresh];
        while levels.len() < LEVELS_MAX && !stop.load(Ordering::Relaxed) {
            let mut draws = Key::for_replication(seed, levels.len() as u64).draws(PILOT, 0, 0);
            let begin = |_| {
                let start = draws.below(starts.len() as u64) as usize;
                (start, seed_of(&mut draws))
            };
            let begins: Vec<(usize, Seed)> = (0..tries).map(begin).collect();
            let height = |&(start, seed): &(usize, Seed)| height(starts[start].go_on(plan, seed));
            let heights: Vec<f64> = begins.par_iter().map(height).collect();
            let below = levels.last().copied().unwrap_or(0.0);
            let Some(next) = next_level(&heights, below, keep) else {
                break;
            };
            let high = begins.par_iter().zip(&heights);
            starts = high
                .filter(|(_, height)| **height >= next)
                .map(|(&(start, seed), _)| {
                    let mut rollout = starts[start].go_on(plan, seed);
                    let reached = reach(&mut rollout, next);
                    assert!(reached, "the same seed reaches the same height");
                    State::UnderWay(Box::new(rollout))
                })
                .collect();
            levels.push(next);
        }
        Self(levels)
    }
}

/// The highest progress until the end.
fn height(mut rollout: Rollout<'_>) -> f64 {
    let mut highest = rollout.progress();
    while highest < 1.0 {
        let goes_on = rollout.step();
        highest = highest.max(rollout.progress());
        if !goes_on {
            break;
        }
    }
    highest
}

/// The height that the share `keep` reaches, or else the lowest one above `below`; none once that is
/// the top, or nobody came higher.
fn next_level(heights: &[f64], below: f64, keep: f64) -> Option<f64> {
    let mut sorted: Vec<f64> = heights.to_vec();
    sorted.sort_by(|one, other| other.total_cmp(one));
    let rank = ((heights.len() as f64 * keep).ceil() as usize).clamp(1, heights.len());
    let wanted = sorted[rank - 1];
    let next = if wanted > below {
        wanted
    } else {
        sorted
            .iter()
            .rev()
            .copied()
            .find(|height| *height > below)?
    };
    (next < 1.0).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_level_is_one_that_some_but_not_all_reach() {
        let heights = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
        assert_eq!(next_level(&heights, 0.0, 0.2), Some(0.9));
        assert_eq!(next_level(&[0.25, 0.25, 0.25, 0.5], 0.25, 0.5), Some(0.5));
        assert_eq!(next_level(&[0.25, 0.25], 0.25, 0.5), None);
        assert_eq!(next_level(&[1.0, 1.0, 0.5], 0.25, 0.5), None);
    }
}
