//! The race: who breaks a constraint, or is worse than one that keeps them all, is dropped.
//!
//! After each look the candidates that are left are played a half as often again. Three mistakes are
//! possible, and each is made with probability at most [`ERROR`] / 3 over all looks together:
//!
//! - the best candidate is said to break a constraint: the exact lower bound of its share of bad rollouts,
//!   at look `i`, may fail with probability `ERROR / 3 / C / (i (i + 1))`, which adds up to `ERROR / 3` over
//!   all looks and the `C` constraints;
//! - one that breaks a constraint is said to keep it: the exact upper bound, with the same errors divided
//!   by the number of candidates;
//! - the best candidate is said to be worse than one that keeps the constraints: Student's t on the
//!   differences within replications, one pseudo-replication a scenario against the decision, with the
//!   error of the look divided by the number of candidates. This one rests on the mean being nearly normal.
//!
//! Only candidates that were shown to keep every constraint beat others, so the best is never dropped for
//! one that is not allowed.

use scenarios::Verdict;

use super::constraint::Constraint;
use super::evaluator::{Played, Work};
use super::metric::{Metric, Scope};
use super::samples::Record;

/// The probability that the race drops the best candidate, or proves a wrong one, over all looks.
pub const ERROR: f64 = 0.05;
/// What the candidates that are left may still be better by, relative to the best.
pub const MARGIN: f64 = 0.01;
/// The replications of each scenario at the first look.
const FIRST: u64 = 32;
/// How many sizes the leader may run ahead of the others, to show that it keeps the constraints.
pub(super) const AHEAD: u32 = 7;
/// How a candidate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It may be the best.
    Racing,
    /// It breaks this constraint.
    Breaks(usize),
    /// This other candidate keeps the constraints and is better.
    Beaten(usize),
}

/// What a look came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InterimAnalysis {
    /// The replications of each scenario.
    pub runs: u64,
    /// How many candidates are left.
    pub left: usize,
    /// How many rollouts were played up to here.
    pub rollouts: u64,
}

/// Why a race ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Nobody who is left can be better than the best by more than the margin.
    Decided,
    /// Every candidate breaks a constraint.
    Infeasible,
    /// The budget is used up.
    Budget,
    /// Somebody asked to stop.
    Interrupted,
}

/// How a race is played, and what is told about it.
pub struct RaceHooks<'a> {
    /// Asked before each piece of work with the rollouts played and those that it needs.
    pub may: &'a dyn Fn(u64, u64) -> bool,
    /// Plays; nothing when somebody asked to stop.
    pub play: &'a dyn Fn(&[Work]) -> Option<Vec<Played>>,
    /// Told after each look.
    pub looked: &'a dyn Fn(&Race<'_>),
}

/// A race of candidates.
pub struct Race<'a> {
    pub(super) constraints: &'a [Constraint],
    pub(super) minimize: Metric,
    /// A candidate that is played to the end for comparison, however it stands.
    pub(super) current: usize,
    /// What was played.
    pub record: Record,
    /// How each candidate stands.
    pub standing: Vec<Standing>,
    /// Which constraints each candidate was shown to keep, and the size up to which that was asked.
    pub(super) shown: Vec<Vec<(bool, u32)>>,
    /// The size up to which all scenarios of a candidate were played.
    pub size: Vec<u32>,
    /// The looks.
    pub looks: Vec<InterimAnalysis>,
    /// How many rollouts were played.
    pub rollouts: u64,
}

/// Returns the replications at size `i`, from 1: a half more each time.
pub fn runs_at(i: u32) -> u64 {
    (1..i).fold(FIRST, |runs, _| runs + runs / 2)
}

/// Whether two figures are equal but for the rounding of their sums.
pub fn ties(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-12 * one.abs().max(other.abs()) || one == other
}

/// The part of an error that look `i` may use, so that all looks together use it up.
pub(super) fn share(i: u32) -> f64 {
    let i = f64::from(i);
    1.0 / (i * (i + 1.0))
}

impl<'a> Race<'a> {
    /// A race that has not begun, of so many candidates in scenarios with these releases.
    pub fn new(
        candidates: usize,
        releases: Vec<Verdict>,
        constraints: &'a [Constraint],
        minimize: Metric,
        current: usize,
    ) -> Self {
        Self {
            constraints,
            minimize,
            current,
            record: Record::new(releases, candidates),
            standing: vec![Standing::Racing; candidates],
            shown: vec![vec![(false, 0); constraints.len()]; candidates],
            size: vec![0; candidates],
            looks: Vec::new(),
            rollouts: 0,
        }
    }

    /// Runs to the end.
    pub fn run(&mut self, course: &RaceHooks<'_>) -> Ended {
        for size in 1.. {
            if let Err(ended) = self.look(size, course) {
                return ended;
            }
            (course.looked)(self);
            if self.contenders().is_empty() {
                return Ended::Infeasible;
            }
            if self.is_decided(size) {
                let settled = self.settle(size, course);
                return match settled {
                    Err(Ended::Interrupted) => Ended::Interrupted,
                    // Without more rollouts those that were shown to keep the constraints are chosen among.
                    _ => Ended::Decided,
                };
            }
        }
        unreachable!("a race has a budget")
    }

    fn look(&mut self, size: u32, course: &RaceHooks<'_>) -> Result<(), Ended> {
        let mut left = self.contenders();
        if !left.contains(&self.current) {
            left.insert(0, self.current);
        }
        self.play(&left, Scope::All, size, course)?;
        left.iter()
            .for_each(|&candidate| self.size[candidate] = size);
        left.iter().for_each(|&candidate| self.weigh(candidate));
        self.prove(size, course)?;
        self.beat(size);
        self.looks.push(InterimAnalysis {
            runs: runs_at(size),
            left: self.contenders().len(),
            rollouts: self.rollouts,
        });
        Ok(())
    }

    /// Returns who may be the best.
    pub fn contenders(&self) -> Vec<usize> {
        let racing = |&candidate: &usize| self.standing[candidate] == Standing::Racing;
        (0..self.standing.len()).filter(racing).collect()
    }

    /// Plays some candidates in the scenarios of a scope up to a size.
    fn play(
        &mut self,
        candidates: &[usize],
        scope: Scope,
        size: u32,
        course: &RaceHooks<'_>,
    ) -> Result<(), Ended> {
        let works = self.works(candidates, scope, runs_at(size));
        let cost = works.iter().map(Work::rollouts).sum();
        if !(course.may)(self.rollouts, cost) {
            return Err(Ended::Budget);
        }
        let played = (course.play)(&works).ok_or(Ended::Interrupted)?;
        played
            .into_iter()
            .for_each(|played| self.record.add(played));
        self.rollouts += cost;
        Ok(())
    }

    /// What is missing up to so many replications, those with equal beginnings together.
    fn works(&self, candidates: &[usize], scope: Scope, runs: u64) -> Vec<Work> {
        let mut works: Vec<Work> = Vec::new();
        for part in self.record.scope(scope) {
            let first = works.len();
            for &candidate in candidates {
                let replications = (self.record.runs(candidate, part), runs);
                if replications.0 >= runs {
                    continue;
                }
                match works[first..]
                    .iter_mut()
                    .find(|work| work.replications == replications)
                {
                    Some(work) => work.candidates.push(candidate),
                    None => works.push(Work {
                        part,
                        candidates: vec![candidate],
                        replications,
                    }),
                }
            }
        }
        works
    }

    /// Lets some run ahead in the scenarios of a constraint, for as much as the look has cost: the best of
    /// those that keep the constraints with room to spare, because whoever was shown to keep them can beat
    /// others, and then whoever seems best.
    fn prove(&mut self, size: u32, course: &RaceHooks<'_>) -> Result<(), Ended> {
        let before = self.looks.last().map_or(0, |look| look.rollouts);
        let until = self.rollouts + (self.rollouts - before);
        for room in [0.5, 1.0] {
            while let Some(leader) = self.least(|candidate| self.seems_fit(candidate, room)) {
                let open = self.shown[leader].iter().position(|(keeps, _)| !keeps);
                let Some(open) = open else {
                    break;
                };
                let next = self.shown[leader][open].1 + 1;
                if next > size + AHEAD || self.rollouts >= until {
                    break;
                }
                let scope = self.constraints[open].metric.scope();
                self.play(&[leader], scope, next, course)?;
                self.weigh(leader);
            }
        }
        Ok(())
    }

    /// Lets whoever is no worse than the best by what was seen run ahead until it is shown whether it keeps the
    /// constraints: one that may be better in everything is no reason to recommend another.
    fn settle(&mut self, size: u32, course: &RaceHooks<'_>) -> Result<(), Ended> {
        while let Some((rival, open)) = self.rival(size) {
            let next = self.shown[rival][open].1 + 1;
            let scope = self.constraints[open].metric.scope();
            self.play(&[rival], scope, next, course)?;
            self.weigh(rival);
        }
        Ok(())
    }

    /// Drops whoever is worse than the best of those that keep the constraints.
    fn beat(&mut self, size: u32) {
        let Some(best) = self.least(|candidate| self.is_proven(candidate)) else {
            return;
        };
        let error = self.error_of(size);
        for candidate in self.contenders() {
            let worse = self.record.difference(candidate, best, self.minimize, true);
            if candidate != best && worse.is_some_and(|mean| mean.chance_above(0.0) <= error) {
                self.standing[candidate] = Standing::Beaten(best);
            }
        }
    }
}
