//! The recordings that a policy is played against, and what is wished of them.

use std::fmt;

use scenarios::recorded::{Doubt, Timestamp};
use sim_core::engine::SimDuration;
use sim_core::policy::Policy;
use sim_core::policy::gate::Measure;

use super::recorded_signal::{RecordedSignal, SignalMetric, Taken, Use, Versions, Whose, use_of};

/// What is asked of a backtest besides policy and recordings.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// The time from one start to the next; none chooses it.
    pub every: Option<SimDuration>,
    /// The longest time that a start is followed; none chooses it.
    pub horizon: Option<SimDuration>,
    /// How many hosts there were.
    pub hosts: Option<u32>,
    /// The version that is the canary.
    pub canary: Option<String>,
    /// Whose requests a recording counts that does not tell versions apart.
    pub whose: Whose,
    /// How long after a sample each start lies.
    pub phase: SimDuration,
    /// How often requests are dealt out to the canary; none chooses it.
    pub replications: Option<u64>,
    /// The root of all random draws.
    pub seed: u64,
}

/// Why nothing can be played: what is wrong, and what to type next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastError {
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub help: String,
}

impl fmt::Display for PastError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for PastError {}

pub(super) fn error(what: impl Into<String>, help: impl Into<String>) -> PastError {
    PastError {
        what: what.into(),
        help: help.into(),
    }
}

pub(super) fn tapes(
    policy: &Policy,
    metrics: &[SignalMetric],
    wishes: &Wishes,
    ends: [Timestamp; 2],
) -> Result<Vec<RecordedSignal>, PastError> {
    let tape = |metric: &SignalMetric| {
        let Some(wanted) = use_of(policy, &metric.signal) else {
            return Err(error(
                format!("no gate of the policy reads {}", metric.signal),
                "leave its recording out, or name another signal",
            ));
        };
        let versions = versions(metric, wishes.canary.as_deref())?;
        let taken = Taken {
            wanted,
            versions,
            whose: wishes.whose,
            hosts: wishes.hosts.or_else(|| hosts(std::slice::from_ref(metric))),
        };
        let unlike = |why: String| {
            let (name, signal) = (&metric.history.name, &metric.signal);
            let what = format!("{name} is no recording of {signal}: {why}");
            error(what, help(metric))
        };
        RecordedSignal::new(metric, taken, ends).map_err(unlike)
    };
    metrics.iter().map(tape).collect()
}

/// Asks about values that may be in another unit: parts that may be percent, latencies that may be seconds.
pub(super) fn doubt(policy: &Policy, metric: &SignalMetric) -> Option<String> {
    if use_of(policy, &metric.signal) == Some(Use::Level) {
        return seconds(policy, metric);
    }
    let doubt = metric.history.looks_like_percent()?;
    Some(format!(
        "{}: {} ({})",
        metric.signal,
        doubt.question(),
        Doubt::answers()
    ))
}

/// Asks whether latencies are in seconds: no limit in milliseconds is a hundred times what was ever seen.
fn seconds(policy: &Policy, metric: &SignalMetric) -> Option<String> {
    let values = metric.history.points.iter().map(|point| point.value);
    let most = values.fold(0.0, f64::max);
    let gates = policy.gates.iter();
    let quantiles = gates.filter(|gate| {
        gate.signal == metric.signal && matches!(gate.measure, Measure::Quantile(_))
    });
    let limits = quantiles.filter_map(|gate| gate.breach.limit.absolute());
    let least = limits.reduce(f64::min)?;
    (most > 0.0 && 100.0 * most < least && metric.history.unit_said.is_none()).then(|| {
        format!(
            "{}: its values end at {most}, read as milliseconds beside a limit of {least} ms; if they are seconds, \
             multiply them by 1000",
            metric.signal
        )
    })
}

/// What to do about a recording that is not what the gates read.
fn help(metric: &SignalMetric) -> String {
    let history = &metric.history;
    if history
        .looks_like_percent()
        .is_some_and(|doubt| doubt.is_grave)
    {
        return Doubt::answers().to_owned();
    }
    if history.has_denominators() {
        return "give bad requests as the value, and all requests as n".to_owned();
    }
    "give the number of requests as well: a column n (--column n=NAME), or a file of its own (--requests FILE)"
        .to_owned()
}

/// Which version is the canary: the one that is named, or the one that came later.
fn versions(metric: &SignalMetric, canary: Option<&str>) -> Result<Versions, PastError> {
    let known = &metric.history.versions;
    let place = match (canary, &known[..]) {
        (_, []) | (None, [_]) => return Ok(Versions::Same),
        (None, [_, _]) => 1,
        (None, _) => {
            let what = format!("{} has {} versions", metric.history.name, known.len());
            return Err(error(what, format!("say --canary: {}", known.join(", "))));
        }
        (Some(named), known) => known.iter().position(|it| it == named).ok_or_else(|| {
            let what = format!("{} has no version {named}", metric.history.name);
            error(what, format!("versions: {}", known.join(", ")))
        })?,
    };
    Ok(Versions::Canary(place as u32))
}

pub(super) fn hosts(metrics: &[SignalMetric]) -> Option<u32> {
    let counts = metrics.iter().map(|metric| metric.history.hosts.len());
    counts
        .max()
        .filter(|count| *count > 0)
        .map(|count| count as u32)
}
