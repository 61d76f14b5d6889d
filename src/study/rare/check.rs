//! What holds an estimate of a rare event to account.

use libm::{fabs, sqrt};
use rayon::prelude::*;
use sim_core::Seed;

use super::estimate::{Goal, RareProbability, RareStudy, SplittingEffort};
use super::ladder::{Ladder, reach};

/// An estimate and what was set against it.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The levels of the estimate.
    pub ladder: Ladder,
    /// The estimate.
    pub estimate: RareProbability,
    /// A second one, with other levels and other draws.
    pub second: RareProbability,
    /// The levels of the second.
    pub second_ladder: Ladder,
    /// An easier limit that plain simulation can count; none where there are no levels.
    pub easier: Option<Easier>,
}

/// A level that is reached often enough to be counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Easier {
    /// The progress.
    pub level: f64,
    /// How probable splitting says it is.
    pub split: RareProbability,
    /// How often it was seen.
    pub plain: RareProbability,
}

/// What the checks say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Soundness {
    /// All estimates agree.
    Sound,
    /// No rollout was ever taken back: nothing can be said.
    Unseen,
    /// The two ways disagree.
    LevelsDisagree,
    /// Splitting and counting disagree at the easier limit.
    PlainDisagrees,
    /// The effort was not enough for the precision that was asked for.
    Imprecise,
}

/// The purposes of the draws of each part.
const FIRST: u32 = 11;
const SECOND: u32 = 12;
const EASIER: u32 = 13;
/// Seeds of plain rollouts have this in front, so that none is a seed of a copy.
const PLAIN: u64 = 0x706c_6169_6e00_0000;

/// Two honest estimates differ by more than this once in 16 000 times.
const Z_MAX: f64 = 4.0;
/// The rollouts that are counted, and the least share of them that reaches the easier limit.
const COUNTED: u64 = 4_000;
const SHARE_MIN: f64 = 0.01;
/// Of those that reach a level, the share that should reach the next: near the optimum of exp(-2) for
/// the first way, and longer steps for the second.
const KEEP: [f64; 2] = [0.2, 0.08];
/// The rollouts of a pilot, a level.
const PILOT: usize = 500;

impl RareStudy<'_> {
    /// Estimates how probable it is that the release is taken back, and checks the estimate by a second
    /// one of half its precision. `played` hears how many rollouts more have been played.
    ///
    /// # Errors
    /// When somebody asks to stop, with the estimate until then, if there is one.
    pub fn play(&self, played: &(dyn Fn(u64) + Sync)) -> Result<Checked, Option<RareProbability>> {
        let [ladder, second_ladder] = [0, 1].map(|way: usize| {
            let seed = self.seed.wrapping_add(1 + way as u64);
            Ladder::by_pilot(self.plan, seed, KEEP[way], PILOT, self.stop)
        });
        let estimate = self.estimate(&ladder, Goal::TakenBack, FIRST, played);
        let rough = Self {
            effort: SplittingEffort {
                relative_error: 2.0 * self.effort.relative_error,
                ..self.effort
            },
            ..*self
        };
        let second = rough.estimate(&second_ladder, Goal::TakenBack, SECOND, played);
        let easier = self.easier(&ladder, played);
        if self.is_stopped() {
            return Err((estimate.estimates > 0).then_some(estimate));
        }
        Ok(Checked {
            ladder,
            estimate,
            second,
            second_ladder,
            easier,
        })
    }

    /// Counts how many plain rollouts reach the highest level that enough of them reach.
    fn easier(&self, ladder: &Ladder, played: &(dyn Fn(u64) + Sync)) -> Option<Easier> {
        if self.is_stopped() {
            return None;
        }
        let reached = self.plain_levels(ladder);
        let share = |place: usize| {
            let events = reached.iter().filter(|levels| **levels > place).count();
            events as f64 / COUNTED as f64
        };
        let place = (0..ladder.0.len())
            .rev()
            .find(|place| share(*place) >= SHARE_MIN)?;
        let part = Ladder(ladder.0[..=place].to_vec());
        let p = share(place);
        Some(Easier {
            level: ladder.0[place],
            split: self.estimate(&part, Goal::LastLevel, EASIER, played),
            plain: RareProbability {
                probability: p,
                error: sqrt(p * (1.0 - p) / COUNTED as f64),
                skewness: (1.0 - 2.0 * p) / sqrt(COUNTED as f64 * p * (1.0 - p)),
                estimates: COUNTED,
                rollouts: COUNTED,
            },
        })
    }

    /// How many levels each plain rollout reaches.
    fn plain_levels(&self, ladder: &Ladder) -> Vec<usize> {
        (0..COUNTED)
            .into_par_iter()
            .map(|replication| {
                let seed = Seed {
                    root: self.seed ^ PLAIN,
                    replication,
                };
                let mut rollout = self.plan.begin(seed);
                let above = |level: &&f64| reach(&mut rollout, **level);
                ladder.0.iter().take_while(above).count()
            })
            .collect()
    }
}

impl Checked {
    /// Says what the checks say, the most damning first.
    pub fn soundness(&self, relative_error: f64) -> Soundness {
        let apart = |z: Option<f64>| z.is_some_and(|z| fabs(z) > Z_MAX);
        if self.estimate.probability == 0.0 {
            Soundness::Unseen
        } else if apart(self.estimate.z(&self.second)) {
            Soundness::LevelsDisagree
        } else if self
            .easier
            .is_some_and(|easier| apart(easier.split.z(&easier.plain)))
        {
            Soundness::PlainDisagrees
        } else if self.estimate.relative_error() > relative_error {
            Soundness::Imprecise
        } else {
            Soundness::Sound
        }
    }
}
