//! The series of a rollout, as monitoring would have scraped them at each evaluation of the policy.

use reports::artifact::{Exposition, MetricFamily, MetricKind, MetricSeries};
use sim_core::Event;
use sim_core::effect::Change;
use sim_core::engine::SimTime;
use sim_core::policy::gate::{Measure, Population};
use sim_core::telemetry::{Signal, SignalKind};

use super::families::{families, measures};
use super::gaps::bridge;
use super::grid::{ScrapeGrid, read_on};
use super::played::ExportInput;
use crate::cli::failure::Failure;
use crate::study::Probe;

/// The metric that tells the stage.
pub const STAGES: &str = "coalmine_stage";
const EXPOSURE: &str = "coalmine_exposure_ratio";

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
        let mut readings = read_on(input, &probes, grid)?;
        if !matches!(signal.kind, SignalKind::Gauge { .. }) {
            bridge(input, &probes, grid, &mut readings)?;
        }
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
