//! The history of a rollout: what happened and when, and nothing else.
//!
//! The history is the only thing that checkers, reports and comparisons see. Events name stages, gates,
//! steps and so on by their index in the policy; [`crate::policy::Policy`] turns them into names.

use crate::engine::{Record, RunningHash, Share, Trace};
use crate::policy::gate::{Flaw, Judgement};
use crate::policy::{Action, EvidenceFlaw, WaiverRefusal};

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
    /// The rollout is over.
    Ended {
        /// How.
        outcome: Outcome,
    },
}

/// What somebody is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// To approve leaving a stage.
    Approval,
    /// To approve the next increment inside a stage.
    Increment,
    /// To sign off after a trigger's action.
    SignOff,
    /// To acknowledge before a new attempt.
    Acknowledgement,
    /// To take over, because the ladder is exhausted.
    Escalation,
}

/// Why a rollout stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PauseReason {
    /// The stage was not satisfied within so many windows.
    Overdue,
    /// A trigger's action.
    Trigger,
    /// Evidence was flawed when the stage was to be entered.
    Evidence,
    /// A sign-off is awaited.
    AwaitingSignOff,
}

/// How a rollback step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepResult {
    /// It did what it should.
    Done,
    /// It reached only a part of the hosts.
    Partial,
    /// It failed.
    Failed,
    /// It was done, but what it put back is the bad content again.
    SameContent,
}

/// How a rollout ended.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The last stage was done.
    Completed,
    /// Everything returned to the old version.
    RolledBack,
    /// The rollout stands still and nobody let it go on.
    Paused,
    /// A rung of the fallback ladder holds.
    FellBack,
    /// The kill switch was thrown.
    Killed,
    /// The rollout was never allowed to start, or its rollback could not be carried out.
    Aborted,
    /// The simulation ended first.
    Unfinished,
}

impl Outcome {
    /// All outcomes, in the order of reports.
    pub const ALL: [Self; 7] = [
        Self::Completed,
        Self::RolledBack,
        Self::Paused,
        Self::FellBack,
        Self::Killed,
        Self::Aborted,
        Self::Unfinished,
    ];

    /// Returns the word that files and reports use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::RolledBack => "rolled_back",
            Self::Paused => "paused",
            Self::FellBack => "fell_back",
            Self::Killed => "killed",
            Self::Aborted => "aborted",
            Self::Unfinished => "unfinished",
        }
    }
}

impl Record for Event {
    fn record(&self, into: &mut RunningHash) {
        let (code, words) = self.words();
        into.word(code);
        for word in words {
            into.word(word);
        }
    }
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

    /// The event as a code and its fields in order; codes are never reused.
    fn words(&self) -> (u64, [u64; 5]) {
        match *self {
            Self::Started => one(1, 0),
            Self::Refused { evidence, flaw } => two(2, evidence.into(), flaw as u64),
            Self::WaiverJudged { waiver, refusal } => two(
                3,
                waiver.into(),
                refusal.map_or(0, |refusal| refusal as u64 + 1),
            ),
            Self::StageEntered {
                stage,
                hosts,
                attempt,
            } => three(4, stage.into(), hosts.into(), attempt.into()),
            Self::Exposure { reached } => one(5, reached.ppm().into()),
            Self::Converged { stage } => one(6, stage.into()),
            Self::ObservationBegan { stage } => one(7, stage.into()),
            Self::Judged { .. } => self.judged_words(),
            Self::Triggered {
                gate,
                class,
                action,
            } => three(9, gate.into(), class.into(), action as u64),
            Self::EvidenceFlawed { evidence, flaw } => two(10, evidence.into(), flaw as u64),
            Self::BlastExceeded { reached } => one(11, reached.ppm().into()),
            Self::Asked { operator, request } => two(12, operator.into(), request as u64),
            Self::Answered { operator, request } => two(13, operator.into(), request as u64),
            Self::Advanced { from, to } => two(14, from.into(), to.into()),
            Self::Paused { stage, why } => two(15, stage.into(), why as u64),
            Self::SteppedBack { from } => one(16, from.into()),
            Self::RollbackBegan => one(17, 0),
            Self::StepBegan { step, attempt } => two(18, step.into(), attempt.into()),
            Self::StepEnded { step, result } => two(19, step.into(), result as u64),
            Self::Reverted => one(20, 0),
            Self::StandbyAbsent => one(21, 0),
            Self::RollbackEnded { recovered } => one(22, recovered.into()),
            Self::RungTaken { rung } => one(23, rung.into()),
            Self::RungEffective { rung } => one(24, rung.into()),
            Self::LadderExhausted => one(25, 0),
            Self::KillThrown => one(26, 0),
            Self::KillEffective => one(27, 0),
            Self::Drained {
                cancelled,
                finished,
            } => two(28, cancelled.into(), finished.into()),
            Self::Recovered {
                attempt,
                acknowledged,
                fresh,
            } => three(29, attempt.into(), acknowledged.into(), fresh.into()),
            Self::EffectBegan { effect } => one(30, effect.into()),
            Self::Ended { outcome } => one(31, outcome as u64),
            Self::EffectShowed { effect } => one(32, effect.into()),
            Self::ControllerStopped => one(33, 0),
            Self::ControllerStarted { forgot } => one(34, forgot.into()),
            Self::HostsLost { hosts, exposed } => two(35, hosts.into(), exposed.into()),
            Self::HostsReturned { hosts, exposed } => two(36, hosts.into(), exposed.into()),
            Self::Overruled { stage } => one(37, stage.into()),
            Self::FixAwaited => one(38, 0),
        }
    }

    fn judged_words(&self) -> (u64, [u64; 5]) {
        let Self::Judged {
            gate,
            judgement,
            flaw,
            value,
            samples,
            limit: _,
        } = *self
        else {
            unreachable!("only a judgement is asked for its words")
        };
        let flaw = flaw.map_or(0, |flaw| flaw as u64 + 1);
        let fields = [gate.into(), judgement as u64, flaw, bits(value), samples];
        (8, fields)
    }
}

/// The bits of a value. Every NaN is one value: its payload is no fact of the rollout.
const fn bits(value: f64) -> u64 {
    if value.is_nan() {
        f64::NAN.to_bits()
    } else {
        value.to_bits()
    }
}

const fn one(code: u64, a: u64) -> (u64, [u64; 5]) {
    three(code, a, 0, 0)
}

const fn two(code: u64, a: u64, b: u64) -> (u64, [u64; 5]) {
    three(code, a, b, 0)
}

const fn three(code: u64, a: u64, b: u64, c: u64) -> (u64, [u64; 5]) {
    (code, [a, b, c, 0, 0])
}
