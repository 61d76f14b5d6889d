//! Running all rules over a policy.

use sim_core::engine::{Share, SimDuration};
use sim_core::policy::Policy;

use super::{RULES, Rule, Subject};
use crate::check::Problem;
use crate::{Diagnostic, Document, World};

/// Returns what the rules find in a policy, in the order of the file.
///
/// With a world, rules that need fleet, load or normal levels look as well. Rules that a valid waiver
/// of the policy names are left out.
pub fn lint(policy: &Document<Policy>, world: Option<&World>) -> Vec<Diagnostic> {
    let subject = Subject {
        policy: &policy.value,
        world,
        is_rule: |name| super::named(name).is_some(),
    };
    let rules = RULES.iter().filter(|rule| !waived(&policy.value, rule));
    let mut found: Vec<Diagnostic> = rules
        .flat_map(|rule| {
            let found = (rule.check)(&subject);
            let meant = |problem: &Problem| is_meant(&policy.value, rule, problem.path());
            found
                .into_iter()
                .filter(move |problem| !meant(problem))
                .collect::<Vec<_>>()
        })
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

/// Which kinds of gap a rule finds as well: a gap that the policy waives is meant, whoever finds it.
const SAME_GAP: &[(&str, &[&str])] = &[
    ("CM201", &["look-back-too-short"]),
    ("CM202", &["window-longer-than-stage"]),
    ("CM204", &["no-blast-radius"]),
    (
        "CM211",
        &["trigger-ignores-gaps", "criterion-passes-without-data"],
    ),
    (
        "CM212",
        &["any-number-of-samples", "min-samples-never-reached"],
    ),
    (
        "CM213",
        &["stage-without-trigger", "stage-without-criterion"],
    ),
    ("CM216", &["trigger-never-fires"]),
    (
        "CM217",
        &["healthy-release-rolled-back", "healthy-release-stuck"],
    ),
    ("CM220", &["evidence-proves-nothing"]),
    ("CM221", &["evidence-of-any-age"]),
    ("CM222", &["waiver-refused"]),
    ("CM223", &["stage-without-gates"]),
    ("CM224", &["no-deadline"]),
    ("CM225", &["rollback-longer-than-deadline"]),
    ("CM227", &["rollback-reverts-nothing"]),
    ("CM233", &["blast-radius-not-enforced"]),
    ("CM234", &["no-rollback-trigger"]),
    ("CM239", &["step-back-without-end"]),
    (
        "CM241",
        &["stage-without-trigger", "stage-without-criterion"],
    ),
];

/// Whether the policy waives the gap that a rule found at `path`, as a whole or for the part it is in.
fn is_meant(policy: &Policy, rule: &Rule, path: &str) -> bool {
    let same = SAME_GAP.iter().find(|(code, _)| *code == rule.entry.code);
    let kinds = same.map_or(&[][..], |(_, kinds)| kinds);
    policy.waives.iter().any(|waived| {
        kinds.contains(&waived.gap.as_str())
            && waived
                .of
                .as_deref()
                .is_none_or(|of| part(policy, path) == Some(of))
    })
}

/// Returns the id of the part of the policy that a path leads into.
fn part<'p>(policy: &'p Policy, path: &str) -> Option<&'p str> {
    let (list, rest) = path.split_once('[')?;
    let place: usize = rest.split_once(']')?.0.parse().ok()?;
    match list {
        "gates" => policy.gates.get(place).map(|gate| gate.id.as_str()),
        "stages" => policy.stages.get(place).map(|stage| stage.id.as_str()),
        "classes" => policy.classes.get(place).map(|class| class.id.as_str()),
        "evidence" => policy.evidence.get(place).map(|piece| piece.id.as_str()),
        "waivers" => policy.waivers.get(place).map(|waiver| waiver.rule.as_str()),
        _ => None,
    }
}

/// A waiver is looked at before the rollout begins, when no time has passed.
fn waived(policy: &Policy, rule: &Rule) -> bool {
    policy.waivers.iter().any(|waiver| {
        let names = super::named(&waiver.rule).is_some_and(|named| named.name == rule.name);
        names && waiver.refusal(SimDuration::ZERO).is_none()
    })
}
