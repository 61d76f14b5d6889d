//! The tables behind the queries of the optimise runbook.

use std::collections::BTreeMap;

use reports::artifact::{Bucket, Tables, sql};
use sim_core::Watched;
use sim_core::engine::{SimDuration, SimTime};
use sim_core::policy::gate::{Measure, Population};
use sim_core::telemetry::SignalKind;

use super::artifact::Artifact;
use super::played::ExportInput;
use crate::cli::failure::Failure;
use crate::cli::output::Format;
use crate::study::{Probe, Probed};

/// The runs and how many of them time out; the others are there in worlds that have them.
const RUNS: &str = "timeout_rate";
const NO_OP: &str = "no_op_rate";
const MOVES: &str = "moves_per_run";

/// The setting that names the versions, the old one first.
const VERSIONS: &str = "POLICY_AVAILABLE_VERSIONS";

pub fn tables(input: &ExportInput) -> Result<Artifact, Failure> {
    let policy = &input.experiment().policy;
    let every = policy.evaluate_every;
    let mut buckets = Vec::new();
    for (new, population) in [(false, Population::Control), (true, Population::Canary)] {
        let probes = probes(input, population, every);
        let probed = input.probe(&probes)?;
        buckets.extend(rows(&probes, &probed, new));
    }
    let named = versions(input);
    let report = &input.played.report;
    let title = format!(
        "coalmine: {}, scenario {}, seed {}, replication {}; t = 0 is 2000-01-01",
        policy.name, report.scenario, report.seed, report.replication
    );
    let text = sql(&Tables {
        title: &title,
        system: &policy.name,
        versions: [&named[0], &named[1]],
        digest: &report.inputs.digest,
        now: input.at(),
        buckets,
    });
    Ok(Artifact(vec![(Format::Text, text)]))
}

/// The runs, then what there is of the others.
fn probes(input: &ExportInput, population: Population, over: SimDuration) -> Vec<Probe> {
    let signals = &input.experiment().telemetry.signals;
    let there = |name: &&str| *name == RUNS || signals.iter().any(|signal| signal.id == **name);
    let names = [RUNS, NO_OP, MOVES].into_iter().filter(there);
    let measure = |name: &str| {
        let signal = signals.iter().find(|signal| signal.id == name);
        match signal.map(|signal| &signal.kind) {
            Some(SignalKind::Gauge { .. }) => Measure::Mean,
            _ => Measure::Ratio,
        }
    };
    let probe = |name: &str| Probe {
        signal: name.to_owned(),
        measure: measure(name),
        population,
        over,
    };
    names.map(probe).collect()
}

/// One row for each evaluation in which there were runs.
fn rows(probes: &[Probe], probed: &Probed, new: bool) -> Vec<Bucket> {
    let by_time = |name: &str| -> BTreeMap<SimTime, f64> {
        let place = probes.iter().position(|probe| probe.signal == name);
        let readings = place.map_or(&[][..], |place| &probed.readings[place]);
        let value = |reading: &Watched| Some((reading.at, reading.value?));
        readings.iter().filter_map(value).collect()
    };
    let (no_op, moves) = (by_time(NO_OP), by_time(MOVES));
    let over = probes[0].over;
    let bucket = |runs: &Watched| {
        let failed = (runs.value? * runs.samples as f64).round() as u64;
        let failed = failed.min(runs.samples);
        let of = |values: &BTreeMap<_, f64>| values.get(&runs.at).copied().unwrap_or(0.0);
        let idle = of(&no_op).clamp(0.0, 1.0) * (runs.samples - failed) as f64;
        Some(Bucket {
            from: runs.at.saturating_sub(over),
            to: runs.at,
            new,
            runs: runs.samples,
            failed,
            no_op: idle.round() as u64,
            moves: of(&moves).max(0.0).round() as u64,
        })
    };
    probed.readings[0].iter().filter_map(bucket).collect()
}

/// The old and the new version, from the setting that names both, else by general words.
fn versions(input: &ExportInput) -> [String; 2] {
    let mut stages = input.experiment().policy.stages.iter();
    let named = stages.find_map(|stage| stage.sets.get(VERSIONS));
    let both = named.and_then(|named| named.split_once(','));
    let (old, new) = both.unwrap_or(("old", "new"));
    [old.trim().to_owned(), new.trim().to_owned()]
}
