//! The past that is played: what recordings have in common, and how often a policy starts in it.

use std::fmt;

use reports::{InadequateGate, UnthinnedSignal};
use scenarios::recorded::{Doubt, Timestamp};
use sim_core::Experiment;
use sim_core::engine::{Share, SimDuration};
use sim_core::policy::gate::{Gate, Population};
use sim_core::policy::{Policy, Ramp, Stage};
use sim_core::telemetry::Dealt;

use super::adequacy::OfferedSamples;
use super::recorded_signal::{RecordedSignal, SignalMetric, Taken, Versions, Whose, use_of};
use super::world::experiment;

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

fn error(what: impl Into<String>, help: impl Into<String>) -> PastError {
    PastError {
        what: what.into(),
        help: help.into(),
    }
}

/// A policy and the past that it is played against.
#[derive(Clone, Debug)]
pub struct Past {
    pub(super) experiment: Experiment,
    pub(super) tapes: Vec<RecordedSignal>,
    pub(super) metrics: Vec<SignalMetric>,
    pub(super) inadequate: Vec<InadequateGate>,
    pub(super) notes: Vec<String>,
    pub(super) origin: Timestamp,
    /// The time that all recordings have in common.
    pub(super) span: SimDuration,
    /// How long a rollout takes that nothing holds.
    pub(super) nominal: SimDuration,
    pub(super) every: SimDuration,
    pub(super) horizon: SimDuration,
    pub(super) phase: SimDuration,
    /// How often every start is played, each time with other requests on the canary.
    pub(super) replications: u64,
    pub(super) seed: u64,
    /// Signals of which the canary is shown what everybody has seen.
    pub(super) unthinned: Vec<UnthinnedSignal>,
}

impl Past {
    /// Puts the recordings in the place of the signals that the gates of `policy` read.
    ///
    /// # Errors
    ///
    /// When the recordings have no time in common, are too short for one rollout, are not what the gates
    /// read, or answer no gate at all.
    pub fn new(
        policy: &Policy,
        metrics: Vec<SignalMetric>,
        wishes: &Wishes,
    ) -> Result<Self, PastError> {
        let [origin, end] = common(&metrics)?;
        let tapes = tapes(policy, &metrics, wishes, [origin, end])?;
        let hosts = wishes.hosts.or_else(|| hosts(&metrics));
        let offer = OfferedSamples {
            tapes: &tapes,
            hosts: hosts.is_some(),
        };
        let (judged, inadequate) = offer.judged(policy);
        if judged.gates.is_empty() {
            let whys: Vec<_> = inadequate
                .iter()
                .map(|gate| format!("{}: {}", gate.gate, gate.why))
                .collect();
            return Err(error("the recordings answer no gate", whys.join("\n")));
        }
        let mut notes = offer.notes(&judged);
        notes.extend(metrics.iter().filter_map(doubt));
        notes.push(
            "people answer at once, evidence is in order, and exposure changes nothing that was recorded"
                .to_owned(),
        );
        let span = SimDuration::from_millis((end.millis() - origin.millis()).unsigned_abs());
        let nominal = nominal(&judged);
        if span < nominal.saturating_add(wishes.phase) {
            return Err(error(
                format!("the recordings have {span} in common, and one rollout takes {nominal}"),
                "give a longer recording",
            ));
        }
        let step = steps(&tapes).max().unwrap_or(SimDuration::from_secs(1));
        let every = every(wishes.every, span - nominal, step);
        let (dealt, unthinned) = (is_dealt(&judged, &tapes), unthinned(&judged, &tapes));
        let replications = if dealt {
            notes.push(dealing(wishes));
            wishes.replications.unwrap_or(REPLICATIONS)
        } else {
            1
        };
        Ok(Self {
            every,
            horizon: wishes.horizon.unwrap_or_else(|| patience(nominal)),
            experiment: experiment(judged, &tapes, hosts.unwrap_or(1), [every, wishes.phase]),
            phase: wishes.phase,
            replications,
            seed: wishes.seed,
            unthinned,
            tapes,
            metrics,
            inadequate,
            notes,
            origin,
            span,
            nominal,
        })
    }

    /// Returns how many starts there are: all that leave the time for a rollout that nothing holds.
    pub fn starts(&self) -> u64 {
        (self.span - self.nominal - self.phase).as_nanos() / self.every.as_nanos() + 1
    }

    /// Returns how many rollouts are played: every start in every replication.
    pub fn plays(&self) -> u64 {
        self.starts().saturating_mul(self.replications)
    }

    /// Says whether a canary was shown what everybody has seen.
    pub fn is_unthinned(&self) -> bool {
        !self.unthinned.is_empty()
    }
}

/// How often requests are dealt out where nobody says how often.
const REPLICATIONS: u64 = 40;

fn dealing(wishes: &Wishes) -> String {
    format!(
        "each recorded request reached the canary with the canary's share of the traffic at that time \
         (exact binomial thinning, seed {}); what it did not see, the old version did",
        wishes.seed
    )
}

/// Returns the gates of `signal` that look at a part of the fleet, with the least share in which they do.
fn partial<'p>(policy: &'p Policy, signal: &'p str) -> impl Iterator<Item = &'p Gate> {
    let part = |gate: &&Gate| {
        let own = [Some(gate.population), gate.breach.limit.refers_to()];
        own.into_iter().flatten().any(|it| it != Population::Fleet)
    };
    let used = |gate: &&Gate| {
        let here =
            |stage: &Stage| stage.criteria.contains(&gate.id) || stage.triggers.contains(&gate.id);
        let mut stages = policy.stages.iter().filter(|stage| here(stage));
        stages.any(|stage| stage.target < Share::ONE)
    };
    let gates = policy
        .gates
        .iter()
        .filter(move |gate| gate.signal == signal);
    gates.filter(part).filter(used)
}

fn is_dealt(policy: &Policy, tapes: &[RecordedSignal]) -> bool {
    let dealt = |tape: &&RecordedSignal| tape.recording.dealt != Dealt::Whole;
    let mut tapes = tapes.iter().filter(dealt);
    tapes.any(|tape| partial(policy, &tape.signal).next().is_some())
}

/// Returns the signals of which a gate sees the whole fleet's values where it would have seen the canary's.
fn unthinned(policy: &Policy, tapes: &[RecordedSignal]) -> Vec<UnthinnedSignal> {
    let of = |tape: &RecordedSignal| {
        let why = tape.unthinned?;
        let gates: Vec<_> = partial(policy, &tape.signal)
            .map(|gate| gate.id.clone())
            .collect();
        (!gates.is_empty()).then(|| UnthinnedSignal {
            signal: tape.signal.clone(),
            why: why.to_owned(),
            gates,
        })
    };
    tapes.iter().filter_map(of).collect()
}

/// A start that is held is followed for three times as long as it needs, and for a day more at least.
fn patience(nominal: SimDuration) -> SimDuration {
    let day = SimDuration::from_hours(24);
    nominal.saturating_mul(3).max(nominal.saturating_add(day))
}

fn steps(tapes: &[RecordedSignal]) -> impl Iterator<Item = SimDuration> {
    tapes.iter().map(|tape| tape.recording.step)
}

/// The time that all recordings cover.
fn common(metrics: &[SignalMetric]) -> Result<[Timestamp; 2], PastError> {
    let mut spans = metrics.iter().filter_map(|metric| metric.history.ends());
    let nothing = || error("there is nothing recorded", "give a recording with samples");
    let first = spans.next().ok_or_else(nothing)?;
    let [from, to] = spans.fold(first, |known, span| {
        [known[0].max(span[0]), known[1].min(span[1])]
    });
    for metric in metrics {
        if metric.history.step.is_zero() {
            let what = format!(
                "{} has no step from one sample to the next",
                metric.history.name
            );
            return Err(error(what, "give samples of at least two instants"));
        }
    }
    if from < to {
        Ok([from, to])
    } else {
        Err(error(
            "the recordings have no time in common",
            "export the same days of every signal",
        ))
    }
}

fn tapes(
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
        RecordedSignal::new(metric, taken, ends).map_err(|why| {
            error(
                format!(
                    "{} is no recording of {}: {why}",
                    metric.history.name, metric.signal
                ),
                help(metric),
            )
        })
    };
    metrics.iter().map(tape).collect()
}

/// Asks about values that may be percent.
fn doubt(metric: &SignalMetric) -> Option<String> {
    let doubt = metric.history.looks_like_percent()?;
    Some(format!(
        "{}: {} ({})",
        metric.signal,
        doubt.question(),
        Doubt::answers()
    ))
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

fn hosts(metrics: &[SignalMetric]) -> Option<u32> {
    let counts = metrics.iter().map(|metric| metric.history.hosts.len());
    counts
        .max()
        .filter(|count| *count > 0)
        .map(|count| count as u32)
}

/// Returns the time that a rollout takes whose gates all pass at once.
fn nominal(policy: &Policy) -> SimDuration {
    let mut from = Share::ZERO;
    let mut sum = SimDuration::ZERO;
    for stage in &policy.stages {
        sum = sum
            .saturating_add(stage.observe)
            .saturating_add(ramp_of(stage, from));
        from = stage.target;
    }
    sum
}

fn ramp_of(stage: &Stage, from: Share) -> SimDuration {
    let (low, high) = (f64::from(from.ppm()), f64::from(stage.target.ppm()));
    let (steps, every) = match stage.ramp {
        Ramp::AtOnce | Ramp::Manual { .. } => return SimDuration::ZERO,
        Ramp::Linear { step, every } => ((high - low) / f64::from(step.ppm()), every),
        Ramp::Exponential { factor, every } => (
            libm::log(high / low.max(10_000.0)) / libm::log(factor),
            every,
        ),
    };
    every.saturating_mul(steps.max(0.0).ceil() as u64)
}

/// Distances between starts that people think in.
const DISTANCES: [u64; 13] = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440];
/// The most starts where nobody says how many.
const STARTS: u64 = 1_000;

/// Returns the time between starts: a whole number of steps of every recording.
fn every(asked: Option<SimDuration>, span: SimDuration, step: SimDuration) -> SimDuration {
    let up =
        |time: SimDuration| step.saturating_mul(time.as_nanos().div_ceil(step.as_nanos()).max(1));
    if let Some(asked) = asked {
        return up(asked);
    }
    let minutes = DISTANCES.into_iter().map(SimDuration::from_mins);
    let mut fine = minutes.filter(|it| it.as_nanos().is_multiple_of(step.as_nanos()));
    let few = |every: &SimDuration| span.as_nanos() / every.as_nanos() < STARTS;
    let long = || up(SimDuration::from_nanos(span.as_nanos() / STARTS + 1));
    fine.find(few).unwrap_or_else(long)
}
