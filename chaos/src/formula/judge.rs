//! The judgement of a formula on a history.
//!
//! A formula comes to two sets of instants: those at which it holds whatever comes after the end of the
//! simulation, and those at which it may hold. They differ only for a rollout that the end cut off.

use sim_core::engine::SimTime;
use sim_core::{Experiment, Run};

use super::ast::Formula;
use super::parse::parse;
use super::past::Past;
use crate::checker::{Finding, Status};

/// Judges the promises of one's own of the policy on a rollout, in the order of the policy.
///
/// A formula that cannot be read is reported as not reached; files with one are refused before.
pub fn findings(experiment: &Experiment, run: &Run) -> Vec<Finding> {
    let promises = experiment.policy.promises.iter();
    let finding = |promise: &sim_core::policy::Promise| {
        let judged = match parse(&promise.formula, &experiment.policy) {
            Ok(formula) => judge(&formula, experiment, run),
            Err(misread) => Judged::unknown(misread.what),
        };
        Finding {
            id: promise.id.as_str(),
            title: promise.title.as_str(),
            status: judged.status,
            slack: judged.slack.map(|(slack, _)| slack),
            unit: judged.slack.map(|(_, unit)| unit),
            at: judged.at,
            detail: judged.detail,
        }
    };
    promises.map(finding).collect()
}

/// What a formula came to on a rollout.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// How it fared.
    pub status: Status,
    /// The least margin and its unit, where the formula has one.
    pub slack: Option<(f64, &'static str)>,
    /// When it was broken first.
    pub at: Option<SimTime>,
    /// What happened, as a sentence without a full stop.
    pub detail: String,
}

impl Judged {
    fn unknown(why: impl Into<String>) -> Self {
        Self {
            status: Status::NotReached,
            slack: None,
            at: None,
            detail: why.into(),
        }
    }
}

/// Judges a formula on a rollout.
pub fn judge(formula: &Formula, experiment: &Experiment, run: &Run) -> Judged {
    let past = Past::of(experiment, run, formula.reach());
    let verdict = past.both(formula);
    let slack = past.slack(formula);
    if !verdict.may.has(0) {
        let at = past.broken(formula);
        let detail = "the formula does not hold from here on".to_owned();
        return Judged {
            status: Status::Violated,
            slack,
            at: Some(at),
            detail,
        };
    }
    if !verdict.must.has(0) {
        return Judged::unknown("the simulation ended before it could be told");
    }
    if past.is_idle(formula) {
        return Judged::unknown("what the invariant is about never happened");
    }
    Judged {
        status: Status::Holds,
        slack,
        at: None,
        detail: "held at every instant".to_owned(),
    }
}

impl Past<'_> {
    /// Returns when a broken formula was broken first: for `always` the first instant at which its
    /// inside does not hold, else the end.
    fn broken(&self, formula: &Formula) -> SimTime {
        let first = match formula {
            Formula::Always(None, inside) => self.both(inside).may.complement().first_from(0),
            _ => None,
        };
        SimTime::from_nanos(first.unwrap_or(self.end).min(self.end))
    }

    /// Whether the premise of an `always(... -> ...)` never came true.
    fn is_idle(&self, formula: &Formula) -> bool {
        let Formula::Always(_, inside) = formula else {
            return false;
        };
        let Formula::Implies(premise, _) = &**inside else {
            return false;
        };
        self.both(premise)
            .may
            .first_from(0)
            .is_none_or(|at| at > self.end)
    }
}
