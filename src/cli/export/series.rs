//! The series of a rollout, as monitoring would have scraped them at each evaluation of the policy.

use reports::artifact::{Exposition, MetricFamily, MetricKind, MetricSeries};
use sim_core::effect::Change;
use sim_core::engine::{SimDuration, SimTime};
use sim_core::policy::gate::{Measure, Population};
use sim_core::telemetry::{Signal, SignalKind};
use sim_core::{Event, Watched};

use super::families::{families, measures};
use super::played::ExportInput;
use crate::cli::failure::Failure;
use crate::study::Probe;

/// The metric that tells the stage.
pub const STAGES: &str = "coalmine_stage";
const EXPOSURE: &str = "coalmine_exposure_ratio";

/// The upper bounds of buckets where a signal declares none, ms.
pub(super) const BUCKETS: [f64; 12] = [
    5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1000.0, 2500.0, 5000.0, 10_000.0, 30_000.0,
];
/// The quantiles between which a distribution of latencies is drawn as a line.
pub(super) const QUANTILES: [f64; 11] = [
    0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999,
];

/// The most points of a series: a month of minutes.
const POINTS: u64 = 50_000;

/// Both versions, as labels name them.
const VERSIONS: [(Population, &str); 2] = [
    (Population::Control, "stable"),
    (Population::Canary, "canary"),
];

/// Reads every signal of the world in the rollout.
///
/// # Errors
///
/// When the rollout has more evaluations than anybody would scrape.
pub fn exposition(input: &ExportInput) -> Result<Exposition, Failure> {
    let experiment = input.experiment();
    let every = experiment.policy.evaluate_every;
    let end = input.played.run.history.iter().next_back();
    let end = end.map_or(SimTime::ZERO, |(at, _)| *at);
    let length = end.as_nanos() / every.as_nanos().max(1) + 1;
    if length > POINTS {
        let what =
            format!("the rollout has {length} evaluations, and a series at most {POINTS} points");
        return Err(Failure::input(what).help("choose a policy that evaluates less often"));
    }
    let length = length as usize;
    let grid = ScrapeGrid { every, length };
    let mut families = vec![stages(input, grid), exposure(input, grid)];
    for signal in &experiment.telemetry.signals {
        for family in of_signal(input, signal, grid)? {
            families.push(unlike(family, &families));
        }
    }
    let report = &input.played.report;
    Ok(Exposition {
        title: format!(
            "coalmine: {}, scenario {}, seed {}, replication {}",
            experiment.policy.name, report.scenario, report.seed, report.replication
        ),
        every,
        families,
    })
}

/// The instants at which is scraped.
#[derive(Clone, Copy)]
struct ScrapeGrid {
    every: SimDuration,
    length: usize,
}

impl ScrapeGrid {
    fn place(self, at: SimTime) -> usize {
        (at.as_nanos() / self.every.as_nanos()) as usize
    }

    /// Values that hold until the next one comes.
    fn steps(self, changes: &[(SimTime, f64)]) -> Vec<Option<f64>> {
        let value = |place: usize| {
            let at = SimTime::after(self.every.saturating_mul(place as u64));
            let before = changes.iter().take_while(|(when, _)| *when <= at);
            before.last().map(|(_, value)| *value)
        };
        (0..self.length).map(value).collect()
    }

    /// What was read at each instant.
    fn readings(self, readings: &[Watched]) -> Vec<Option<Watched>> {
        let mut found = vec![None; self.length];
        for reading in readings {
            let on_the_grid = reading.at.as_nanos().is_multiple_of(self.every.as_nanos());
            if let Some(place) = found
                .get_mut(self.place(reading.at))
                .filter(|_| on_the_grid)
            {
                *place = Some(*reading);
            }
        }
        found
    }
}

/// A gauge that is 1 for the stage that lasts.
fn stages(input: &ExportInput, grid: ScrapeGrid) -> MetricFamily {
    let stages = input.experiment().policy.stages.iter().zip(0..);
    let metric = |(stage, index): (&sim_core::policy::Stage, u16)| {
        let history = input.played.run.history.iter();
        let changes = history.filter_map(|(at, event)| match event {
            Event::StageEntered { stage, .. } => Some((*at, f64::from(u8::from(*stage == index)))),
            Event::RollbackBegan | Event::KillThrown | Event::Ended { .. } => Some((*at, 0.0)),
            _ => None,
        });
        let changes: Vec<_> = changes.collect();
        vec![MetricSeries {
            suffix: "",
            labels: vec![("stage", stage.id.clone())],
            points: grid.steps(&changes),
        }]
    };
    MetricFamily {
        name: STAGES.to_owned(),
        help: "Whether the stage lasts.".to_owned(),
        kind: MetricKind::Gauge,
        metrics: stages.map(metric).collect(),
    }
}

fn exposure(input: &ExportInput, grid: ScrapeGrid) -> MetricFamily {
    let history = input.played.run.history.iter();
    let reached = history.filter_map(|(at, event)| match event {
        Event::Exposure { reached } => Some((*at, reached.as_f64())),
        Event::Started => Some((*at, 0.0)),
        _ => None,
    });
    let reached: Vec<_> = reached.collect();
    MetricFamily {
        name: EXPOSURE.to_owned(),
        help: "The share that the new version serves.".to_owned(),
        kind: MetricKind::Gauge,
        metrics: vec![vec![MetricSeries {
            suffix: "",
            labels: vec![("version", "canary".to_owned())],
            points: grid.steps(&reached),
        }]],
    }
}

/// The series of a signal, for both versions.
fn of_signal(
    input: &ExportInput,
    signal: &Signal,
    grid: ScrapeGrid,
) -> Result<Vec<MetricFamily>, Failure> {
    let measures = measures(&signal.kind);
    let mut read = Vec::new();
    for (population, version) in VERSIONS {
        if matches!(signal.kind, SignalKind::Updates) && population != Population::Canary {
            continue;
        }
        let probe = |measure: &Measure| Probe {
            signal: signal.id.clone(),
            measure: *measure,
            population,
            over: grid.every,
        };
        let probes: Vec<_> = measures.iter().map(probe).collect();
        let probed = input.probe(&probes)?;
        let readings = probed.readings.iter();
        let readings: Vec<_> = readings.map(|readings| grid.readings(readings)).collect();
        read.push((version, readings));
    }
    let resets = resets(input, signal, grid);
    Ok(families(signal, &read, &resets))
}

/// Where counters begin anew: where the release is tried again, and where a fault resets them.
fn resets(input: &ExportInput, signal: &Signal, grid: ScrapeGrid) -> Vec<bool> {
    let experiment = input.experiment();
    let effects: Vec<_> = experiment
        .release
        .iter()
        .chain(&experiment.faults)
        .collect();
    let mut resets = vec![false; grid.length];
    for (at, event) in &input.played.run.history {
        let is_reset = match event {
            Event::Recovered { .. } => true,
            Event::EffectBegan { effect } => {
                let effect = effects.get(usize::from(*effect));
                effect.is_some_and(|effect| match &effect.change {
                    Change::CounterReset(data) => {
                        data.signal.as_ref().is_none_or(|named| *named == signal.id)
                    }
                    _ => false,
                })
            }
            _ => false,
        };
        if let Some(reset) = resets.get_mut(grid.place(*at)) {
            *reset |= is_reset;
        }
    }
    resets
}

/// A name that Prometheus takes.
pub(super) fn metric_name(id: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let name: String = id.chars().map(plain).collect();
    match name.chars().next() {
        Some(first) if !first.is_ascii_digit() => name,
        _ => format!("signal_{name}"),
    }
}

/// The family under a name that no other has: two signals may differ only in what a name cannot hold.
fn unlike(family: MetricFamily, others: &[MetricFamily]) -> MetricFamily {
    let mut name = family.name.clone();
    let mut number = 2;
    while others.iter().any(|other| other.name == name) {
        name = format!("{}_{number}", family.name);
        number += 1;
    }
    MetricFamily { name, ..family }
}
