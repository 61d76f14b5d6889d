//! A guard: something outside that decides, asked with data and answering with data.

use std::fmt;
use std::sync::Arc;

use crate::engine::{Share, SimDuration, SimTime};
use crate::policy::gate::{Flaw, Judgement};
use crate::policy::{GuardDecision, GuardFault};

/// Decides from what is read. What is behind it is nobody's business in the machine; a guard whose answers depend on
/// nothing but the question gives rollouts that can be played again.
pub trait Guard: Send + Sync {
    /// Answers a question.
    fn decide(&self, question: &Question) -> GuardAnswer;
}

/// A guard that experiments share.
#[derive(Clone)]
pub struct GuardHandle(pub Arc<dyn Guard>);

impl fmt::Debug for GuardHandle {
    fn fmt(&self, into: &mut fmt::Formatter<'_>) -> fmt::Result {
        into.write_str("GuardHandle")
    }
}

/// The very same guard.
impl PartialEq for GuardHandle {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// What a guard is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The time since the start.
    pub at: SimTime,
    /// The stage, by its index in the policy.
    pub stage: usize,
    /// The exposure that has really been reached.
    pub exposure: Share,
    /// For how long the stage has been observed; none where its observation has not begun.
    pub observed: Option<SimDuration>,
    /// Whether every host of the stage's target serves the new version.
    pub converged: bool,
    /// Whether leaving the stage has been approved.
    pub approved: bool,
    /// What the gates of the stage read.
    pub readings: Vec<GateReading>,
}

/// What a gate reads, and what it would say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GateReading {
    /// The gate, by its index in the policy.
    pub gate: usize,
    /// The value; none where there is something wrong with the data.
    pub value: Option<f64>,
    /// How many samples it rests on.
    pub samples: u64,
    /// What is wrong with the data.
    pub flaw: Option<Flaw>,
    /// The limit of the gate; none where what it refers to could not be read.
    pub limit: Option<f64>,
    /// What the gate says of this reading.
    pub judgement: Judgement,
    /// Whether its window is full, so that it would fire.
    pub fires: bool,
}

/// What a guard answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuardAnswer {
    /// What is done.
    pub decision: GuardDecision,
    /// What was wrong with the guard, where the decision is the policy's for that.
    pub fault: Option<GuardFault>,
}
