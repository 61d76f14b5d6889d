//! Quantiles of latencies: bins are counted from the fastest on, and no further than the answer lies.

use super::latency::{BINS, Bins};
use super::store::{Query, Range, Store};
use crate::engine::SimTime;
use crate::policy::gate::{Flaw, Reading};
use crate::world::Conditions;

/// The parts of the latencies that answer a query: old and new ones of the canary and of the control. Those
/// of no weight count nothing.
pub(super) type Spans = [Span; 4];

/// A part of the latencies that answer a query.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub series: usize,
    pub range: Range,
    /// How many times each counts.
    pub weight: f64,
}

impl Span {
    fn weighed(&self, count: u64) -> u64 {
        if self.weight == 1.0 {
            count
        } else {
            libm::round(count as f64 * self.weight) as u64
        }
    }
}

impl Store<'_> {
    /// Reads the quantile `q` of the latencies in a range.
    pub(super) fn quantile(
        &mut self,
        world: &mut Conditions<'_>,
        (query, range): (Query, Range),
        now: SimTime,
        q: f64,
    ) -> Reading {
        let plan = self.plan;
        let Some(bins) = &plan.signals[query.signal].bins else {
            return Reading::flawed(Flaw::ZeroDenominator);
        };
        let spans = if plan.has_data_effects() {
            self.distorted_spans(world, (query, range), now)
        } else {
            self.plain_spans(query, range)
        };
        let (counts, bins_seen) = self.counts(bins, &spans, q);
        let counts = &counts[..bins_seen];
        match bins.quantile(counts, q) {
            Some(value) => Reading::of(value, counts.iter().sum()),
            None => Reading::flawed(Flaw::ZeroDenominator),
        }
    }

    /// All latencies of a range count once.
    fn plain_spans(&self, query: Query, range: Range) -> Spans {
        let places = self.places(query);
        std::array::from_fn(|place| {
            let series = places.start + place;
            Span {
                series,
                range,
                weight: f64::from(u8::from(places.contains(&series))),
            }
        })
    }

    /// Counts latencies by bins, as far as the quantile `q` needs them, and says how many bins that are:
    /// all that lies above is counted in the last of them.
    fn counts(&mut self, bins: &Bins, spans: &Spans, q: f64) -> ([u64; BINS], usize) {
        let spans = || spans.iter().filter(|span| span.weight > 0.0);
        let total = spans().map(|span| self.total(span)).sum::<Option<u64>>();
        let (mut counts, mut below) = ([0; BINS], 0);
        for bin in 0..BINS {
            let count = |span: &Span| {
                let Range { from, to } = span.range;
                span.weighed(self.series[span.series].latencies_in(bins, bin, from, to))
            };
            counts[bin] = spans().map(count).sum();
            below += counts[bin];
            if let Some(total) = total
                && bin + 1 < BINS
                && counts[bin] > 0
                && below as f64 >= q * total as f64
            {
                counts[bin + 1] = total - below;
                return (counts, bin + 2);
            }
        }
        (counts, BINS)
    }

    /// Returns how many latencies there are in `span`; none where only their bins can tell.
    fn total(&mut self, span: &Span) -> Option<u64> {
        let Range { from, to } = span.range;
        (span.weight == 1.0).then(|| self.series[span.series].latencies(from, to))
    }
}
