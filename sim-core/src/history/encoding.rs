//! Events as words, which are hashed: their codes and the order of their fields never change.

use super::Event;
use crate::engine::{Record, RunningHash};

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
            Self::Unanswered { stage } => one(39, stage.into()),
            Self::AlreadyRed { gate } => one(42, gate.into()),
            Self::GuardAnswered { decision, fault } => two(
                41,
                decision as u64,
                fault.map_or(0, |fault| fault as u64 + 1),
            ),
            Self::WorkLost { running, lost } => two(40, running.into(), lost.into()),
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
