//! Harms: which signals users feel, what a bad reading of each costs them, and which effects reach them.

use crate::effect::Change;
use crate::experiment::Experiment;
use crate::faults::EffectPlan;
use crate::telemetry::{Signal, SignalKind, SignalPlan, usual};

/// What a slow request counts where the signal does not say: half a failed one, as Apdex counts a request
/// that users merely tolerate. Source: Apdex Technical Specification 1.1, section 3.
pub const SLOW_WEIGHT: f64 = 0.5;

/// What harms users in an experiment.
#[derive(Clone, Debug)]
pub(crate) struct Harms {
    /// The signals that users feel and that some effect changes.
    pub signals: Vec<Harmed>,
    /// The effects that change them, and those that change the load.
    pub effects: Vec<usize>,
    /// Whether what a request suffers depends on how many hosts serve the new version.
    pub by_share: bool,
    /// Whether it depends on a load that moves.
    pub by_load: bool,
    /// Whether one of the effects is at work only at some loads or shares.
    pub conditional: bool,
}

/// A signal that users feel.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Harmed {
    pub signal: usize,
    /// What one bad request counts, as a part of a failed one.
    pub weight: f64,
    pub how: How,
}

/// How a signal says which requests are bad.
#[derive(Clone, Copy, Debug)]
pub(crate) enum How {
    /// It counts them.
    Failed,
    /// Each event is one of them.
    Event,
    /// They take longer than so many milliseconds.
    Slow { above: f64 },
}

impl Harms {
    pub fn of(experiment: &Experiment, signals: &[SignalPlan], effects: &[EffectPlan]) -> Self {
        let all = experiment.telemetry.signals.iter().enumerate();
        let felt: Vec<Harmed> = all
            .filter(|(index, _)| !signals[*index].effects.is_empty())
            .filter_map(|(index, signal)| harmed(index, signal))
            .collect();
        let loads = |index: &usize| matches!(effects[*index].effect.change, Change::Load { .. });
        let changing = |index: &usize| {
            let mut felt = felt.iter();
            felt.any(|harmed| signals[harmed.signal].effects.contains(index))
        };
        let concerned = (0..effects.len()).filter(|index| !effects[*index].inert);
        let of: Vec<usize> = concerned
            .filter(|index| loads(index) || changing(index))
            .collect();
        let only = |index: &usize| effects[*index].effect.only;
        let events = felt.iter().any(|harmed| matches!(harmed.how, How::Event));
        let moves = !experiment.traffic.shape.is_empty() || of.iter().any(loads);
        let above = |index: &usize| only(index).is_some_and(|only| only.load_above.is_some());
        let hosts = |index: &usize| {
            let shown_by = effects[*index].hosts_of;
            effects[shown_by].effect.hosts.is_some()
        };
        Self {
            by_share: experiment.fleet.host_effect > 0.0
                || of.iter().any(|index| hosts(index) || only(index).is_some()),
            conditional: of.iter().any(|index| only(index).is_some()),
            by_load: moves && (events || of.iter().any(above)),
            effects: of,
            signals: felt,
        }
    }
}

/// What a latency that users feel counts.
#[derive(Clone, Debug, PartialEq)]
pub struct SlowRequests {
    /// The signal.
    pub signal: String,
    /// From how many milliseconds on a request is slow.
    pub above: f64,
    /// How much a slow request counts, as a part of a failed one.
    pub weight: f64,
}

/// Returns what each latency of `experiment` that users feel counts, declared or by default.
pub fn slow_requests(experiment: &Experiment) -> Vec<SlowRequests> {
    let signals = experiment.telemetry.signals.iter();
    let slow = |signal: &Signal| match harmed(0, signal)? {
        Harmed {
            how: How::Slow { above },
            weight,
            ..
        } => Some(SlowRequests {
            signal: signal.id.clone(),
            above,
            weight,
        }),
        _ => None,
    };
    signals.filter_map(slow).collect()
}

fn harmed(index: usize, signal: &Signal) -> Option<Harmed> {
    if !signal.harms_users {
        return None;
    }
    let (how, weight) = match &signal.kind {
        SignalKind::Ratio { .. } | SignalKind::RatioOfRuns { .. } => (How::Failed, 1.0),
        SignalKind::Count { .. } => (How::Event, 1.0),
        SignalKind::Latency { parts, cap, .. } => {
            let above = signal.slow_above.unwrap_or_else(|| usual(parts, *cap));
            (How::Slow { above }, SLOW_WEIGHT)
        }
        // A level has no share of requests that it fails, nor has an update; files are checked for it.
        SignalKind::Gauge { .. } | SignalKind::Heartbeat { .. } | SignalKind::Updates => {
            return None;
        }
    };
    Some(Harmed {
        signal: index,
        weight: signal.harm_weight.unwrap_or(weight),
        how,
    })
}
