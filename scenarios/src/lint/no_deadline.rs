//! A rollback that may take for ever.

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM224",
        title: "the rollback has no deadline",
        explanation: "Without a deadline every rollback is in time, however long users suffer.",
    },
    name: "no-deadline",
    source: "Rollout Wedge Policy, Staged Deployment Rules: reversion within 60 seconds",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    if subject.policy.rollback.deadline.is_some() {
        return Vec::new();
    }
    let problem = Problem::warning(
        "CM224",
        "rollback",
        "nothing says when a rollback must be done",
    )
    .help("add `deadline:`, counted from the trigger to the last host");
    vec![problem]
}
