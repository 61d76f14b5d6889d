//! A release that climbs back by itself.

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM219",
        title: "a new attempt needs no acknowledgement or no fresh canary",
        explanation: "What was rolled back for a reason climbs again without anybody having looked, \
                      or without being watched on a few first.",
    },
    name: "careless-recovery",
    source: "Rollout Control-Plane Contract: recovery requires explicit operator acknowledgment and fresh canary run; seed systems, 1.3: re-promotion after rollback needs no acknowledgement",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let tried = subject
        .policy
        .recovery
        .as_ref()
        .filter(|recovery| recovery.attempts > 0);
    let problem = tried.and_then(|recovery| {
        let (message, help) = match (&recovery.acknowledge, recovery.fresh_canary) {
            (None, _) => (
                "nobody acknowledges a new attempt",
                "add `acknowledge:` with a role",
            ),
            (_, false) => (
                "a new attempt skips the first stages",
                "write `fresh-canary: true`",
            ),
            _ => return None,
        };
        Some(Problem::warning("CM219", "recovery", message).help(help))
    });
    problem.into_iter().collect()
}
