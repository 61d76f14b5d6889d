//! Running all rules over a policy.

use sim_core::engine::SimDuration;
use sim_core::policy::Policy;

use super::{RULES, Rule, Subject};
use crate::{Diagnostic, Document, World};

/// Returns what the rules find in a policy, in the order of the file.
///
/// With a world, rules that need fleet, load or normal levels look as well. Rules that a valid waiver
/// of the policy names are left out.
pub fn lint(policy: &Document<Policy>, world: Option<&World>) -> Vec<Diagnostic> {
    let subject = Subject {
        policy: &policy.value,
        world,
    };
    let rules = RULES.iter().filter(|rule| !waived(&policy.value, rule));
    let mut found: Vec<Diagnostic> = rules
        .flat_map(|rule| (rule.check)(&subject))
        .map(|problem| problem.locate(&policy.spans))
        .collect();
    found.sort_by_key(|found| found.span.as_ref().map(|span| span.start));
    found
}

/// A waiver is looked at before the rollout begins, when no time has passed.
fn waived(policy: &Policy, rule: &Rule) -> bool {
    policy.waivers.iter().any(|waiver| {
        let names = super::named(&waiver.rule).is_some_and(|named| named.name == rule.name);
        names && waiver.refusal(SimDuration::ZERO).is_none()
    })
}
