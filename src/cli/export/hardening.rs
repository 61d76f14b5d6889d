//! What the hardening gate of the CP8 cutover writes.

use reports::artifact::{Hardening, Profile, fixtures};
use sim_core::Event;
use sim_core::policy::gate::{Limit, Measure, Population};
use sim_core::telemetry::{Signal, SignalKind};

use super::artifact::Artifact;
use super::played::{ExportInput, last};
use crate::cli::failure::Failure;
use crate::cli::output::Format;
use crate::study::{Probe, Probed};

/// How many requests the gate's own benchmark makes: its fastest and slowest are the extremes of so many.
const ITERATIONS: f64 = 512.0;

const THROUGHPUT: &str = "throughput_ops";
const MEMORY: &str = "rss_mib";

pub fn snapshot(input: &ExportInput) -> Result<Artifact, Failure> {
    Ok(Artifact(vec![(Format::Json, gate(input)?.metrics())]))
}

pub fn summary(input: &ExportInput) -> Result<Artifact, Failure> {
    let gate = gate(input)?;
    Ok(Artifact(vec![
        (Format::Markdown, gate.summary()),
        (Format::Text, gate.results()),
    ]))
}

fn gate(input: &ExportInput) -> Result<Hardening, Failure> {
    let (experiment, history) = (input.experiment(), &input.played.run.history);
    let refused = history
        .iter()
        .any(|(at, event)| *at <= input.at() && matches!(event, Event::Refused { .. }));
    Ok(Hardening {
        fixtures: fixtures(experiment, history, input.at()),
        profile: profile(input)?,
        runbook: input.played.report.inputs.policy.clone(),
        validated: !refused,
    })
}

/// The latency percentiles at the instant of the artifact, and the gauges that are there.
fn profile(input: &ExportInput) -> Result<Profile, Failure> {
    let signals = &input.experiment().telemetry.signals;
    let is_latency = |signal: &&Signal| matches!(signal.kind, SignalKind::Latency { .. });
    let Some(latency) = signals.iter().find(is_latency) else {
        return Err(Failure::input("this world has no latency signal")
            .help("a snapshot needs one: kind: {latency: ..}"));
    };
    let wanted = wanted(&latency.id, signals);
    let over = input.over(&latency.id);
    let probed = probed(input, &latency.id, &wanted)?;
    let read = |index: usize| last(&probed.readings[index], input.at());
    // Inside the first bucket of a histogram a percentile would be a guess.
    let quantile = |index: usize| {
        let finest = probed.finest[index].unwrap_or(0.0);
        let finite = |value: &f64| value.is_finite() && *value >= finest;
        read(index)?.value.filter(finite)
    };
    let mean = |name: &str| {
        let index = wanted.iter().position(|(signal, _)| *signal == name)?;
        read(index)?.value.filter(|value| value.is_finite())
    };
    Ok(Profile {
        fixture: latency.id.clone(),
        elapsed_ms: over.as_nanos() / 1_000_000,
        iterations: read(0).map_or(0, |read| read.samples),
        min: quantile(0),
        p50: quantile(1),
        p95: quantile(2),
        p99: quantile(3),
        max: quantile(4),
        p99_limit: p99_limit(input, &latency.id),
        throughput: mean(THROUGHPUT),
        rss_mib: mean(MEMORY),
    })
}

fn probed(
    input: &ExportInput,
    latency: &str,
    wanted: &[(&str, Measure)],
) -> Result<Probed, Failure> {
    let over = input.over(latency);
    let probe = |&(signal, measure): &(&str, Measure)| Probe {
        signal: signal.to_owned(),
        measure,
        population: Population::Canary,
        over,
    };
    let probes: Vec<_> = wanted.iter().map(probe).collect();
    input.probe(&probes)
}

/// What is read: the quantiles from the least to the largest value, and the gauges that there are.
fn wanted<'s>(latency: &'s str, signals: &[Signal]) -> Vec<(&'s str, Measure)> {
    let least = 1.0 / (ITERATIONS + 1.0);
    let quantiles = [least, 0.5, 0.95, 0.99, 1.0 - least].map(Measure::Quantile);
    let gauges = [THROUGHPUT, MEMORY].into_iter();
    let gauges = gauges.filter(|name| signals.iter().any(|signal| signal.id == *name));
    let wanted = quantiles.iter().map(|measure| (latency, *measure));
    wanted
        .chain(gauges.map(|name| (name, Measure::Mean)))
        .collect()
}

/// The first limit of the 99th percentile that is a number of its own.
fn p99_limit(input: &ExportInput, latency: &str) -> Option<f64> {
    let mut gates = input.experiment().policy.gates.iter();
    gates.find_map(|gate| match gate.breach.limit {
        Limit::Absolute(limit)
            if gate.signal == latency && gate.measure == Measure::Quantile(0.99) =>
        {
            Some(limit)
        }
        _ => None,
    })
}
