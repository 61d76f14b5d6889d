//! What a round of reconciling did.

use crate::argo::assess::Phase;

/// A measurement that was taken or finished in a round.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// Index of the metric.
    pub metric: usize,
    /// When the request was made.
    pub at: i64,
    /// What it came to.
    pub phase: Phase,
    /// The phase of its metric after the round.
    pub metric_phase: Phase,
    /// The count of its metric after the round.
    pub count: i64,
}

/// What a round of reconciling did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Round {
    /// What was measured.
    pub measurements: Vec<Measurement>,
    /// When the round was over: later than its start by the longest latency.
    pub over: i64,
    /// When the run wants to be woken next; none if it is complete, or waits for an answer only.
    pub next: Option<i64>,
}
