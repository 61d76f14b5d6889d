//! A rollback that by its own estimate is too slow.

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM209",
        title: "the estimated rollback is longer than its deadline",
        explanation: "The document promises what its own estimate says it cannot keep.",
    },
    name: "estimate-over-deadline",
    source: "seed systems, 2.3: an estimated 2m30s against a limit of 60 s",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let rollback = &subject.policy.rollback;
    let (Some(estimate), Some(deadline)) = (rollback.estimate, rollback.deadline) else {
        return Vec::new();
    };
    if estimate <= deadline {
        return Vec::new();
    }
    let message = format!("the rollback is estimated at {estimate}, its deadline is {deadline}");
    let problem = Problem::warning("CM209", "rollback.estimate", message)
        .help("make the steps faster, or promise what can be kept");
    vec![problem]
}
