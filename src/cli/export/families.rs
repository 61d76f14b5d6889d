//! The families of a signal's series: gauges, counters, histograms.

use reports::artifact::{MetricFamily, MetricKind, MetricSeries};
use sim_core::Watched;
use sim_core::policy::gate::Measure;
use sim_core::telemetry::{Signal, SignalKind};

use super::series::{BUCKETS, QUANTILES, metric_name};

pub(super) fn measures(kind: &SignalKind) -> Vec<Measure> {
    match kind {
        SignalKind::Ratio { .. }
        | SignalKind::RatioOfRuns { .. }
        | SignalKind::Heartbeat { .. }
        | SignalKind::Updates => {
            vec![Measure::Ratio]
        }
        SignalKind::Count { .. } => vec![Measure::Count],
        SignalKind::Gauge { .. } => vec![Measure::Mean],
        SignalKind::Latency { .. } => QUANTILES.map(Measure::Quantile).to_vec(),
    }
}

/// What was read of a version: for each measure, a reading at each instant.
pub(super) type Read = (&'static str, Vec<Vec<Option<Watched>>>);

pub(super) fn families(signal: &Signal, read: &[Read], resets: &[bool]) -> Vec<MetricFamily> {
    let (name, id) = (metric_name(&signal.id), &signal.id);
    match &signal.kind {
        SignalKind::Gauge { .. } => gauge(name, id, read),
        SignalKind::Count { .. } => {
            let metrics = counters(read, resets, &|reading| reading.value);
            vec![family(
                name,
                format!("Events of {id}."),
                MetricKind::Counter,
                metrics,
            )]
        }
        SignalKind::Latency { buckets, cap, .. } => {
            latencies((name, id), read, (buckets, *cap), resets)
        }
        SignalKind::Ratio { .. }
        | SignalKind::RatioOfRuns { .. }
        | SignalKind::Heartbeat { .. }
        | SignalKind::Updates => {
            let all = counters(read, resets, &|reading| Some(reading.samples as f64));
            let bad = counters(read, resets, &|reading| {
                let samples = reading.samples as f64;
                Some(reading.value.map_or(0.0, |value| (value * samples).round()))
            });
            let (of_all, of_bad) = (
                format!("Requests, runs or hosts of {id}."),
                format!("Bad ones of {id}."),
            );
            vec![
                family(name.clone(), of_all, MetricKind::Counter, all),
                family(format!("{name}_bad"), of_bad, MetricKind::Counter, bad),
            ]
        }
    }
}

pub(super) fn gauge(name: String, id: &str, read: &[Read]) -> Vec<MetricFamily> {
    let value = |reading: &Option<Watched>| reading.as_ref()?.value;
    let points = |readings: &[Vec<_>]| readings[0].iter().map(value).collect();
    let metric = |(version, readings): &Read| vec![series("", version, points(readings))];
    let metrics = read.iter().map(metric).collect();
    let help = format!("Mean of {id}.");
    vec![family(name, help, MetricKind::Gauge, metrics)]
}

pub(super) fn latencies(
    (name, id): (String, &str),
    read: &[Read],
    (buckets, cap): (&[f64], f64),
    resets: &[bool],
) -> Vec<MetricFamily> {
    let bounds = if buckets.is_empty() {
        &BUCKETS[..]
    } else {
        buckets
    };
    let metric = |(version, readings): &Read| histogram(version, readings, (bounds, cap), resets);
    let name = format!("{name}_milliseconds");
    let help = format!("Latency of {id}, ms.");
    let metrics = read.iter().map(metric).collect();
    vec![family(name, help, MetricKind::Histogram, metrics)]
}

pub(super) const fn family(
    name: String,
    help: String,
    kind: MetricKind,
    metrics: Vec<Vec<MetricSeries>>,
) -> MetricFamily {
    MetricFamily {
        name,
        help,
        kind,
        metrics,
    }
}

/// A counter for each version.
pub(super) fn counters(
    read: &[Read],
    resets: &[bool],
    value: &dyn Fn(&Watched) -> Option<f64>,
) -> Vec<Vec<MetricSeries>> {
    let metric = |(version, readings): &Read| {
        vec![series(
            "_total",
            version,
            counted(&readings[0], resets, value),
        )]
    };
    read.iter().map(metric).collect()
}

pub(super) fn series(
    suffix: &'static str,
    version: &str,
    points: Vec<Option<f64>>,
) -> MetricSeries {
    MetricSeries {
        suffix,
        labels: vec![("version", version.to_owned())],
        points,
    }
}

/// Adds up what came in each interval; a counter begins anew where it is reset. An interval in which nothing was read is
/// a gap, and what came in it is not known.
pub(super) fn counted(
    readings: &[Option<Watched>],
    resets: &[bool],
    value: &dyn Fn(&Watched) -> Option<f64>,
) -> Vec<Option<f64>> {
    let mut sum = 0.0;
    let point = |(reading, reset): (&Option<Watched>, &bool)| {
        if *reset {
            sum = 0.0;
        }
        let more = reading.as_ref().and_then(value)?;
        sum += more;
        Some(sum)
    };
    readings.iter().zip(resets).map(point).collect()
}

/// The buckets of a latency, cumulated over bounds and over time; the last one ends nowhere.
pub(super) fn histogram(
    version: &str,
    readings: &[Vec<Option<Watched>>],
    (bounds, cap): (&[f64], f64),
    resets: &[bool],
) -> Vec<MetricSeries> {
    let length = resets.len();
    let at = |place: usize| -> Option<(u64, Vec<f64>)> {
        let read: Option<Vec<Watched>> = readings.iter().map(|all| all[place]).collect();
        let read = read?;
        let values: Option<Vec<f64>> = read.iter().map(|reading| reading.value).collect();
        Some((read[0].samples, values?))
    };
    let all: Vec<_> = (0..length).map(at).collect();
    let below = |bound: Option<f64>| {
        let mut sum = 0.0;
        let point = |(read, reset): (&Option<(u64, Vec<f64>)>, &bool)| {
            if *reset {
                sum = 0.0;
            }
            let (samples, values) = read.as_ref()?;
            let share = bound.map_or(1.0, |bound| share_below(bound, values, cap));
            sum += (share * *samples as f64).floor();
            Some(sum)
        };
        all.iter().zip(resets).map(point).collect::<Vec<_>>()
    };
    let bucket = |bound: Option<f64>| {
        let le = bound.map_or("+Inf".to_owned(), |bound| bound.to_string());
        let mut series = series("_bucket", version, below(bound));
        series.labels.push(("le", le));
        series
    };
    let bounded = bounds.iter().map(|bound| bucket(Some(*bound)));
    let count = series("_count", version, below(None));
    bounded.chain([bucket(None), count]).collect()
}

/// The share of what is at most `bound`, on the line through the quantiles from 0 to the cap.
pub(super) fn share_below(bound: f64, values: &[f64], cap: f64) -> f64 {
    let mut before = (0.0, 0.0);
    let known = values.iter().copied().zip(QUANTILES);
    for (value, share) in known.chain([(cap, 1.0)]) {
        if bound < value {
            let (low, less) = before;
            let part = if value > low {
                (bound - low) / (value - low)
            } else {
                0.0
            };
            return less + (share - less) * part.clamp(0.0, 1.0);
        }
        before = (value, share);
    }
    1.0
}
