//! Counts: how many requests of each interval are at most as long as a limit.

use super::latencies::Latencies;
use super::law::LatencyLaw;
use super::query::Range;
use super::rank::{Upto, upto};

/// A limit that quantiles are compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mark {
    pub(super) limit: f64,
    /// Its logarithm; minus infinity where no latency is at or below it.
    pub(super) log: f64,
    /// Which part of the requests of an interval a rough count may leave open.
    pub(super) rough: f64,
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
pub(super) struct Counts(Vec<CountedInterval>);

#[derive(Clone, Debug)]
struct CountedInterval {
    pub(super) log: f64,
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
        law: &LatencyLaw,
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
    fn counted(&mut self, (log, open): (f64, f64), from: u64) -> &mut CountedInterval {
        let begin = || CountedInterval {
            log,
            open,
            from,
            sums: vec![Upto::default()],
        };
        let of = |counted: &CountedInterval| (counted.log, counted.open) == (log, open);
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

impl CountedInterval {
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
    fn upto(&mut self, law: &LatencyLaw, (log, open): (f64, f64)) -> Upto {
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

#[cfg(test)]
#[path = "tests/counts.rs"]
mod tests;
