//! Situations: what a rollout is doing, read off its history.

use sim_core::engine::SimTime;
use sim_core::history::Request;
use sim_core::policy::Policy;
use sim_core::{Event, History, Outcome};

/// What a rollout is doing at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Situation {
    /// It has not entered its first stage yet.
    Before,
    /// Hosts get the new version for the stage of this number.
    Climbing(u16),
    /// The stage of this number is observed.
    Watching(u16),
    /// An approval to leave the stage of this number is awaited.
    Asking(u16),
    /// It stands still in the stage of this number.
    Standing(u16),
    /// The rung of this number takes effect.
    Falling(u16),
    /// The rung of this number has taken effect and is watched.
    Settling(u16),
    /// The kill switch was thrown.
    Killing,
    /// A mended version is waited for.
    Fixing,
    /// The release is being taken back.
    Retreating,
    /// The release was taken back or has fallen back, and somebody's word is awaited.
    Owing,
    /// It is over.
    Over(Outcome),
}

impl Situation {
    /// Returns the situation after `event`.
    #[must_use]
    pub const fn after(self, event: &Event) -> Self {
        match *event {
            Event::StageEntered { stage, .. } => Self::Climbing(stage),
            Event::ObservationBegan { stage } => Self::Watching(stage),
            Event::Asked { request, .. } => self.asked(request),
            Event::Answered {
                request: Request::Approval,
                ..
            } => self.answered(),
            Event::Paused { stage, .. } => Self::Standing(stage),
            Event::RungTaken { rung } => Self::Falling(rung),
            Event::RungEffective { rung } => Self::Settling(rung),
            Event::KillThrown => Self::Killing,
            Event::FixAwaited => Self::Fixing,
            Event::RollbackBegan => Self::Retreating,
            Event::RollbackEnded { .. } => Self::Owing,
            Event::Ended { outcome } => Self::Over(outcome),
            _ => self,
        }
    }

    const fn asked(self, request: Request) -> Self {
        match (self, request) {
            (Self::Watching(stage), Request::Approval) => Self::Asking(stage),
            (Self::Climbing(stage), Request::SignOff) => Self::Standing(stage),
            (_, Request::Acknowledgement) => Self::Owing,
            _ => self,
        }
    }

    const fn answered(self) -> Self {
        match self {
            Self::Asking(stage) => Self::Watching(stage),
            other => other,
        }
    }

    /// Returns the words for it, with the names that `policy` gives to stages and rungs.
    pub fn name(self, policy: &Policy) -> String {
        let stage = |number: u16| {
            let known = policy.stages.get(usize::from(number));
            known.map_or_else(|| format!("#{number}"), |stage| stage.id.clone())
        };
        let rung = |number: u16| {
            let ladder = policy.ladder.as_ref();
            let known = ladder.and_then(|ladder| ladder.rungs.get(usize::from(number)));
            known.map_or_else(|| format!("#{number}"), |rung| rung.id.clone())
        };
        match self {
            Self::Before => "before the first stage".to_owned(),
            Self::Climbing(number) => format!("ramping up {}", stage(number)),
            Self::Watching(number) => format!("watching {}", stage(number)),
            Self::Asking(number) => format!("asking to leave {}", stage(number)),
            Self::Standing(number) => format!("standing in {}", stage(number)),
            Self::Falling(number) => format!("falling to {}", rung(number)),
            Self::Settling(number) => format!("settling on {}", rung(number)),
            Self::Killing => "killing".to_owned(),
            Self::Fixing => "waiting for a fix".to_owned(),
            Self::Retreating => "rolling back".to_owned(),
            Self::Owing => "waiting for somebody's word".to_owned(),
            Self::Over(outcome) => outcome.word().to_owned(),
        }
    }
}

/// One line of a history with the situations around it.
#[derive(Clone, Copy, Debug)]
pub struct Step<'h> {
    /// When it happened.
    pub at: SimTime,
    /// What happened.
    pub event: &'h Event,
    /// The situation before the instant of the event.
    pub then: Situation,
    /// The situation after the event.
    pub now: Situation,
}

/// Returns the lines of a history in order, with their situations.
pub fn steps(history: &History) -> impl Iterator<Item = Step<'_>> {
    let (mut now, mut then, mut instant) = (Situation::Before, Situation::Before, SimTime::ZERO);
    history.iter().map(move |(at, event)| {
        if *at > instant {
            (instant, then) = (*at, now);
        }
        now = now.after(event);
        Step {
            at: *at,
            event,
            then,
            now,
        }
    })
}
