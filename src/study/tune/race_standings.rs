//! What is known of the candidates of a race: who keeps the constraints, who is best, and what is still open.

use super::bounds::rate_bounds;
use super::constraint::Constraint;
use super::successive_rejects::{AHEAD, ERROR, MARGIN, Race, Standing, runs_at, share, ties};

/// A limit of none at all counts as kept after so many clean rollouts.
const CLEAN: u64 = 300;
/// From this size on, a candidate without any rollout that tells about a release is waited for no longer.
const TELLING: u32 = 5;

impl Race<'_> {
    /// Holds a candidate against the constraints, at every size that it has reached since.
    pub(super) fn weigh(&mut self, candidate: usize) {
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
    pub(super) fn least(&self, fits: impl Fn(usize) -> bool) -> Option<usize> {
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

    pub(super) fn error_of(&self, size: u32) -> f64 {
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

    pub(super) fn is_decided(&self, size: u32) -> bool {
        let best = self.least(|candidate| self.is_proven(candidate));
        best.is_some_and(|best| self.open(best, size).is_empty())
    }

    /// A contender that is no worse than the best of those that keep the constraints, and one of which that
    /// is open.
    pub(super) fn rival(&self, size: u32) -> Option<(usize, usize)> {
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
}
