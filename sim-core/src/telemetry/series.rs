//! Series: the samples of one signal in one population, drawn when somebody looks.

use std::sync::Arc;

use super::Movement;
use super::counts::Counts;
use super::latencies::{Latencies, Span, Spans};
use super::law::LatencyLaw;
use super::query::Range;
use super::rank::Upto;
use super::sampler::Sampler;
use super::sampling_plan::SamplingPlan;
use super::sums::Sums;
use super::tree::Room;
use crate::engine::Key;
use crate::faults::Conditions;
use crate::policy::gate::Population;

/// The samples of one signal in one population.
///
/// Sample `k` belongs to scrape interval `k`. Sums are cumulative, so that any window costs two
/// look-ups; they hold whole numbers (or means of gauges) and lose nothing.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    pub(super) signal: usize,
    pub(super) population: Population,
    pub(super) movement: Movement,
    /// The interval before the first that is kept.
    base: u64,
    sums: Vec<Sums>,
    pub(super) latencies: Vec<Latencies>,
    /// Memory of intervals that were let go of.
    pub(super) spare: Vec<Room>,
    counts: Counts,
    pub(super) sampler: Sampler,
}

impl Series {
    pub fn new(plan: &SamplingPlan<'_>, key: Key, signal: usize, population: Population) -> Self {
        let motion = Arc::clone(&plan.signals[signal].motion);
        Self {
            signal,
            population,
            movement: Movement::new(motion, key, signal as u32, population),
            base: 0,
            sums: vec![Sums::default()],
            latencies: Vec::new(),
            spare: Vec::new(),
            counts: Counts::default(),
            sampler: Sampler::default(),
        }
    }

    /// Returns how many intervals any gate looks back.
    pub fn reach(&self, plan: &SamplingPlan<'_>) -> u64 {
        plan.signals[self.signal].reach
    }

    /// Moves on under another key.
    pub fn reseed(&mut self, key: Key) {
        self.movement.reseed(key);
    }

    /// Draws what is missing of the intervals after `from` up to `to`.
    ///
    /// What lies before is forgotten only when nobody has looked since: a look-back never needs more
    /// than the longest window, which is what `from` stands for.
    pub fn cover(
        &mut self,
        plan: &SamplingPlan<'_>,
        key: Key,
        world: &mut Conditions<'_>,
        from: u64,
        to: u64,
    ) {
        let mut newest = self.base + self.sums.len() as u64 - 1;
        if newest < from {
            self.sums.truncate(1);
            self.sums[0] = Sums::default();
            self.forget(self.latencies.len());
            self.counts.clear();
            self.base = from;
            newest = from;
        }
        for k in newest + 1..=to {
            self.draw(plan, key, world, k);
        }
    }

    /// Lets go of what lies before `from` where it is most of what is kept.
    pub fn let_go(&mut self, from: u64) {
        let surplus = from.saturating_sub(self.base) as usize;
        if surplus > 64 && surplus > self.sums.len() / 2 {
            self.sums.drain(..surplus);
            self.forget(surplus.min(self.latencies.len()));
            self.counts.let_go(from);
            self.base = from;
        }
    }

    /// Lets go of the latencies of the first so many intervals, and keeps their memory.
    fn forget(&mut self, intervals: usize) {
        let gone = self.latencies.drain(..intervals);
        self.spare.extend(gone.filter_map(Latencies::into_room));
    }

    /// Returns the sums over the intervals after `from` up to `to`, both covered.
    pub fn between(&self, from: u64, to: u64) -> Sums {
        let at = |k: u64| self.sums[(k.max(self.base) - self.base) as usize];
        at(to).less(at(from))
    }

    /// Counts the latencies in a range, which is covered, up to a logarithm; the part `open` of each interval
    /// may be left open.
    pub fn upto(&mut self, law: &LatencyLaw, (log, open): (f64, f64), range: Range) -> Upto {
        let kept = (&mut self.latencies[..], self.base);
        self.counts.upto(law, kept, (log, open), range)
    }

    /// Returns the latencies of the intervals in any of `spans` of this series, the number `index`, and how
    /// many times each counts.
    pub fn latencies_of(
        &mut self,
        index: usize,
        spans: &Spans,
    ) -> impl Iterator<Item = (&mut Latencies, f64)> {
        let own = move |span: &&Span| span.series == index && span.weight > 0.0;
        let own = spans.iter().filter(own);
        // A window that is shifted further back than anybody was to look finds nothing.
        let place = |k: u64| k.saturating_sub(self.base) as usize;
        let from = own.clone().map(|span| span.range.from).min();
        let to = own.clone().map(|span| span.range.to).max();
        let (from, to) = (place(from.unwrap_or(0)), place(to.unwrap_or(0)));
        let first = self.base + from as u64 + 1;
        let inside = self.latencies.iter_mut().take(to).skip(from);
        (first..).zip(inside).map(move |(k, latencies)| {
            let inside = |span: &&Span| span.range.from < k && k <= span.range.to;
            let weights = own.clone().filter(inside).map(|span| span.weight);
            (latencies, weights.sum())
        })
    }

    pub(super) fn push(&mut self, more: Sums) {
        let mut sums = *self.sums.last().expect("the base is always there");
        sums.add(more);
        self.sums.push(sums);
    }
}
