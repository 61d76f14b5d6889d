//! The past that is played: what recordings have in common, and how often a policy starts in it.

use reports::{InadequateGate, UnthinnedSignal};
use scenarios::recorded::Timestamp;
use sim_core::Experiment;
use sim_core::engine::{Share, SimDuration};
use sim_core::policy::{Policy, Ramp, Stage};

use super::adequacy::OfferedSamples;
use super::recorded_signal::{RecordedSignal, SignalMetric};
use super::recordings::{PastError, Wishes, doubt, error, hosts, tapes};
use super::thinning::{dealing, is_dealt, unthinned};
use super::world::experiment;

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
        let (judged, inadequate, mut notes) = Self::offered(policy, &tapes, &metrics, hosts)?;
        let [span, nominal] = Self::lengths(&judged, [origin, end], wishes)?;
        let step = steps(&tapes).max().unwrap_or(SimDuration::from_secs(1));
        let phase = wishes.phase;
        let every = every(wishes.every, span - nominal, step);
        let (dealt, unthinned) = (is_dealt(&judged, &tapes), unthinned(&judged, &tapes));
        notes.extend(dealt.then(|| dealing(wishes)));
        let asked = wishes.replications.filter(|_| dealt);
        Ok(Self {
            every,
            horizon: wishes.horizon.unwrap_or_else(|| patience(nominal)),
            experiment: experiment(judged, &tapes, hosts.unwrap_or(1), [every, phase]),
            phase,
            replications: asked.unwrap_or(if dealt { REPLICATIONS } else { 1 }),
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

    /// The policy with the gates that the recordings answer, those that they do not, and what else to know.
    fn offered(
        policy: &Policy,
        tapes: &[RecordedSignal],
        metrics: &[SignalMetric],
        hosts: Option<u32>,
    ) -> Result<(Policy, Vec<InadequateGate>, Vec<String>), PastError> {
        let hosts = hosts.is_some();
        let offer = OfferedSamples { tapes, hosts };
        let (judged, inadequate) = offer.judged(policy);
        Self::refuse_unanswered(&judged, &inadequate)?;
        let mut notes = offer.notes(&judged);
        notes.extend(metrics.iter().filter_map(|metric| doubt(policy, metric)));
        notes.push(Self::ASSUMED.to_owned());
        Ok((judged, inadequate, notes))
    }

    fn refuse_unanswered(judged: &Policy, inadequate: &[InadequateGate]) -> Result<(), PastError> {
        if judged.gates.is_empty() {
            let whys: Vec<_> = inadequate
                .iter()
                .map(|gate| format!("{}: {}", gate.gate, gate.why))
                .collect();
            return Err(error("the recordings answer no gate", whys.join("\n")));
        }
        Ok(())
    }

    const ASSUMED: &str = "people answer at once, evidence is in order, and exposure changes nothing that was recorded";

    /// How much time the recordings have in common, and how much one rollout takes.
    fn lengths(
        judged: &Policy,
        [origin, end]: [Timestamp; 2],
        wishes: &Wishes,
    ) -> Result<[SimDuration; 2], PastError> {
        let span = SimDuration::from_millis((end.millis() - origin.millis()).unsigned_abs());
        let nominal = nominal(judged);
        if span < nominal.saturating_add(wishes.phase) {
            return Err(error(
                format!("the recordings have {span} in common, and one rollout takes {nominal}"),
                "give a longer recording",
            ));
        }
        Ok([span, nominal])
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
