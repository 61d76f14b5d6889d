//! A critical subsystem whose rollout starts wide.

use sim_core::engine::Share;

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM206",
        title: "a critical rollout starts with more than 10 %",
        explanation: "For a critical subsystem even the very first exposure must stay small, before \
                      anything has been observed.",
    },
    name: "wide-critical-start",
    source: "Rollout Wedge Policy, Mandatory Fields: initial_percentage <= 10 % for critical",
    check,
};

/// The widest start that the wedge policy allows for critical subsystems.
const WIDEST: u32 = 100_000;

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let policy = subject.policy;
    let (path, start) = match (policy.initial, policy.stages.first()) {
        (Some(initial), _) => ("initial", initial),
        (None, Some(first)) => ("stages[0].target", first.target),
        (None, None) => return Vec::new(),
    };
    if !policy.critical || start.ppm() <= WIDEST {
        return Vec::new();
    }
    let most = Share::from_ppm(WIDEST).unwrap_or_default();
    let message = format!("a critical rollout starts with {start}");
    vec![Problem::warning("CM206", path, message).help(format!("start with {most} or less"))]
}
