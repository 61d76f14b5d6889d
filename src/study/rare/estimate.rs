//! Estimates with their errors.

use std::sync::atomic::{AtomicBool, Ordering};

use libm::{fabs, sqrt};
use rayon::prelude::*;
use sim_core::engine::{Draws, Key};
use sim_core::{Outcome, Plan};

use super::ladder::{Ladder, State, reach, seed_of};
use crate::study::interval::{clopper_pearson, skewed};
use crate::study::paired::student;
use crate::study::splitting::fixed_effort;

/// How much is played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SplittingEffort {
    /// The tries of each level in one estimate.
    pub tries: u32,
    /// The relative standard error at which it is enough.
    pub relative_error: f64,
    /// The most independent estimates whose mean is taken.
    pub estimates_max: u64,
}

/// What is asked, of which plan, under which seed.
#[derive(Clone, Copy, Debug)]
pub struct RareStudy<'a> {
    /// The policy in its world.
    pub plan: &'a Plan,
    /// The root seed.
    pub seed: u64,
    /// How much is played.
    pub effort: SplittingEffort,
    /// Set once somebody asks to stop.
    pub stop: &'a AtomicBool,
}

/// A probability with its standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RareProbability {
    /// The mean of independent estimates without bias.
    pub probability: f64,
    /// Its standard error, from the spread of the estimates.
    pub error: f64,
    /// The skewness of the mean.
    pub skewness: f64,
    /// How many estimates there were.
    pub estimates: u64,
    /// How many rollouts were played, from the start or from a level.
    pub rollouts: u64,
}

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Goal {
    /// The release is taken back.
    TakenBack,
    /// The progress reaches the last level of the ladder.
    LastLevel,
}

/// The estimates between two looks at the error.
const ROUND: u64 = 16;
/// The estimates at the first look: to stop as soon as the error looks small takes the samples in which it
/// looks too small.
const FIRST: u64 = 64;

/// Says whether an outcome takes a release back: rolled back, fell back, killed or aborted.
pub(super) fn takes_back(outcome: Outcome) -> bool {
    !matches!(
        outcome,
        Outcome::Completed | Outcome::Paused | Outcome::Unfinished
    )
}

/// Returns how many levels are climbed.
fn levels(ladder: &Ladder, goal: Goal) -> u64 {
    ladder.0.len() as u64 + u64::from(goal == Goal::TakenBack)
}

impl<'a> RareStudy<'a> {
    /// Estimates the probability that the release is taken back, by way of `ladder`. Different
    /// `purpose`s draw differently. `played` hears how many rollouts more have been played. When somebody
    /// asks to stop, the estimate is that of the rounds until then.
    pub(super) fn estimate(
        &self,
        ladder: &Ladder,
        goal: Goal,
        purpose: u32,
        played: &(dyn Fn(u64) + Sync),
    ) -> RareProbability {
        let each = self.rollouts(ladder, goal);
        let mut products: Vec<f64> = Vec::new();
        loop {
            let first = products.len() as u64;
            let next = if first == 0 { FIRST } else { ROUND };
            let one =
                |number| (!self.is_stopped()).then(|| self.product(ladder, goal, purpose, number));
            let numbers = (first..first + next).into_par_iter().map(one);
            let round: Option<Vec<f64>> = numbers.inspect(|_| played(each)).collect();
            // A round is counted as a whole: which of its parts are done first may depend on what they are.
            let Some(round) = round else {
                return self.mean(&products, ladder, goal);
            };
            products.extend(round);
            let estimate = self.mean(&products, ladder, goal);
            let precise = estimate.error <= self.effort.relative_error * estimate.probability;
            let seen = estimate.probability > 0.0;
            if seen && precise || estimate.estimates >= self.effort.estimates_max {
                return estimate;
            }
        }
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn product(&self, ladder: &Ladder, goal: Goal, purpose: u32, number: u64) -> f64 {
        let draws = &mut Key::for_replication(self.seed, number).draws(purpose, 0, 0);
        let climb = |state: &mut State<'a>, level: u32, draws: &mut Draws| {
            self.climb(ladder, state, level, draws)
        };
        let levels = levels(ladder, goal) as u32;
        fixed_effort(&State::Fresh, levels, self.effort.tries, draws, climb)
    }

    /// Plays on from `state` to the level of this number, counted from 1; after the last one to the end.
    fn climb(&self, ladder: &Ladder, state: &mut State<'a>, level: u32, draws: &mut Draws) -> bool {
        let mut rollout = state.go_on(self.plan, seed_of(draws));
        let reached = if let Some(level) = ladder.0.get(level as usize - 1) {
            reach(&mut rollout, *level)
        } else {
            while rollout.step() {}
            let figures = rollout.figures().expect("it has ended");
            takes_back(figures.outcome)
        };
        if reached {
            *state = State::UnderWay(Box::new(rollout));
        }
        reached
    }

    fn mean(&self, products: &[f64], ladder: &Ladder, goal: Goal) -> RareProbability {
        let n = products.len() as f64;
        let mean = products.iter().sum::<f64>() / n;
        let about = |power: i32| products.iter().map(move |it| (it - mean).powi(power));
        let [squares, cubes] = [2, 3].map(|power| about(power).sum::<f64>());
        RareProbability {
            probability: mean,
            error: sqrt(squares / (n - 1.0) / n),
            skewness: if squares > 0.0 {
                cubes / (squares * sqrt(squares))
            } else {
                0.0
            },
            estimates: products.len() as u64,
            rollouts: products.len() as u64 * self.rollouts(ladder, goal),
        }
    }

    /// Returns how many rollouts one estimate plays.
    fn rollouts(&self, ladder: &Ladder, goal: Goal) -> u64 {
        levels(ladder, goal) * u64::from(self.effort.tries)
    }
}

impl RareProbability {
    /// Returns by how many standard errors two independent estimates differ; none where neither has an
    /// error, because nothing was ever seen or always.
    pub fn z(&self, other: &Self) -> Option<f64> {
        let error = sqrt(self.error * self.error + other.error * other.error);
        let z = (self.probability - other.probability) / error;
        (error > 0.0).then_some(z)
    }

    /// Returns the error as a share of the probability.
    pub fn relative_error(&self) -> f64 {
        fabs(self.error / self.probability)
    }

    /// Returns the 95 % interval, within 0 and 1: Student's t on the spread of the estimates, with the
    /// correction for their skewness ([`skewed`]). Where all are 0, or 1, the probability is at most, or at
    /// least, that of an estimate which is not, and the exact bound of that one is taken.
    pub fn interval(&self) -> [f64; 2] {
        if self.error == 0.0 {
            let all = (self.probability * self.estimates as f64) as u64;
            let exact = clopper_pearson(all, self.estimates);
            return [exact.low, exact.high];
        }
        let t = student(self.estimates - 1);
        let (low, high) = skewed(self.probability, self.error, self.skewness, t);
        [low.max(0.0), high.min(1.0)]
    }
}
