//! Sides: whether a quantile lies below or above a limit, from counts alone.
//!
//! A quantile is at most `x` exactly where at least as many requests as its rank are. So each interval is
//! counted once for each limit, however many looks cover it, and no look has to search. A rough count, which
//! leaves some requests around the limit open, mostly tells.

use super::law::Law;
use super::quantile::{Latencies, Spans};
use super::rank::{Upto, rank, upto};
use super::store::{Range, Store};

/// A limit that quantiles are compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mark {
    limit: f64,
    /// Its logarithm; minus infinity where no latency is at or below it.
    log: f64,
    /// Which part of the requests of an interval a rough count may leave open.
    rough: f64,
}

impl Mark {
    /// A rough count leaves open so much of those on the smaller side of the quantile.
    const ROUGH: f64 = 0.25;

    /// Marks a limit of the quantile `q`, in milliseconds, which is not NaN.
    pub fn new(limit: f64, q: f64) -> Self {
        let log = if limit > 0.0 {
            libm::log(limit)
        } else {
            f64::NEG_INFINITY
        };
        let rough = Self::ROUGH * q.min(1.0 - q).max(0.0);
        Self { limit, log, rough }
    }
}

/// How many requests of each interval are at most as long as each of some limits.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts(Vec<Counted>);

#[derive(Clone, Debug)]
struct Counted {
    log: f64,
    /// Which part of the requests of each interval may be left open.
    open: f64,
    /// The interval before the first that is counted.
    from: u64,
    /// Cumulative, from 0 on.
    sums: Vec<Upto>,
}

impl Counts {
    /// Forgets everything.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Lets go of what lies before `base`.
    pub fn let_go(&mut self, base: u64) {
        self.0.retain_mut(|counted| {
            let surplus = base.saturating_sub(counted.from) as usize;
            let any = surplus < counted.sums.len();
            if any && surplus > 0 {
                counted.sums.drain(..surplus);
                counted.from = base;
            }
            any
        });
    }

    /// Counts the requests up to the logarithm `log` in the intervals after `range.from` up to `range.to`;
    /// `latencies` are those of the intervals after `base`. Of each the part `open` may be left open.
    pub fn upto(
        &mut self,
        law: &Law,
        (latencies, base): (&mut [Latencies], u64),
        (log, open): (f64, f64),
        range: Range,
    ) -> Upto {
        let (from, to) = (range.from.max(base), range.to.max(base));
        let counted = self.counted((log, open), from);
        while counted.newest() < to {
            let next = (counted.newest() - base) as usize;
            let more = latencies[next].upto(law, (log, open));
            counted.push(more);
        }
        let at = |k: u64| counted.sums[(k - counted.from) as usize];
        let (before, after) = (at(from), at(to));
        Upto {
            least: after.least - before.least,
            most: after.most - before.most,
        }
    }

    /// Returns the counts up to `log`, which begin at `from` or before and go on at least to there.
    fn counted(&mut self, (log, open): (f64, f64), from: u64) -> &mut Counted {
        let begin = || Counted {
            log,
            open,
            from,
            sums: vec![Upto::default()],
        };
        let of = |counted: &Counted| (counted.log, counted.open) == (log, open);
        let known = self.0.iter().position(of);
        let place = known.unwrap_or_else(|| {
            self.0.push(begin());
            self.0.len() - 1
        });
        let counted = &mut self.0[place];
        if from < counted.from || counted.newest() < from {
            *counted = begin();
        }
        counted
    }
}

impl Counted {
    fn newest(&self) -> u64 {
        self.from + self.sums.len() as u64 - 1
    }

    fn push(&mut self, more: Upto) {
        let newest = self.sums[self.sums.len() - 1];
        self.sums.push(Upto {
            least: newest.least + more.least,
            most: newest.most + more.most,
        });
    }
}

impl Latencies {
    fn upto(&mut self, law: &Law, (log, open): (f64, f64)) -> Upto {
        match self {
            Self::Each(tree) => {
                let open = open * tree.total() as f64;
                upto(law, tree, log, open as u64)
            }
            Self::Counted(buckets) => Upto {
                least: 0,
                most: buckets.total(),
            },
        }
    }
}

impl Store<'_> {
    /// Returns a value on the same side of each of `marks`, of which there are some, as the quantile `q` of
    /// the latencies in `spans`; none where it is too near to one of them to be told from counts.
    pub(super) fn side(
        &mut self,
        law: &Law,
        spans: &Spans,
        (q, total): (f64, f64),
        marks: &[Mark],
    ) -> Option<f64> {
        let mut above = None;
        for mark in marks {
            let mut is_below = |open| self.is_below(law, spans, (q, total), (mark.log, open));
            if is_below(mark.rough).or_else(|| is_below(0.0))? {
                return Some(between(above, Some(mark.limit)));
            }
            above = Some(mark.limit);
        }
        Some(between(above, None))
    }

    /// Whether the quantile `q` lies below a limit with this logarithm, when each interval is counted but for
    /// the part `open`; none where that is too much.
    fn is_below(
        &mut self,
        law: &Law,
        spans: &Spans,
        (q, total): (f64, f64),
        (log, open): (f64, f64),
    ) -> Option<bool> {
        let (rank, unsure) = (rank(q, total), ROUNDING * total);
        let (mut least, mut most) = (0.0, 0.0);
        for span in spans.iter().filter(|span| span.counts()) {
            let upto = self.series[span.series].upto(law, (log, open), span.range);
            least += span.weight * upto.least as f64;
            most += span.weight * upto.most as f64;
        }
        let (below, not_above) = (least > rank + unsure, most >= rank - unsure);
        (below == not_above).then_some(below)
    }
}

/// Sums of so many requests, whole or weighted, differ by less of their total for rounding.
const ROUNDING: f64 = 1e-12;

/// Returns a value above one limit and below the other.
fn between(above: Option<f64>, below: Option<f64>) -> f64 {
    match (above, below) {
        (None, Some(below)) => below / 2.0,
        (Some(above), Some(below)) => f64::midpoint(above, below),
        (Some(above), None) => above.abs() * 2.0 + 1.0,
        (None, None) => 1.0,
    }
}

#[cfg(test)]
#[path = "tests/side.rs"]
mod tests;
