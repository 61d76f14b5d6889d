//! How a sample of a series is drawn: its level, what is counted around it, and what is lost on its way.

use super::latencies::Latencies;
use super::law::Shape;
use super::level::{Level, Spot, level};
use super::sample_loss::{arriving, thinned};
use super::sampler::{Sampler, count, gauge, normal_level};
use super::sampling_plan::SamplingPlan;
use super::series::Series;
use super::sums::Sums;
use super::{Counted, Recording, Signal, SignalKind};
use crate::address;
use crate::engine::{Draws, Key, sample};
use crate::faults::Conditions;
use crate::policy::gate::Population;

impl Series {
    pub(super) fn draw(
        &mut self,
        plan: &SamplingPlan<'_>,
        key: Key,
        world: &mut Conditions<'_>,
        k: u64,
    ) {
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
        let draws = key.draws(address::SAMPLE, number * 4 + population, k as u32);
        let more = self.of_kind(&signal.kind, (plan, &mut *world), (level, k), draws);
        let more = if plan.effects.any_on_data() {
            self.what_arrives((plan, key), world, k, more)
        } else {
            more
        };
        self.push(more);
    }

    /// What the interval brings, drawn around its level.
    fn of_kind(
        &mut self,
        kind: &SignalKind,
        (plan, world): (&SamplingPlan<'_>, &mut Conditions<'_>),
        (level, k): (Level, u64),
        mut draws: Draws,
    ) -> Sums {
        let population = self.population;
        match kind {
            SignalKind::Ratio { .. }
            | SignalKind::Heartbeat { .. }
            | SignalKind::RatioOfRuns { .. } => {
                self.ratio_of_kind(kind, (plan, world), (level.mean, k), &mut draws)
            }
            SignalKind::Updates => updates(world, population, k),
            SignalKind::Count { size, .. } => {
                let exposed = host_hours(plan, world, population, k);
                count(&mut draws, level.mean, exposed, *size)
            }
            SignalKind::Gauge { sd, .. } => {
                let hosts = hosts(plan, world, population, k);
                gauge(
                    &mut draws,
                    level.mean,
                    *sd,
                    hosts * plan.scrapes_each as f64,
                )
            }
            SignalKind::Latency { .. } => self.begin_latencies(plan, draws, world, (level, k)),
        }
    }

    fn ratio_of_kind(
        &mut self,
        kind: &SignalKind,
        (plan, world): (&SamplingPlan<'_>, &mut Conditions<'_>),
        (mean, k): (f64, u64),
        draws: &mut Draws,
    ) -> Sums {
        match kind {
            SignalKind::Ratio {
                correlation,
                unheard,
                ..
            } => {
                let requests = world.environment.requests(self.population, k);
                let all = self.sampler.ratio(draws, requests, mean, *correlation);
                Sampler::heard(draws, all, *unheard)
            }
            SignalKind::Heartbeat { .. } => {
                let hosts = hosts(plan, world, self.population, k);
                let scrapes = libm::round(hosts * plan.scrapes_each as f64) as u64;
                self.sampler.ratio(draws, scrapes, mean, 0.0)
            }
            SignalKind::RatioOfRuns {
                runs_per_hour,
                correlation,
                ..
            } => {
                let runs = runs_per_hour * hours(plan) * world.environment.part(self.population, k);
                let runs = sample::poisson(draws, runs);
                self.sampler.ratio(draws, runs, mean, *correlation)
            }
            _ => Sums::default(),
        }
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
