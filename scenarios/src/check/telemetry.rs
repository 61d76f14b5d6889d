//! The signals of a world and the way they take.

use sim_core::engine::SimDuration;
use sim_core::telemetry::{LatencyPart, Signal, SignalKind, Telemetry};

use super::fleet::SIGMA_MAX;
use super::names::unique;
use super::noise;
use super::numbers::{finite, lasts, not_negative, positive, probability, vanishing, within};
use super::problem::{Problem, each};
use super::references::named;

/// The least spread of a latency: without any, its distribution function is a step that no
/// histogram can place.
const SIGMA_MIN: f64 = 1e-3;
/// The most parts of a mixture: each costs two logarithms wherever the mixture is looked at.
const PARTS_MAX: usize = 100;
/// How far the weights of a mixture may be from 1: what writing them with decimals costs.
const WEIGHT_SLACK: f64 = 1e-6;

/// Checks the telemetry chain and every signal.
pub(crate) fn check(telemetry: &Telemetry) -> Vec<Problem> {
    let scrape = "scraping would never get on";
    let stale = "every sample would be stale at once";
    let mut problems = unique(
        "signal",
        named("telemetry.signals", &telemetry.signals, |signal| &signal.id),
    );
    problems.extend(lasts(
        "telemetry.scrape-every",
        telemetry.scrape_every,
        scrape,
    ));
    problems.extend(lasts("telemetry.stale-after", telemetry.stale_after, stale));
    problems.extend(telemetry.starts_in_week.and_then(in_week));
    for (path, signal) in each("telemetry.signals", &telemetry.signals) {
        problems.extend(of_signal(&path, signal));
    }
    problems
}

fn in_week(starts: SimDuration) -> Option<Problem> {
    let week = SimDuration::from_hours(7 * 24);
    (starts >= week).then(|| {
        let message = format!("{starts} is not within a week");
        Problem::error("CM140", "telemetry.starts-in-week", message)
            .help("count from Monday 00:00 UTC: `1d10h` is Tuesday at ten")
    })
}

fn of_signal(path: &str, signal: &Signal) -> Vec<Problem> {
    let mut problems = kind(&format!("{path}.kind"), &signal.kind);
    problems.extend(noise::check(
        &format!("{path}.noise"),
        &signal.noise,
        &signal.kind,
    ));
    problems
}

/// Checks a kind of signal and its normal value.
pub(crate) fn kind(path: &str, kind: &SignalKind) -> Vec<Problem> {
    let problems: [Option<Problem>; 3] = match kind {
        SignalKind::Ratio { base, correlation } => [
            probability(&format!("{path}.ratio.base"), *base),
            correlated(&format!("{path}.ratio.correlation"), *correlation),
            None,
        ],
        SignalKind::RatioOfRuns {
            base,
            runs_per_hour,
            correlation,
        } => [
            probability(&format!("{path}.ratio-of-runs.base"), *base),
            correlated(&format!("{path}.ratio-of-runs.correlation"), *correlation),
            within(
                &format!("{path}.ratio-of-runs.runs-per-hour"),
                *runs_per_hour,
                0.0..=1e12,
            ),
        ],
        SignalKind::Count {
            per_host_hour,
            size,
        } => [
            within(
                &format!("{path}.count.per-host-hour"),
                *per_host_hour,
                0.0..=1e9,
            ),
            size.and_then(|size| positive(&format!("{path}.count.size"), size)),
            None,
        ],
        SignalKind::Gauge { base, sd } => [
            finite(&format!("{path}.gauge.base"), *base),
            not_negative(&format!("{path}.gauge.sd"), *sd),
            None,
        ],
        SignalKind::Latency { parts, cap } => {
            return latency(&format!("{path}.latency"), parts, *cap);
        }
    };
    problems.into_iter().flatten().collect()
}

/// A correlation of 1 would make every request of a window alike, with no variance to speak of.
fn correlated(path: &str, correlation: f64) -> Option<Problem> {
    within(path, correlation, 0.0..=0.999).or_else(|| vanishing(path, correlation))
}

fn latency(path: &str, parts: &[LatencyPart], cap: f64) -> Vec<Problem> {
    let mut problems: Vec<Problem> = positive(&format!("{path}.cap"), cap).into_iter().collect();
    let parts_path = format!("{path}.parts");
    if parts.len() > PARTS_MAX {
        let message = format!("{} parts, at most {PARTS_MAX}", parts.len());
        return vec![Problem::error("CM150", parts_path, message)];
    }
    for (path, part) in each(&parts_path, parts) {
        problems.extend(probability(&format!("{path}.weight"), part.weight));
        problems.extend(positive(&format!("{path}.median"), part.median));
        problems.extend(within(
            &format!("{path}.sigma"),
            part.sigma,
            SIGMA_MIN..=SIGMA_MAX,
        ));
    }
    let sum: f64 = parts.iter().map(|part| part.weight).sum();
    let whole = (1.0 - WEIGHT_SLACK..=1.0 + WEIGHT_SLACK).contains(&sum);
    if !whole {
        let message = format!("the weights of the parts add up to {sum}, not to 1");
        problems.push(Problem::error("CM141", parts_path, message).help("make them add up to 1"));
    }
    problems
}
