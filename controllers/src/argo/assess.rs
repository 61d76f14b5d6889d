//! From measurements to the phase of a metric, and from metrics to the phase of a run.
//!
//! Source: argo-rollouts v1.10.1 `analysis/analysis.go`, `utils/analysis/helpers.go`.

use serde::{Deserialize, Serialize};

use super::condition::Outcome;
use super::metric::Limits;

/// The phase of a measurement, of a metric or of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// Nothing has been measured.
    Pending,
    /// Going on.
    Running,
    /// Passed.
    Successful,
    /// Failed.
    Failed,
    /// It failed to measure.
    Error,
    /// Neither passed nor failed.
    Inconclusive,
}

impl Phase {
    /// It will not change any more.
    pub fn completed(self) -> bool {
        !matches!(self, Self::Pending | Self::Running)
    }

    /// How bad it is: failed is worse than an error, an error than inconclusive.
    fn rank(self) -> u8 {
        match self {
            Self::Successful => 0,
            Self::Running => 1,
            Self::Pending => 2,
            Self::Inconclusive => 3,
            Self::Error => 4,
            Self::Failed => 5,
        }
    }

    /// Worse than `other`.
    pub fn worse_than(self, other: Self) -> bool {
        self.rank() > other.rank()
    }
}

impl From<Outcome> for Phase {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Successful => Self::Successful,
            Outcome::Failed => Self::Failed,
            Outcome::Inconclusive => Self::Inconclusive,
            Outcome::Error => Self::Error,
        }
    }
}

/// What was counted for one metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Measurements that are no errors.
    pub count: i64,
    /// Passed ones.
    pub successful: i64,
    /// Failed ones.
    pub failed: i64,
    /// Inconclusive ones.
    pub inconclusive: i64,
    /// Errors in all.
    pub error: i64,
    /// Errors since the last measurement that was none.
    pub consecutive_error: i64,
    /// Passes since the last measurement that was none.
    pub consecutive_success: i64,
}

impl Tally {
    /// Counts a finished measurement. An error takes nothing from the count.
    pub fn add(&mut self, outcome: Outcome) {
        let passed = outcome == Outcome::Successful;
        self.consecutive_success = if passed {
            self.consecutive_success + 1
        } else {
            0
        };
        if outcome == Outcome::Error {
            self.error += 1;
            self.consecutive_error += 1;
            return;
        }
        self.count += 1;
        self.consecutive_error = 0;
        match outcome {
            Outcome::Successful => self.successful += 1,
            Outcome::Failed => self.failed += 1,
            _ => self.inconclusive += 1,
        }
    }
}

/// The limit that is passed, with the engine's words. Of several the last counts: an error before inconclusive before
/// failed.
pub fn passed_limit(limits: &Limits, tally: &Tally) -> Option<(Phase, String)> {
    if tally.consecutive_error > limits.error {
        let words = format!(
            "consecutiveErrors ({}) > consecutiveErrorLimit ({})",
            tally.consecutive_error, limits.error
        );
        return Some((Phase::Error, words));
    }
    if tally.inconclusive > limits.inconclusive {
        let words = format!(
            "inconclusive ({}) > inconclusiveLimit ({})",
            tally.inconclusive, limits.inconclusive
        );
        return Some((Phase::Inconclusive, words));
    }
    if limits.failure >= 0 && tally.failed > limits.failure {
        return Some((
            Phase::Failed,
            format!(
                "failed ({}) > failureLimit ({})",
                tally.failed, limits.failure
            ),
        ));
    }
    None
}

/// The phase of a metric. `last` is the phase of its last measurement; none if there is none.
///
/// In this order: nothing measured; a measurement in flight; a limit that is passed; enough passes in a row; the count
/// that is reached, which without the passes in a row is inconclusive, or failed if the failure limit is off; the end of
/// the run.
pub fn metric_phase(
    limits: &Limits,
    tally: &Tally,
    last: Option<Phase>,
    terminating: bool,
) -> Phase {
    let Some(last) = last else {
        let ended = Phase::Successful;
        return if terminating { ended } else { Phase::Pending };
    };
    if !last.completed() {
        return Phase::Running;
    }
    if let Some((phase, _)) = passed_limit(limits, tally) {
        return phase;
    }
    if limits.success > 0 && tally.consecutive_success >= limits.success {
        return Phase::Successful;
    }
    if limits.count.is_some_and(|count| tally.count >= count) {
        return match (limits.success > 0, limits.failure >= 0) {
            (true, true) => Phase::Inconclusive,
            (true, false) => Phase::Failed,
            (false, _) => Phase::Successful,
        };
    }
    let open = Phase::Running;
    if terminating { Phase::Successful } else { open }
}
