//! The families of a signal's series: gauges, counters, histograms.

use reports::artifact::{MetricFamily, MetricKind, MetricSeries};
use sim_core::Watched;
use sim_core::policy::gate::Measure;
use sim_core::telemetry::{Signal, SignalKind};

use super::grid::GridReadings;

/// The upper bounds of buckets where a signal declares none, ms.
const BUCKETS: [f64; 12] = [
    5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1000.0, 2500.0, 5000.0, 10_000.0, 30_000.0,
];
/// The quantiles between which a distribution of latencies is drawn as a line; close together where alerts look.
const QUANTILES: [f64; 22] = [
    0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.94, 0.95, 0.96, 0.97, 0.98, 0.984, 0.987, 0.989, 0.99,
    0.991, 0.993, 0.995, 0.996, 0.998, 0.999,
];

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
pub(super) type Read = (&'static str, Vec<GridReadings>);

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
        | SignalKind::Updates => ratio((name, id), read, resets),
    }
}

/// What a ratio is made of.
fn ratio((name, id): (String, &str), read: &[Read], resets: &[bool]) -> Vec<MetricFamily> {
    let all = counters(read, resets, &|reading| Some(reading.samples as f64));
    let bad = counters(read, resets, &|reading| {
        let samples = reading.samples as f64;
        Some(reading.value.map_or(0.0, |value| (value * samples).round()))
    });
    let of_all = format!("Requests, runs or hosts of {id}.");
    let (of_bad, bad_name) = (format!("Bad ones of {id}."), format!("{name}_bad"));
    vec![
        family(name, of_all, MetricKind::Counter, all),
        family(bad_name, of_bad, MetricKind::Counter, bad),
    ]
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
    let name = format!("{}_seconds", without_unit(&name));
    let help = format!("Latency of {id}.");
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

/// Adds up what came in each interval; a counter begins anew where it is reset. Where nothing was read is a gap.
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

/// The buckets of a latency, cumulated over bounds and over time; the last one ends nowhere. Prometheus counts in seconds.
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
            sum += (share * *samples as f64).round();
            Some(sum)
        };
        all.iter().zip(resets).map(point).collect::<Vec<_>>()
    };
    let bucket = |bound: Option<f64>| {
        let le = bound.map_or("+Inf".to_owned(), |bound| (bound / 1000.0).to_string());
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

/// The name without a unit that is said at its end.
fn without_unit(name: &str) -> &str {
    let units = ["_ms", "_milliseconds", "_seconds"];
    let plain = units.iter().find_map(|unit| name.strip_suffix(unit));
    plain.filter(|name| !name.is_empty()).unwrap_or(name)
}

/// A name that Prometheus takes.
fn metric_name(id: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let name: String = id.chars().map(plain).collect();
    match name.chars().next() {
        Some(first) if !first.is_ascii_digit() => name,
        _ => format!("signal_{name}"),
    }
}
