//! What a rule looks at: a policy, and the world if one is known.

use sim_core::engine::{Share, SimDuration};
use sim_core::policy::gate::{Measure, Population};
use sim_core::policy::{Gate, Policy, Stage};
use sim_core::telemetry::{Signal, SignalKind};

use crate::World;
use crate::check::each;

/// A policy under inspection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// The world in which it is to work, if somebody says.
    pub world: Option<&'a World>,
    /// Whether there is a rule of this code or name.
    pub is_rule: fn(&str) -> bool,
}

impl<'a> Subject<'a> {
    /// Returns the gates with their paths.
    pub fn gates(&self) -> impl Iterator<Item = (String, &'a Gate)> + use<'a> {
        each("gates", &self.policy.gates)
    }

    /// Returns the stages with their paths.
    pub fn stages(&self) -> impl Iterator<Item = (String, &'a Stage)> + use<'a> {
        each("stages", &self.policy.stages)
    }

    /// Returns the gates of a list of names that exist.
    pub fn named(&self, names: &'a [String]) -> impl Iterator<Item = &'a Gate> + use<'a> {
        let policy = self.policy;
        names.iter().filter_map(|name| policy.gate(name))
    }

    /// Returns the stages that read the gate called `id`.
    pub fn readers(&self, id: &str) -> impl Iterator<Item = &'a Stage> {
        let reads = move |stage: &&Stage| {
            stage
                .criteria
                .iter()
                .chain(&stage.triggers)
                .any(|name| name == id)
        };
        self.policy.stages.iter().filter(reads)
    }

    /// Returns the signal that a gate reads, if the world has it.
    pub fn signal(&self, gate: &Gate) -> Option<&'a Signal> {
        self.world?
            .telemetry
            .signals
            .iter()
            .find(|signal| signal.id == gate.signal)
    }

    /// Returns the longest time from something happening until the controller can read of it: one scrape
    /// interval and the lag; nothing without a world.
    pub fn arrives_after(&self) -> Option<SimDuration> {
        let telemetry = &self.world?.telemetry;
        Some(telemetry.scrape_every.saturating_add(telemetry.lag))
    }

    /// Returns the share of the whole that `population` is while `target` of it is exposed.
    pub fn part(&self, population: Population, target: Share) -> f64 {
        match population {
            Population::Canary => target.as_f64(),
            Population::Control => target.complement().as_f64(),
            Population::Fleet => 1.0,
            Population::CanaryBaseline => self
                .policy
                .stages
                .first()
                .map_or(0.0, |first| first.target.as_f64()),
        }
    }

    /// Returns how many samples a reading of `gate` rests on when `target` of the load is exposed,
    /// on average; nothing without a world.
    ///
    /// What counts as a sample is what [`Gate::min_samples`] counts: requests, runs, events, hours of
    /// hosts, or scrapes of hosts.
    pub fn samples(&self, gate: &Gate, target: Share) -> Option<f64> {
        let (world, signal) = (self.world?, self.signal(gate)?);
        let seconds = self.seen(gate)?.as_secs_f64();
        let part = self.part(gate.population, target);
        let hosts = f64::from(world.fleet.hosts) * part;
        let host_hours = hosts * seconds / 3600.0;
        let requests = world.traffic.requests_per_second * part * seconds;
        let all = match &signal.kind {
            SignalKind::Ratio { base, .. } => counted(gate, requests, *base),
            SignalKind::Latency { .. } => requests,
            SignalKind::RatioOfRuns {
                base,
                runs_per_hour,
                ..
            } => counted(gate, runs_per_hour * part * seconds / 3600.0, *base),
            SignalKind::Count { per_host_hour, .. } => counted(gate, host_hours, *per_host_hour),
            SignalKind::Heartbeat { silent } => {
                let scrapes = seconds / world.telemetry.scrape_every.as_secs_f64();
                counted(gate, hosts * scrapes, *silent)
            }
            SignalKind::Updates => hosts,
            SignalKind::Gauge { .. } => {
                hosts * seconds / world.telemetry.scrape_every.as_secs_f64()
            }
        };
        let is_trend = gate.measure == Measure::Trend;
        Some(if is_trend { all / 2.0 } else { all })
    }

    /// Returns how many samples a gate has at its best in a stage, on average: those of its look-back time, or
    /// of the whole observation where its window takes every request once; nothing without a world.
    pub fn coming(&self, gate: &Gate, stage: &Stage) -> Option<f64> {
        let samples = self.samples(gate, stage.target)?;
        if !gate.window.takes_every_request() {
            return Some(samples);
        }
        let seen = self.seen(gate)?.as_secs_f64();
        Some(samples * stage.observe.as_secs_f64() / seen)
    }

    /// Returns the time whose samples a gate reads: as many whole scrape intervals as fit into its
    /// look-back time, or one for the newest sample alone.
    fn seen(&self, gate: &Gate) -> Option<SimDuration> {
        let scrape = self.world?.telemetry.scrape_every;
        let intervals = match gate.over {
            SimDuration::ZERO => 1,
            over => over.as_nanos().checked_div(scrape.as_nanos())?,
        };
        Some(scrape.saturating_mul(intervals))
    }
}

/// A count counts the bad ones alone, every other measure all of them.
fn counted(gate: &Gate, all: f64, rate: f64) -> f64 {
    if gate.measure == Measure::Count {
        all * rate
    } else {
        all
    }
}
