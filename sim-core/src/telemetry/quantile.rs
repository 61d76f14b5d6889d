//! Quantiles of latencies: exactly, or as a histogram shows them where the signal has one.

use super::buckets::Buckets;
use super::counts::Mark;
use super::latencies::{Latencies, Span, Spans};
use super::law::LatencyLaw;
use super::query::{Query, Range};
use super::rank::{Walker, ranked};
use super::store::Store;
use crate::engine::SimTime;
use crate::faults::Conditions;
use crate::policy::gate::{Flaw, Reading};

impl Store<'_> {
    /// Reads the quantile `q` of the latencies in a range: of `n` requests the one of rank `q n`, rounded
    /// up. Where there are `marks`, it may be any value on the same side of each.
    pub(super) fn quantile(
        &mut self,
        world: &mut Conditions<'_>,
        (query, range): (Query, Range),
        now: SimTime,
        (q, marks): (f64, &[Mark]),
    ) -> Reading {
        let plan = self.plan;
        let Some(law) = &plan.signals[query.signal].law else {
            return Reading::flawed(Flaw::ZeroDenominator);
        };
        let spans = if plan.effects.any_on_data() {
            self.distorted_spans(world, (query, range), now)
        } else {
            self.plain_spans(query, range)
        };
        let total = self.total(&spans);
        if !marks.is_empty()
            && total > 0.0
            && let Some(value) = self.side(law, &spans, (q, total), marks)
        {
            return Reading::of(value, libm::round(total) as u64);
        }
        match self.of_rank(law, &spans, (q, total)) {
            Some(value) => Reading::of(value, libm::round(total) as u64),
            None => Reading::flawed(Flaw::ZeroDenominator),
        }
    }

    /// Returns the number of requests in `spans`, each as often as it counts.
    fn total(&self, spans: &Spans) -> f64 {
        let requests = |span: &Span| {
            let Range { from, to } = span.range;
            span.weight * self.series[span.series].between(from, to).denominator
        };
        spans
            .iter()
            .filter(|span| span.counts())
            .map(requests)
            .sum()
    }

    /// Returns the latency of rank `q` times `total`, of the requests themselves or of their buckets.
    fn of_rank(&mut self, law: &LatencyLaw, spans: &Spans, at: (f64, f64)) -> Option<f64> {
        let (mut walkers, mut counted) = (Vec::new(), Vec::new());
        for (latencies, weight) in self.weighed(spans) {
            match latencies {
                Latencies::Each(tree) => walkers.push(Walker::new(tree, weight)),
                Latencies::Counted(buckets) => counted.push((buckets, weight)),
            }
        }
        if law.bounds().is_empty() {
            ranked(law, walkers, at)
        } else {
            Buckets::quantile(law, counted, at)
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

    /// Returns the intervals of `spans` in which there were any requests, and how many times each counts.
    fn weighed(&mut self, spans: &Spans) -> impl Iterator<Item = (&mut Latencies, f64)> {
        let series = self.series.iter_mut().enumerate();
        series
            .flat_map(move |(index, series)| series.latencies_of(index, spans))
            .filter(|(latencies, weight)| *weight > 0.0 && latencies.total() > 0)
    }
}
