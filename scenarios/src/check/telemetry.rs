//! The signals of a world and the way they take.

use sim_core::engine::SimDuration;
use sim_core::telemetry::{Counted, LatencyPart, Signal, SignalKind, Telemetry};

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
/// The most buckets of a histogram: real ones have one or two dozen.
const BUCKETS_MAX: usize = 200;
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
    problems.extend(harm(path, signal));
    problems
}

/// Checks what a signal says about the harm to users.
fn harm(path: &str, signal: &Signal) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut refuse = |key: &str, message: String, help: &str| {
        problems.push(Problem::error("CM152", format!("{path}.{key}"), message).help(help));
    };
    let level = matches!(
        signal.kind,
        SignalKind::Gauge { .. } | SignalKind::Heartbeat { .. } | SignalKind::Updates
    );
    if signal.harms_users && level {
        let message = "a level says of no request that it failed".into();
        let help = "mark the ratio, count or latency that users feel";
        refuse("harms-users", message, help);
    }
    if let Some(weight) = signal.harm_weight {
        if !(0.0..=1.0).contains(&weight) {
            let message = format!("{weight} is not between 0 and 1");
            let help = "1 counts a bad request as a failed one";
            refuse("harm-weight", message, help);
        } else if !signal.harms_users {
            let message = "the signal does not harm users, so nothing is weighed".into();
            let help = "add `harms-users: true`, or leave the weight out";
            refuse("harm-weight", message, help);
        }
    }
    problems.extend(slow_above(path, signal));
    problems
}

fn slow_above(path: &str, signal: &Signal) -> Option<Problem> {
    let above = signal.slow_above?;
    let cap = match signal.kind {
        SignalKind::Latency { cap, .. } if signal.harms_users => cap,
        _ => 0.0,
    };
    if above > 0.0 && above < cap {
        return None;
    }
    let message = format!("no request of this signal is slow above {above} ms");
    let help = "it belongs to a latency that harms users, between 0 and its `cap`";
    Some(Problem::error("CM152", format!("{path}.slow-above"), message).help(help))
}

/// Checks a kind of signal and its normal value.
pub(crate) fn kind(path: &str, kind: &SignalKind) -> Vec<Problem> {
    let at = |key: &str| format!("{path}.{key}");
    let problems: [Option<Problem>; 3] = match kind {
        SignalKind::Ratio {
            base,
            correlation,
            of,
            unheard,
        } => ratio(&at("ratio"), (*base, *correlation, *unheard), *of),
        SignalKind::RatioOfRuns {
            base,
            runs_per_hour,
            correlation,
        } => ratio_of_runs(&at("ratio-of-runs"), (*base, *correlation), *runs_per_hour),
        _ => return level(path, kind),
    };
    problems.into_iter().flatten().collect()
}

fn ratio(
    at: &str,
    (base, correlation, unheard): (f64, f64, f64),
    of: Counted,
) -> [Option<Problem>; 3] {
    let correlation_at = format!("{at}.correlation");
    [
        probability(&format!("{at}.base"), base),
        correlated(&correlation_at, correlation)
            .or_else(|| within(&format!("{at}.unheard"), unheard, 0.0..=1.0)),
        (of == Counted::Users && correlation > 0.0).then(|| settled(correlation_at)),
    ]
}

fn ratio_of_runs(
    at: &str,
    (base, correlation): (f64, f64),
    runs_per_hour: f64,
) -> [Option<Problem>; 3] {
    [
        probability(&format!("{at}.base"), base),
        correlated(&format!("{at}.correlation"), correlation),
        within(&format!("{at}.runs-per-hour"), runs_per_hour, 0.0..=1e12),
    ]
}

/// Checks a signal that is no ratio.
fn level(path: &str, kind: &SignalKind) -> Vec<Problem> {
    let at = |key: &str| format!("{path}.{key}");
    let problems: [Option<Problem>; 3] = match kind {
        SignalKind::Count {
            per_host_hour,
            size,
        } => [
            within(&at("count.per-host-hour"), *per_host_hour, 0.0..=1e9),
            size.and_then(|size| positive(&at("count.size"), size)),
            None,
        ],
        SignalKind::Updates | SignalKind::Ratio { .. } | SignalKind::RatioOfRuns { .. } => {
            [None, None, None]
        }
        SignalKind::Heartbeat { silent } => {
            [probability(&at("heartbeat.silent"), *silent), None, None]
        }
        SignalKind::Gauge { base, sd } => [
            finite(&at("gauge.base"), *base),
            not_negative(&at("gauge.sd"), *sd),
            None,
        ],
        SignalKind::Latency {
            parts,
            cap,
            buckets,
        } => {
            let mut problems = latency(&at("latency"), parts, *cap);
            problems.extend(rising(&at("latency.buckets"), buckets));
            return problems;
        }
    };
    problems.into_iter().flatten().collect()
}

fn settled(path: String) -> Problem {
    let message = "who always fails is settled, so that no request follows another";
    Problem::error("CM153", path, message).help("leave it out, or `of: users`")
}

/// A correlation of 1 would make every request of a window alike, with no variance to speak of.
fn correlated(path: &str, correlation: f64) -> Option<Problem> {
    within(path, correlation, 0.0..=0.999).or_else(|| vanishing(path, correlation))
}

/// Each bucket of a histogram ends above the one before it.
fn rising(path: &str, buckets: &[f64]) -> Vec<Problem> {
    if buckets.len() > BUCKETS_MAX {
        let message = format!("{} buckets, at most {BUCKETS_MAX}", buckets.len());
        return vec![Problem::error("CM150", path, message)];
    }
    let mut before = 0.0;
    let rises = |(path, bound): (String, &f64)| {
        let last = std::mem::replace(&mut before, *bound);
        positive(&path, *bound).or_else(|| {
            (*bound <= last).then(|| {
                let message = format!("a bucket up to {bound} cannot follow one up to {last}");
                Problem::error("CM140", path, message)
                    .help("write the upper bounds in milliseconds, rising; `+Inf` is always there")
            })
        })
    };
    each(path, buckets).filter_map(rises).collect()
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
