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

use super::bounds::rate_bounds;
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
const AHEAD: u32 = 7;
/// A limit of none at all counts as kept after so many clean rollouts.
const CLEAN: u64 = 300;

/// From this size on, a candidate without any rollout that tells about a release is waited for no longer.
const TELLING: u32 = 5;

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
    constraints: &'a [Constraint],
    minimize: Metric,
    /// A candidate that is played to the end for comparison, however it stands.
    current: usize,
    /// What was played.
    pub record: Record,
    /// How each candidate stands.
    pub standing: Vec<Standing>,
    /// Which constraints each candidate was shown to keep, and the size up to which that was asked.
    shown: Vec<Vec<(bool, u32)>>,
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
fn share(i: u32) -> f64 {
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

    /// Holds a candidate against the constraints, at every size that it has reached since.
    fn weigh(&mut self, candidate: usize) {
        for (at, constraint) in self.constraints.iter().enumerate() {
            let runs = self.record.runs_in(candidate, constraint.metric.scope());
            let mut size = self.shown[candidate][at].1 + 1;
            while runs_at(size) <= runs {
                let (keeps, breaks) = self.verdict(candidate, constraint, size);
                self.shown[candidate][at] = (self.shown[candidate][at].0 || keeps, size);
                if breaks && self.standing[candidate] == Standing::Racing {
                    self.standing[candidate] = Standing::Breaks(at);
                }
                size += 1;
            }
        }
    }

    /// Whether a candidate keeps a constraint, and whether it breaks it, beyond doubt.
    fn verdict(&self, candidate: usize, constraint: &Constraint, size: u32) -> (bool, bool) {
        let runs = runs_at(size);
        let breaking = ERROR / 3.0 / self.constraints.len() as f64 * share(size);
        let keeping = breaking / self.standing.len() as f64;
        let metric = constraint.metric;
        match constraint.bad_share() {
            Some(limit) => {
                let (bad, all) = self
                    .record
                    .count(candidate, metric, runs, |value| constraint.is_bad(value));
                let clean = limit == 0.0 && bad == 0 && all >= CLEAN;
                // Without a rollback no deadline was broken; but who meets no regression is untested.
                let idle = all == 0 && size > 2 && metric.is_wanted();
                (
                    clean || idle || rate_bounds(bad, all, keeping).1 <= limit,
                    rate_bounds(bad, all, breaking).0 > limit,
                )
            }
            None => match self.record.mean(candidate, metric, runs) {
                Some(mean) => (
                    mean.interval(keeping).1 <= constraint.limit,
                    mean.interval(breaking).0 > constraint.limit,
                ),
                None => (false, false),
            },
        }
    }

    /// Says whether a candidate was shown to keep every constraint.
    pub fn is_proven(&self, candidate: usize) -> bool {
        self.shown[candidate].iter().all(|(keeps, _)| *keeps)
    }

    /// Says whether what was seen of a candidate is within this part of every limit.
    pub fn seems_fit(&self, candidate: usize, part: f64) -> bool {
        let mut constraints = self.constraints.iter();
        constraints.all(|constraint| self.used(candidate, constraint) <= part)
    }

    /// The figure to be minimised, over everything that was played of the candidate.
    pub fn objective(&self, candidate: usize) -> f64 {
        let runs = self.record.runs_in(candidate, self.minimize.scope());
        self.record
            .mean(candidate, self.minimize, runs)
            .map_or(f64::INFINITY, |mean| mean.value)
    }

    /// Returns the contender with the least objective among those that `fits`.
    fn least(&self, fits: impl Fn(usize) -> bool) -> Option<usize> {
        let fitting = self
            .contenders()
            .into_iter()
            .filter(|&candidate| fits(candidate));
        fitting.min_by(|&one, &other| self.objective(one).total_cmp(&self.objective(other)))
    }

    /// Returns how far what was seen of a candidate is inside of the limit that is nearest: 0 at the limit, 1
    /// where nothing bad was seen, negative beyond.
    pub fn margin(&self, candidate: usize) -> f64 {
        let used = self.constraints.iter();
        let used = used.map(|constraint| self.used(candidate, constraint));
        1.0 - used.fold(0.0, f64::max)
    }

    /// Returns the part of a limit that a candidate uses up by what was seen of it; infinite where nothing
    /// was allowed and something was seen.
    pub fn used(&self, candidate: usize, constraint: &Constraint) -> f64 {
        let metric = constraint.metric;
        let runs = self.record.runs_in(candidate, metric.scope());
        let (seen, allowed) = if let Some(limit) = constraint.bad_share() {
            let is_bad = |value| constraint.is_bad(value);
            let (bad, all) = self.record.count(candidate, metric, runs, is_bad);
            (bad as f64, limit * all as f64)
        } else {
            let mean = self.record.mean(candidate, metric, runs);
            (mean.map_or(0.0, |mean| mean.value), constraint.limit)
        };
        if seen == 0.0 { 0.0 } else { seen / allowed }
    }

    /// Returns the contender with most room to the constraints among those that have the least objective
    /// and that `fits`.
    fn roomiest(&self, fits: impl Fn(usize) -> bool) -> Option<usize> {
        let least = self.objective(self.least(&fits)?);
        let tied = |&candidate: &usize| fits(candidate) && ties(self.objective(candidate), least);
        let tied = self.contenders().into_iter().filter(tied);
        // The first one of equals, because the candidates are in the order of the variations.
        tied.rev()
            .max_by(|&one, &other| self.margin(one).total_cmp(&self.margin(other)))
    }

    /// Returns the best: of those that were shown to keep the constraints, else of those that seem to; of
    /// equals the one with most room to the constraints, and the current one where none has more.
    pub fn best(&self) -> Option<usize> {
        let best = self.roomiest(|candidate| self.is_proven(candidate));
        let best = best.or_else(|| self.roomiest(|candidate| self.seems_fit(candidate, 1.0)))?;
        let current = self.current;
        let as_good = self.standing[current] == Standing::Racing
            && self.objective(current) <= self.objective(best)
            && self.margin(current) >= self.margin(best)
            && (self.is_proven(current) || !self.is_proven(best));
        Some(if as_good { current } else { best })
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

    /// A contender that is no worse than the best of those that keep the constraints, and one of which that
    /// is open.
    fn rival(&self, size: u32) -> Option<(usize, usize)> {
        let best = self.least(|candidate| self.is_proven(candidate))?;
        let least = self.objective(best);
        self.contenders().into_iter().find_map(|candidate| {
            let shown = &self.shown[candidate];
            let open = shown.iter().position(|(keeps, _)| !keeps)?;
            let objective = self.objective(candidate);
            let no_worse = objective <= least || ties(objective, least);
            let may = shown[open].1 < size + AHEAD && self.seems_fit(candidate, 1.0);
            (no_worse && may).then_some((candidate, open))
        })
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

    fn error_of(&self, size: u32) -> f64 {
        ERROR / 3.0 / self.standing.len() as f64 * share(size)
    }

    /// Returns who is left and may be better than `best` by more than the margin.
    fn open(&self, best: usize, size: u32) -> Vec<usize> {
        let error = self.error_of(size);
        let least = -MARGIN * self.objective(best).abs();
        // Who met no regression so far cannot be shown to be worse, and will not be recommended.
        let tells = |candidate: usize| {
            let runs = self.record.runs_in(candidate, self.minimize.scope());
            size < TELLING || self.record.mean(candidate, self.minimize, runs).is_some()
        };
        let is_open = |&candidate: &usize| {
            let worse = self.record.difference(candidate, best, self.minimize, true);
            let open = worse.is_none_or(|mean| mean.interval(error).0 < least);
            candidate != best && tells(candidate) && open
        };
        self.contenders().into_iter().filter(is_open).collect()
    }

    fn is_decided(&self, size: u32) -> bool {
        let best = self.least(|candidate| self.is_proven(candidate));
        best.is_some_and(|best| self.open(best, size).is_empty())
    }
}
