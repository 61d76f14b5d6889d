//! The general word of an event.

use sim_core::Event;

/// The general word of an event.
pub(super) const fn word(event: &Event) -> &'static str {
    match event {
        Event::Started => "started",
        Event::Refused { .. } => "refused",
        Event::WaiverJudged { .. } => "waiver",
        Event::StageEntered { .. } => "stage-entered",
        Event::Exposure { .. } => "exposure",
        Event::Converged { .. } => "converged",
        Event::ObservationBegan { .. } => "observing",
        Event::Judged { .. } => "judged",
        Event::Triggered { .. } => "triggered",
        Event::EvidenceFlawed { .. } => "evidence-flawed",
        Event::BlastExceeded { .. } => "blast-exceeded",
        Event::Asked { .. } => "asked",
        Event::Answered { .. } => "answered",
        Event::Advanced { .. } => "advanced",
        Event::Paused { .. } => "paused",
        Event::SteppedBack { .. } => "stepped-back",
        Event::RollbackBegan => "rollback-began",
        Event::StepBegan { .. } => "step-began",
        Event::StepEnded { .. } => "step-ended",
        Event::Reverted => "reverted",
        Event::StandbyAbsent => "standby-absent",
        Event::RollbackEnded { recovered: true } => "rolled-back",
        Event::RollbackEnded { recovered: false } => "rollback-failed",
        Event::RungTaken { .. } => "rung-taken",
        Event::RungEffective { .. } => "rung-effective",
        Event::LadderExhausted => "ladder-exhausted",
        Event::KillThrown => "kill-thrown",
        Event::KillEffective => "kill-effective",
        Event::Drained { .. } => "drained",
        Event::Recovered { .. } => "recovered",
        Event::EffectBegan { .. } => "effect-began",
        Event::EffectShowed { .. } => "effect-showed",
        Event::ControllerStopped => "controller-stopped",
        Event::ControllerStarted { .. } => "controller-started",
        Event::HostsLost { .. } => "hosts-lost",
        Event::HostsReturned { .. } => "hosts-returned",
        Event::Overruled { .. } => "overruled",
        Event::FixAwaited => "fix-awaited",
        Event::Ended { .. } => "ended",
    }
}
