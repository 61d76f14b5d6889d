//! Releases that fail plainly: the least that any staged rollout is for.
//!
//! A policy can keep every promise about what it reads and read nothing that matters. Each signal that users
//! feel fails for good, alone, from the first exposure or from the entry into some stage on.

use serde_json::json;
use sim_core::Seed;
use sim_core::effect::{Anchor, Course};
use sim_core::telemetry::{Signal, SignalKind};

use super::FaultSpace;
use crate::catalogue::{Entry, Injection};
use crate::generator::Kind;
use crate::rehearsal::Rehearsal;

/// Releases that fail plainly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Baseline;

/// Half of what is asked fails.
const SHARE: f64 = 0.5;
/// So many events for each host and hour that must not happen.
const EVENTS: f64 = 20.0;

impl Baseline {
    /// Returns how many rehearsals there are: signals that users feel times instants.
    pub fn count(self, space: &FaultSpace) -> u64 {
        (felt(space).count() * anchors(space).len()) as u64
    }

    /// Returns rehearsal `number` of [`Baseline::count`]; beyond it they begin again under other seeds.
    ///
    /// # Panics
    /// Never: without a signal that users feel the rehearsal has no fault.
    pub fn rehearsal(self, space: &FaultSpace, number: u64, seed: Seed) -> Rehearsal {
        let anchors = anchors(space);
        let number = number as usize;
        let signals: Vec<_> = felt(space).collect();
        let injections = match signals.get(number / anchors.len() % signals.len().max(1)) {
            Some((signal, by)) => vec![fails(signal, *by, anchors[number % anchors.len()])],
            None => Vec::new(),
        };
        Rehearsal {
            experiment: space.experiment.clone(),
            injections,
            seed,
        }
    }
}

/// The signals that users feel, and by how much each fails.
fn felt(space: &FaultSpace) -> impl Iterator<Item = (&Signal, f64)> {
    let signals = space.experiment.telemetry.signals.iter();
    signals
        .filter(|signal| signal.harms_users)
        .filter_map(|signal| match signal.kind {
            SignalKind::Ratio { .. } | SignalKind::RatioOfRuns { .. } => Some((signal, SHARE)),
            SignalKind::Count { .. } => Some((signal, EVENTS)),
            SignalKind::Gauge { .. }
            | SignalKind::Latency { .. }
            | SignalKind::Heartbeat { .. }
            | SignalKind::Updates => None,
        })
}

/// The first exposure, and the entry into each stage but the first.
fn anchors(space: &FaultSpace) -> Vec<Anchor> {
    let stages = space.experiment.policy.stages.len() as u16;
    let entries = (1..stages).map(Anchor::StageEntered);
    std::iter::once(Anchor::FirstExposure)
        .chain(entries)
        .collect()
}

fn fails(signal: &Signal, by: f64, from: Anchor) -> Injection {
    let entry = Entry::of("version.step").expect("a fault of the catalogue");
    let parameters = json!({ "signal": signal.id, "by": { "plus": by } });
    let parameters = parameters.as_object().cloned().unwrap_or_default();
    let fault = Kind::of(entry).fault(parameters);
    Injection {
        id: "plain".to_owned(),
        fault: fault.expect("a step has a signal and a size"),
        at: Some(Course {
            from,
            ..Course::default()
        }),
        cured_by: Vec::new(),
    }
}
