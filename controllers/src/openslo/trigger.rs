//! Burn-rate triggers, and what was wrong on the way to them.

use super::form::Operator;
use super::problem::{Problem, problem};
use crate::prometheus::Millis;

/// A burn rate as a trigger.
#[derive(Debug, Clone, PartialEq)]
pub struct Trigger {
    /// The name of the SLO.
    pub slo: String,
    /// The name of the condition.
    pub condition: String,
    /// `severity` of the condition.
    pub severity: String,
    /// The target as a share.
    pub target: f64,
    /// 1 less the target.
    pub budget: f64,
    /// How the burn rate is held against the threshold.
    pub op: Operator,
    /// The burn rate: the share of errors over the window, divided by the budget.
    pub threshold: f64,
    /// The window.
    pub lookback: Millis,
    /// How long the condition must hold (the `for` of Prometheus).
    pub alert_after: Millis,
    /// No data is a breach as well.
    pub no_data: bool,
    /// It alerts when the condition is met; false is a condition that never alerts by itself.
    pub breaching: bool,
}

impl Trigger {
    /// Returns the share of errors at the threshold.
    pub fn limit(&self) -> f64 {
        self.threshold * self.budget
    }
}

/// What a set of objects gives.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Triggers {
    /// The triggers.
    pub triggers: Vec<Trigger>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl Triggers {
    pub(super) fn wrong(&mut self, object: &str, path: &str, message: &str) {
        self.problems.push(problem(object, path, message));
    }

    pub(super) fn unsupported(&mut self, object: &str, path: &str, message: &str) {
        self.problems.push(Problem {
            unsupported: true,
            ..problem(object, path, message)
        });
    }
}
