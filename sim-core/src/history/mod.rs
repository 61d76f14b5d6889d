//! The history of a rollout: what happened and when, and nothing else.
//!
//! The history is the only thing that checkers, reports and comparisons see. Events name stages, gates,
//! steps and so on by their index in the policy; [`crate::policy::Policy`] turns them into names.

mod encoding;
mod outcome;
mod reasons;

pub use outcome::Outcome;
pub use reasons::{PauseReason, Request, StepResult};

use crate::engine::{Share, Trace};
use crate::policy::gate::{Flaw, Judgement};
use crate::policy::{Action, EvidenceFlaw, GuardDecision, GuardFault, WaiverRefusal};

/// Everything that happened in a rollout, in order, with a running hash.
pub type History = Trace<Event>;

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    /// The rollout was asked to start.
    Started,
    /// A prerequisite or an entry requirement was not in order, so a stage was not entered.
    Refused {
        /// The evidence.
        evidence: u16,
        /// What is wrong with it.
        flaw: EvidenceFlaw,
    },
    /// A waiver was looked at.
    WaiverJudged {
        /// The waiver.
        waiver: u16,
        /// Why it does not count, if it does not.
        refusal: Option<WaiverRefusal>,
    },
    /// A stage was entered.
    StageEntered {
        /// The stage.
        stage: u16,
        /// The hosts that its target means after rounding.
        hosts: u32,
        /// The attempt, 0 for the first.
        attempt: u16,
    },
    /// The exposure that has been reached changed; recorded at least at every extreme.
    Exposure {
        /// The share of the fleet that serves the new version.
        reached: Share,
    },
    /// Every host of the stage's target serves the new version.
    Converged {
        /// The stage.
        stage: u16,
    },
    /// The observation of a stage began.
    ObservationBegan {
        /// The stage.
        stage: u16,
    },
    /// A gate said something else than before, or was read for a decision (the metric snapshot).
    Judged {
        /// The gate.
        gate: u16,
        /// What it said.
        judgement: Judgement,
        /// What was wrong with the data, if anything.
        flaw: Option<Flaw>,
        /// The value that it read.
        value: f64,
        /// The samples that the value rests on.
        samples: u64,
        /// The limit that the value was compared with, in its unit; not a number where what it refers to could not be
        /// read. It follows from the policy and from what was read, and is no part of the hash.
        limit: f64,
    },
    /// A gate's window filled and the gate fired.
    Triggered {
        /// The gate.
        gate: u16,
        /// Its class.
        class: u16,
        /// What its class does, after all limits.
        action: Action,
    },
    /// A piece of evidence was found flawed while a stage held.
    EvidenceFlawed {
        /// The evidence.
        evidence: u16,
        /// What is wrong with it.
        flaw: EvidenceFlaw,
    },
    /// More was reached than the policy allows.
    BlastExceeded {
        /// The share that was reached.
        reached: Share,
    },
    /// Somebody was asked.
    Asked {
        /// The operator, by index in the experiment.
        operator: u16,
        /// What for.
        request: Request,
    },
    /// Somebody answered.
    Answered {
        /// The operator, by index in the experiment.
        operator: u16,
        /// What for.
        request: Request,
    },
    /// A stage was left for the next one.
    Advanced {
        /// The stage that was left.
        from: u16,
        /// The stage that follows.
        to: u16,
    },
    /// The rollout stood still.
    Paused {
        /// The stage.
        stage: u16,
        /// Why.
        why: PauseReason,
    },
    /// The rollout returned to the stage before.
    SteppedBack {
        /// The stage that was left.
        from: u16,
    },
    /// A rollback began.
    RollbackBegan,
    /// A rollback step began.
    StepBegan {
        /// The step.
        step: u16,
        /// The attempt, 0 for the first.
        attempt: u16,
    },
    /// A rollback step ended.
    StepEnded {
        /// The step.
        step: u16,
        /// How.
        result: StepResult,
    },
    /// The last host serves the old version again.
    Reverted,
    /// The old version was not there to return to.
    StandbyAbsent,
    /// The rollback is over.
    RollbackEnded {
        /// Whether every required step worked and nothing serves the new version.
        recovered: bool,
    },
    /// A rung of the fallback ladder was taken.
    RungTaken {
        /// The rung.
        rung: u16,
    },
    /// The setting of a rung has taken effect.
    RungEffective {
        /// The rung.
        rung: u16,
    },
    /// No rung was left.
    LadderExhausted,
    /// The kill switch was thrown.
    KillThrown,
    /// The kill switch has taken effect on every server and client; never recorded if it does nothing.
    KillEffective,
    /// Queued work was cancelled and running work left to finish.
    Drained {
        /// How many queued jobs were cancelled.
        cancelled: u32,
        /// How many running jobs finished.
        finished: u32,
    },
    /// A new attempt began after a rollback or a fallback.
    Recovered {
        /// The attempt.
        attempt: u16,
        /// Whether somebody had acknowledged.
        acknowledged: bool,
        /// Whether it began with the first stage.
        fresh: bool,
    },
    /// An effect began to show.
    EffectBegan {
        /// The effect: the release's effects first, then the faults.
        effect: u16,
    },
    /// An effect that is to be confirmed changed something for the first time.
    EffectShowed {
        /// The effect, counted as in [`Event::EffectBegan`].
        effect: u16,
    },
    /// The controller went down.
    ControllerStopped,
    /// The controller is back.
    ControllerStarted {
        /// How many kinds of things it has forgotten.
        forgot: u16,
    },
    /// Hosts are gone for a while.
    HostsLost {
        /// How many.
        hosts: u32,
        /// How many of them served the new version.
        exposed: u32,
    },
    /// Hosts are back.
    HostsReturned {
        /// How many.
        hosts: u32,
        /// How many of them serve the new version.
        exposed: u32,
    },
    /// Somebody let the rollout go on, whatever its gates said.
    Overruled {
        /// The stage.
        stage: u16,
    },
    /// A mended version is waited for instead of a rollback.
    FixAwaited,
    /// Workers were replaced by the new version while jobs ran on them.
    WorkLost {
        /// Jobs that were running in the whole queue.
        running: u32,
        /// Jobs that ran on after the grace, and were killed.
        lost: u32,
    },
    /// Nobody approved leaving the stage within the time that the policy gives.
    Unanswered {
        /// The stage.
        stage: u16,
    },
    /// A gate breached before the rollout had begun.
    AlreadyRed {
        /// The gate.
        gate: u16,
    },
    /// The guard that decides in the place of the gates said something else than before, or something was done for it.
    GuardAnswered {
        /// What it decided.
        decision: GuardDecision,
        /// What was wrong with it, where the decision is the policy's for that.
        fault: Option<GuardFault>,
    },
    /// The rollout is over.
    Ended {
        /// How.
        outcome: Outcome,
    },
}

impl Event {
    /// Whether something was done about the release: it was refused, stood still, went back, or a trigger
    /// acted that does more than record.
    pub fn acts(&self) -> bool {
        match self {
            Self::Triggered { action, .. } => *action != Action::Record,
            Self::Refused { .. }
            | Self::Paused { .. }
            | Self::SteppedBack { .. }
            | Self::RollbackBegan
            | Self::RungTaken { .. }
            | Self::KillThrown => true,
            _ => false,
        }
    }
}
