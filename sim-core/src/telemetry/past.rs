//! The past: what a look-back time sees that began before the rollout did.
//!
//! A query that covers a whole service has been answered for months when a rollout starts, and its window at the start
//! is full. Everything was on the old version then and nothing was wrong; the load was that of the first interval.

use super::law::Shape;
use super::level::{Level, Spot, level};
use super::measure::value;
use super::query::Query;
use super::sampler::{Sampler, normal_level};
use super::store::Store;
use super::sums::Sums;
use super::{SignalKind, histogram_quantile};
use crate::address;
use crate::engine::SimTime;
use crate::faults::Conditions;
use crate::policy::gate::{Flaw, Measure, Population, Reading};

/// The level of a service to which nothing has happened.
const USUAL: Level = Level {
    mean: 1.0,
    affected: 0.0,
    slower: 1.0,
    factor: 1.0,
};

impl Store<'_> {
    /// Answers a query at `now` as if the service had been running for long. Queries of the new version, of recorded
    /// signals and of what is no count of requests have no past; quantiles have one only before the first scrape.
    pub fn read_with_past(
        &mut self,
        world: &mut Conditions<'_>,
        query: Query,
        now: SimTime,
    ) -> Reading {
        let passed = self.asked(world, query, now).to;
        let here = self.read(world, query, now);
        let is_new = matches!(
            query.population,
            Population::Canary | Population::CanaryBaseline
        );
        if is_new || passed >= query.back || self.recording(query).is_some() {
            return here;
        }
        let nothing_yet = passed == 0 && here.noted == Some(Flaw::Missing);
        if here.noted.is_some_and(|flaw| flaw != Flaw::ZeroDenominator) && !nothing_yet {
            return here;
        }
        match query.measure {
            Measure::Ratio | Measure::Count => {
                let normal = normal_level(&self.plan.telemetry.signals[query.signal].kind);
                let asked = (query.signal, query.back - passed);
                let mut all = self.before(world, asked, normal);
                if !nothing_yet {
                    all.add(self.passed_of(world, query, now));
                }
                value(query.measure, all)
            }
            Measure::Quantile(q) if nothing_yet => self.usual_quantile(world, query, (q, USUAL)),
            _ => here,
        }
    }

    /// The sums of what has passed of a look-back time.
    fn passed_of(&mut self, world: &mut Conditions<'_>, query: Query, now: SimTime) -> Sums {
        let asked = self.asked(world, query, now);
        match self.range(world, query, asked, now) {
            Ok(range) => self.sums(world, (query, range), now),
            Err(_) => Sums::default(),
        }
    }

    /// The sums of the last so many intervals before the start.
    fn before(
        &mut self,
        world: &Conditions<'_>,
        (signal, intervals): (usize, u64),
        level: f64,
    ) -> Sums {
        let SignalKind::Ratio { correlation, .. } = self.plan.telemetry.signals[signal].kind else {
            return Sums::default();
        };
        let drawn = self.before.entry(signal).or_default();
        for k in drawn.len() as u64..intervals {
            let requests = world.environment.requests_before(k as u32);
            let (entity, tick) = (signal as u32, k as u32);
            let mut draws = self.key.draws(address::BEFORE, entity, tick);
            let more = Sampler::default().ratio(&mut draws, requests, level, correlation);
            let mut sums = drawn.last().copied().unwrap_or_default();
            sums.add(more);
            drawn.push(sums);
        }
        let last = (intervals as usize).checked_sub(1);
        last.map_or(Sums::default(), |last| drawn[last])
    }

    /// Answers a query just before the start, with what goes wrong on the old version already then: requests of a ratio are
    /// drawn, everything else is as it is expected to be.
    pub fn read_before(&mut self, world: &mut Conditions<'_>, query: Query) -> Reading {
        let kind = self.plan.telemetry.signals[query.signal].kind.clone();
        let spot = Spot {
            population: Population::Control,
            share: 0.0,
            span: (SimTime::ZERO, SimTime::ZERO),
            seen_in: None,
        };
        let of = &self.plan.signals[query.signal];
        let level = level(of, world, spot, normal_level(&kind), 1.0);
        let back = query.back.max(1);
        let hosts = f64::from(self.plan.hosts);
        let hours = self.plan.interval.as_secs_f64() * back as f64 / 3600.0;
        let expected = |value: f64, samples: f64| Reading::of(value, samples as u64);
        match (kind, query.measure) {
            (SignalKind::Ratio { .. }, measure) => {
                let all = self.before(world, (query.signal, back), level.mean);
                value(measure, all)
            }
            (SignalKind::Latency { .. }, Measure::Quantile(q)) => {
                self.usual_quantile(world, query, (q, level))
            }
            (SignalKind::Count { .. }, Measure::Count) => {
                let events = level.mean * hosts * hours;
                expected(events, events)
            }
            (SignalKind::RatioOfRuns { runs_per_hour, .. }, Measure::Count) => {
                expected(level.mean * runs_per_hour * hours, runs_per_hour * hours)
            }
            (SignalKind::RatioOfRuns { runs_per_hour, .. }, _) => {
                expected(level.mean, runs_per_hour * hours)
            }
            (SignalKind::Updates, _) => Reading::flawed(Flaw::Missing),
            _ => expected(level.mean, hosts * back as f64),
        }
    }

    /// A quantile of the latencies as they are then.
    fn usual_quantile(
        &self,
        world: &Conditions<'_>,
        query: Query,
        (q, level): (f64, Level),
    ) -> Reading {
        let Some(law) = &self.plan.signals[query.signal].law else {
            return Reading::flawed(Flaw::ZeroDenominator);
        };
        let usual = Shape::new(level.affected, level.slower, level.factor);
        let samples = world.environment.mean_before() * query.back as f64;
        let value = if law.bounds().is_empty() {
            let ends = (f64::NEG_INFINITY, law.last());
            Some(law.latency(law.inverse(q, usual, ends)))
        } else {
            let upto = |bucket| law.upto_bucket(bucket, usual);
            let inside = |bucket: usize| upto(bucket) - bucket.checked_sub(1).map_or(0.0, upto);
            let buckets = 0..=law.bounds().len();
            histogram_quantile(law.bounds(), buckets.map(inside), q)
        };
        match value {
            Some(value) => Reading::of(value, samples as u64),
            None => Reading::flawed(Flaw::ZeroDenominator),
        }
    }
}
