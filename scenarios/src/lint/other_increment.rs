//! An increment policy that the stages contradict.

use sim_core::policy::{Increment, Policy};

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM235",
        title: "the targets do not grow as declared",
        explanation: "The policy names a rule by which exposure grows, and its stages follow \
                      another. One of the two was not updated.",
    },
    name: "other-increment",
    source: "Rollout Wedge Policy, Increment Policies",
    check,
};

/// How far steps may differ and still count as equal: what rounding to whole percents costs.
const SLACK: f64 = 0.01;

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let policy = subject.policy;
    let problem = policy.increment.and_then(|increment| {
        let (message, help) = match increment {
            Increment::Linear if !even(&steps(policy, |now, before| now - before), SLACK) => (
                "the targets do not grow by equal steps",
                "make the steps equal",
            ),
            // A factor has no fixed scale, so that the slack is a part of it.
            Increment::Exponential if !geometric(policy) => (
                "the targets do not grow by equal factors",
                "make the factors equal",
            ),
            Increment::Manual if unapproved(policy) => (
                "a stage is left without approval",
                "add `approval:` to every stage but the last",
            ),
            _ => return None,
        };
        Some(Problem::warning("CM235", "increment", message).help(help))
    });
    problem.into_iter().collect()
}

fn geometric(policy: &Policy) -> bool {
    let factors = steps(policy, |now, before| now / before);
    let largest = factors.iter().copied().fold(0.0, f64::max);
    even(&factors, 0.2 * largest)
}

fn steps(policy: &Policy, step: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    let pairs = policy.stages.windows(2);
    pairs
        .map(|pair| step(pair[1].target.as_f64(), pair[0].target.as_f64()))
        .collect()
}

fn even(steps: &[f64], slack: f64) -> bool {
    steps.iter().all(|step| (step - steps[0]).abs() <= slack)
}

fn unapproved(policy: &Policy) -> bool {
    let left = policy.stages.len().saturating_sub(1);
    policy
        .stages
        .iter()
        .take(left)
        .any(|stage| stage.approval.is_none())
}
