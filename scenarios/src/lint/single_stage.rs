//! A rollout that is not staged.

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM207",
        title: "there are fewer than two stages",
        explanation: "A rollout of one stage is a deployment: nothing is learnt from a few before \
                      the many are exposed.",
    },
    name: "single-stage",
    source: "Rollout Wedge Policy, Mandatory Fields: at least 2 stages",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    if subject.policy.stages.len() > 1 {
        return Vec::new();
    }
    let problem = Problem::warning("CM207", "stages", "a staged rollout has two stages or more")
        .help("put a smaller stage before this one");
    vec![problem]
}
