//! News: what of the samples a test has not taken yet, and the single values that a rank test compares.

use super::query::{Query, Range};
use super::store::Store;
use crate::engine::SimTime;
use crate::faults::Conditions;
use crate::policy::gate::{CountIncrement, Flaw};

/// What came of a test's populations since its last look: the same intervals of each.
#[derive(Clone, Copy, Debug)]
pub(crate) struct News {
    /// The interval up to which the test has taken everything now.
    pub upto: u64,
    /// The canary's part, and that of the population that the limit refers to.
    pub of: [CountIncrement; 2],
}

/// Why there is no news.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoNews {
    pub flaw: Flaw,
    /// The interval up to which what came is lost: spoilt data are never asked for again, data that are
    /// late are.
    pub upto: u64,
}

impl Store<'_> {
    /// Returns what came after interval `after`, for the query and what its limit refers to.
    ///
    /// Where nothing came the increments are empty: that alone is no flaw, as long as the newest sample
    /// is not stale.
    pub fn news(
        &mut self,
        world: &mut Conditions<'_>,
        queries: [Option<Query>; 2],
        after: u64,
        now: SimTime,
    ) -> Result<News, NoNews> {
        let mut common = Range {
            from: after,
            to: u64::MAX,
        };
        for query in queries.into_iter().flatten() {
            let range = self.came(world, query, after, now)?;
            common.from = common.from.max(range.from);
            common.to = common.to.min(range.to);
        }
        if common.to <= common.from {
            let of = [CountIncrement::default(); 2];
            return Ok(News { upto: after, of });
        }
        let increment = |query: Option<Query>| {
            query.map_or(CountIncrement::default(), |query| {
                let sums = self.sums(world, (query, common), now);
                let sums = self.misread_sums(world, (query, sums), now);
                CountIncrement {
                    numerator: sums.numerator as u64,
                    denominator: sums.denominator as u64,
                }
            })
        };
        Ok(News {
            upto: common.to,
            of: queries.map(increment),
        })
    }

    /// The intervals after `after` of which something arrived; they may be none.
    fn came(
        &mut self,
        world: &mut Conditions<'_>,
        query: Query,
        after: u64,
        now: SimTime,
    ) -> Result<Range, NoNews> {
        let to = self.asked(world, query, now).to;
        let asked = Range {
            from: after.min(to),
            to,
        };
        self.cover(world, query, asked, now);
        if self.plan.effects.any_on_data() {
            self.note_hidden(world, (query, asked), now);
        }
        match self.range(world, query, asked, now) {
            Ok(range) => Ok(range),
            Err(Flaw::Missing) if !self.is_reset_within(world, query, asked, now) => Ok(Range {
                from: after,
                to: after,
            }),
            Err(flaw @ (Flaw::Nan | Flaw::Missing)) => Err(NoNews { flaw, upto: to }),
            Err(flaw) => Err(NoNews { flaw, upto: after }),
        }
    }

    /// Returns the values of the look-back time cut into steps of so many intervals, from the newest;
    /// steps without a value are left out.
    pub fn points(
        &mut self,
        world: &mut Conditions<'_>,
        query: Query,
        step: u64,
        now: SimTime,
    ) -> Result<Vec<f64>, Flaw> {
        let mut asked = self.asked(world, query, now);
        if self.plan.effects.any_on_data() {
            asked = self.shifted(world, (query, asked), now);
        }
        self.cover(world, query, asked, now);
        if self.plan.effects.any_on_data() {
            self.note_hidden(world, (query, asked), now);
        }
        let range = self.range(world, query, asked, now)?;
        let step = step.max(1);
        let steps = (range.to - range.from) / step;
        let point = |back: u64| {
            let to = range.to - back * step;
            let from = to - step;
            let seen = (query, Range { from, to });
            let reading = self.measured(world, seen, now, &[]);
            reading.flaw(0).is_none().then_some(reading.value)
        };
        Ok((0..steps).filter_map(point).collect())
    }
}
