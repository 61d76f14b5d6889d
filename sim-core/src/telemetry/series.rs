//! Series: the samples of one signal in one population, drawn when somebody looks.

use std::sync::Arc;

use super::counts::Counts;
use super::latencies::{Latencies, Span, Spans};
use super::law::{Law, Shape};
use super::level::{Level, Spot, level};
use super::query::Range;
use super::rank::Upto;
use super::sample_loss::{arriving, thinned};
use super::sampler::{Sampler, count, gauge, normal_level};
use super::sampling_plan::SamplingPlan;
use super::sums::Sums;
use super::tree::Room;
use super::{Counted, Movement, Recording, Signal, SignalKind};
use crate::address;
use crate::engine::{Draws, Key, sample};
use crate::faults::Conditions;
use crate::policy::gate::Population;

/// The samples of one signal in one population.
///
/// Sample `k` belongs to scrape interval `k`. Sums are cumulative, so that any window costs two
/// look-ups; they hold whole numbers (or means of gauges) and lose nothing.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    signal: usize,
    population: Population,
    movement: Movement,
    /// The interval before the first that is kept.
    base: u64,
    sums: Vec<Sums>,
    latencies: Vec<Latencies>,
    /// Memory of intervals that were let go of.
    spare: Vec<Room>,
    counts: Counts,
    sampler: Sampler,
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
    pub fn upto(&mut self, law: &Law, (log, open): (f64, f64), range: Range) -> Upto {
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

    fn draw(&mut self, plan: &SamplingPlan<'_>, key: Key, world: &mut Conditions<'_>, k: u64) {
        let signal: &Signal = &plan.telemetry.signals[self.signal];
        if let Some(recording) = &signal.recording {
            let sums = self.recorded((plan, key), world, recording, k);
            return self.push(sums);
        }
        let (number, population) = (self.signal as u32, self.population as u32);
        let shift = self.movement.at(k, world.environment.middle(k));
        let spot = Spot::in_interval(world, &signal.id, self.population, k);
        let normal = self.normal(&signal.kind, world, k);
        let level = level(
            &plan.signals[self.signal],
            world,
            spot,
            normal + shift.summand,
            shift.factor,
        );
        let mut draws = key.draws(address::SAMPLE, number * 4 + population, k as u32);
        let more = match &signal.kind {
            SignalKind::Ratio {
                correlation,
                unheard,
                ..
            } => {
                let requests = world.environment.requests(self.population, k);
                let all = self
                    .sampler
                    .ratio(&mut draws, requests, level.mean, *correlation);
                Sampler::heard(&mut draws, all, *unheard)
            }
            SignalKind::Heartbeat { .. } => {
                let hosts = hosts(plan, world, self.population, k);
                let scrapes = libm::round(hosts * plan.scrapes_each as f64) as u64;
                self.sampler.ratio(&mut draws, scrapes, level.mean, 0.0)
            }
            SignalKind::RatioOfRuns {
                runs_per_hour,
                correlation,
                ..
            } => {
                let mean = runs_per_hour * hours(plan) * world.environment.part(self.population, k);
                let runs = sample::poisson(&mut draws, mean);
                self.sampler
                    .ratio(&mut draws, runs, level.mean, *correlation)
            }
            SignalKind::Updates => updates(world, self.population, k),
            SignalKind::Count { size, .. } => {
                let exposed = host_hours(plan, world, self.population, k);
                count(&mut draws, level.mean, exposed, *size)
            }
            SignalKind::Gauge { sd, .. } => {
                let hosts = hosts(plan, world, self.population, k);
                gauge(
                    &mut draws,
                    level.mean,
                    *sd,
                    hosts * plan.scrapes_each as f64,
                )
            }
            SignalKind::Latency { .. } => self.begin_latencies(plan, draws, world, (level, k)),
        };
        let more = if plan.effects.any_on_data() {
            self.what_arrives((plan, key), world, k, more)
        } else {
            more
        };
        self.push(more);
    }

    /// The normal level; of users who always fail it is the share among those of the population.
    fn normal(&self, kind: &SignalKind, world: &Conditions<'_>, k: u64) -> f64 {
        match *kind {
            SignalKind::Ratio {
                base,
                of: Counted::Users,
                ..
            } => {
                let whose = (self.population, k);
                world.environment.failing(self.signal as u32, base, whose)
            }
            _ => normal_level(kind),
        }
    }

    fn push(&mut self, more: Sums) {
        let mut sums = *self.sums.last().expect("the base is always there");
        sums.add(more);
        self.sums.push(sums);
    }

    /// What the population has seen of the step that ends with interval `k`, if one does.
    fn recorded(
        &self,
        (plan, key): (&SamplingPlan<'_>, Key),
        world: &Conditions<'_>,
        recording: &Recording,
        k: u64,
    ) -> Sums {
        let Some(step) = recording.step_at(k, plan.interval) else {
            return Sums::default();
        };
        // Before the start nobody was on the new version.
        let stride = recording.stride(plan.interval);
        let part = |k| world.environment.part(Population::Canary, k);
        let sum: f64 = (k.saturating_sub(stride) + 1..=k).map(part).sum();
        recording.seen(
            (key, self.signal),
            self.population,
            step,
            sum / stride as f64,
        )
    }

    /// What is left of a sample on its way.
    fn what_arrives(
        &mut self,
        (plan, key): (&SamplingPlan<'_>, Key),
        world: &mut Conditions<'_>,
        k: u64,
        sums: Sums,
    ) -> Sums {
        let place = (self.signal, self.population, k);
        let arriving = arriving(plan, world, place);
        if arriving >= 1.0 {
            return sums;
        }
        let left = thinned((plan, key), place, sums, arriving);
        if plan.signals[self.signal].law.is_some()
            && let Some(newest) = self.latencies.last_mut()
        {
            newest.leave(left.denominator as u64);
        }
        left
    }

    fn begin_latencies(
        &mut self,
        plan: &SamplingPlan<'_>,
        draws: Draws,
        world: &mut Conditions<'_>,
        (level, k): (Level, u64),
    ) -> Sums {
        let Some(law) = &plan.signals[self.signal].law else {
            return Sums::default();
        };
        let requests = world.environment.requests(self.population, k);
        let shape = Shape::new(level.affected, level.slower, level.factor);
        let latencies = Latencies::new(&mut self.spare, law, draws, (requests, shape));
        self.latencies.push(latencies);
        Sums {
            numerator: 0.0,
            denominator: requests as f64,
        }
    }
}

/// The outcomes of updates that interval `k` brought.
fn updates(world: &Conditions<'_>, population: Population, k: u64) -> Sums {
    if population == Population::Control {
        return Sums::default();
    }
    let [numerator, denominator] = world.environment.interval(k).updates;
    Sums {
        numerator,
        denominator,
    }
}

fn hours(plan: &SamplingPlan<'_>) -> f64 {
    plan.interval.as_secs_f64() / 3600.0
}

fn hosts(plan: &SamplingPlan<'_>, world: &Conditions<'_>, population: Population, k: u64) -> f64 {
    f64::from(plan.hosts) * world.environment.part(population, k)
}

fn host_hours(
    plan: &SamplingPlan<'_>,
    world: &Conditions<'_>,
    population: Population,
    k: u64,
) -> f64 {
    hosts(plan, world, population, k) * hours(plan)
}
