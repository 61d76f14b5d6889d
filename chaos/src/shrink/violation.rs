//! A sighting: what one rehearsal showed of the promise.

use sim_core::effect::Anchor;
use sim_core::engine::{Share, SimTime};
use sim_core::{Event, History};

use super::failure_signature::failure_signature;
use crate::checker::Status;
use crate::rehearsal::Rehearsed;

/// How a rehearsal broke the promise.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Violation {
    /// In which manner.
    pub manner: String,
    /// When it was broken first.
    pub at: SimTime,
    /// For each injection, whether it had shown before the promise was broken.
    pub mattered: Vec<bool>,
    /// The anchors that came, each with its first instant.
    pub anchors: Vec<(Anchor, SimTime)>,
}

impl Violation {
    /// Returns how `played` broke the promise; none where it did not.
    pub fn of(played: &Rehearsed, invariant: &str) -> Option<Self> {
        let finding = played.finding(invariant)?;
        if finding.status != Status::Violated {
            return None;
        }
        let history = &played.run.history;
        let end = history
            .iter()
            .next_back()
            .map_or(SimTime::ZERO, |line| line.0);
        let at = finding.at.unwrap_or(end);
        let shown = |place: &usize| {
            let is = |event: &Event| matches!(event, Event::EffectShowed { effect } if usize::from(*effect) == *place);
            history.iter().any(|(when, event)| *when <= at && is(event))
        };
        Some(Self {
            manner: failure_signature(finding),
            at,
            mattered: played.places.iter().map(shown).collect(),
            anchors: anchors(history),
        })
    }
}

/// Returns the anchors that a history shows, in the order in which they came.
fn anchors(history: &History) -> Vec<(Anchor, SimTime)> {
    let mut found: Vec<(Anchor, SimTime)> = Vec::new();
    for &(at, event) in history {
        let Some(anchor) = anchor(event) else {
            continue;
        };
        if found.iter().all(|(known, _)| *known != anchor) {
            found.push((anchor, at));
        }
    }
    found
}

/// Returns the anchor that an event is. The end of a window is none: only the machine knows it.
fn anchor(event: Event) -> Option<Anchor> {
    match event {
        Event::Started => Some(Anchor::Start),
        Event::Exposure { reached } if reached > Share::ZERO => Some(Anchor::FirstExposure),
        Event::RollbackBegan => Some(Anchor::Rollback),
        Event::StageEntered { stage, .. } => Some(Anchor::StageEntered(stage)),
        Event::Paused { .. } => Some(Anchor::Paused),
        Event::Reverted => Some(Anchor::Reverted),
        Event::Recovered { .. } => Some(Anchor::Recovered),
        Event::KillThrown => Some(Anchor::KillThrown),
        Event::ControllerStarted { .. } => Some(Anchor::ControllerBack),
        _ => None,
    }
}
