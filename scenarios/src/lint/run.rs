//! Running all rules over a policy.

use sim_core::engine::{Share, SimDuration};
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
    if !waived(&policy.value, &super::odd_limit::RULE) {
        found.extend(bare_shares(policy));
    }
    found.sort_by_key(|found| found.span.as_ref().map(|span| span.start));
    found
}

/// Targets without a percent sign, which people type who mean percent: `1` is the whole fleet, `0.1` a tenth.
fn bare_shares(policy: &Document<Policy>) -> Vec<Diagnostic> {
    let last = policy.value.stages.len().saturating_sub(1);
    let bare = |(place, stage): (usize, &sim_core::policy::Stage)| {
        let path = format!("stages[{place}].target");
        let span = policy.spans.get(&path)?;
        let text = policy.source[span.clone()].trim_matches(['"', '\'']);
        let whole = stage.target == Share::ONE;
        if text.contains('%') || (whole && place == last && last > 0) {
            return None;
        }
        let message = format!("{text} is read as {}", stage.target);
        let help = format!(
            "if {text}% is meant, write `{text}%`; if not, write `{}`",
            stage.target
        );
        // A whole fleet before the last stage is a slip; any other fraction is only worth a look.
        Some(if whole {
            Diagnostic::warning("CM238", span, message).help(help)
        } else {
            Diagnostic::note("CM238", span, message).help(help)
        })
    };
    policy
        .value
        .stages
        .iter()
        .enumerate()
        .filter_map(bare)
        .collect()
}

/// A waiver is looked at before the rollout begins, when no time has passed.
fn waived(policy: &Policy, rule: &Rule) -> bool {
    policy.waivers.iter().any(|waiver| {
        let names = super::named(&waiver.rule).is_some_and(|named| named.name == rule.name);
        names && waiver.refusal(SimDuration::ZERO).is_none()
    })
}
