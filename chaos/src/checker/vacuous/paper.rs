//! Gaps of the paper: evidence of any age or that proves nothing, and waivers that do not count.

use std::collections::BTreeSet;

use sim_core::engine::SimDuration;
use sim_core::policy::{Policy, Waiver};

use super::gaps::{Gaps, list};

pub(super) fn look(policy: &Policy, gaps: &mut Gaps) {
    ages(policy, gaps);
    blind(policy, gaps);
    waivers(policy, gaps);
}

/// Evidence that may be of any age while what stands beside it may not. Where no evidence has an age, that is
/// told alone: what it is about may not change with time.
fn ages(policy: &Policy, gaps: &mut Gaps) {
    let entries = policy.stages.iter().map(|stage| &stage.entry);
    let mut ageless: Vec<&str> = Vec::new();
    let mut any_aged = false;
    let mut beside_aged: Vec<&str> = Vec::new();
    for list in entries.chain([&policy.prerequisites]) {
        let asked = policy
            .evidence
            .iter()
            .filter(|known| list.contains(&known.id));
        let (aged, other): (Vec<_>, Vec<_>) = asked.partition(|known| known.max_age.is_some());
        any_aged |= !aged.is_empty();
        ageless.extend(other.iter().map(|known| known.id.as_str()));
        if !aged.is_empty() {
            beside_aged.extend(other.iter().map(|known| known.id.as_str()));
        }
    }
    for names in [&mut ageless, &mut beside_aged] {
        names.sort_unstable();
        names.dedup();
    }
    say_ageless(&ageless, &beside_aged, any_aged, gaps);
}

fn say_ageless(ageless: &[&str], beside_aged: &[&str], any_aged: bool, gaps: &mut Gaps) {
    if !beside_aged.is_empty() {
        let what = format!("evidence {} may be of any age", list(beside_aged));
        gaps.say("evidence-of-any-age", what);
    } else if !ageless.is_empty() && !any_aged {
        let what = format!(
            "evidence {} may be of any age: it has no `max-age`",
            list(ageless)
        );
        gaps.tell("evidence-of-any-age", what);
    }
}

/// Evidence that is asked for and may be missing, unreadable or empty.
fn blind(policy: &Policy, gaps: &mut Gaps) {
    let lists = policy
        .stages
        .iter()
        .flat_map(|stage| [&stage.entry, &stage.hold]);
    let asked: BTreeSet<&String> = lists.chain([&policy.prerequisites]).flatten().collect();
    for evidence in policy
        .evidence
        .iter()
        .filter(|known| asked.contains(&known.id))
    {
        let may = [
            (evidence.must_exist, "absent"),
            (evidence.must_parse, "unreadable"),
            (evidence.must_not_be_vacuous, "empty"),
        ];
        let may: Vec<&str> = may
            .iter()
            .filter(|(must, _)| !must)
            .map(|(_, word)| *word)
            .collect();
        if !may.is_empty() {
            let id = &evidence.id;
            let what = format!("evidence `{id}` may be {}", may.join(" or "));
            gaps.say_of("evidence-proves-nothing", id, what);
        }
    }
}

/// The longest time for which a waiver may be approved (Rollout Wedge Policy, Appeal Process).
const LONGEST: SimDuration = SimDuration::from_hours(90 * 24);

/// Waivers on which nobody may rely.
fn waivers(policy: &Policy, gaps: &mut Gaps) {
    for waiver in &policy.waivers {
        if let Some(why) = objection(waiver) {
            let rule = &waiver.rule;
            let what = format!("the waiver of `{rule}` does not count: {why}");
            gaps.say_of("waiver-refused", rule, what);
        }
    }
}

fn objection(waiver: &Waiver) -> Option<String> {
    let people: BTreeSet<&str> = waiver.approvers.iter().map(String::as_str).collect();
    match people.len() {
        0 => return Some("nobody approved it".to_owned()),
        1 => return Some("it has one approver and needs two".to_owned()),
        _ => {}
    }
    if waiver.rationale.trim().is_empty() {
        return Some("it gives no reason".to_owned());
    }
    if waiver.valid_for > LONGEST {
        return Some(format!(
            "it is for {}, longer than {LONGEST}",
            waiver.valid_for
        ));
    }
    (waiver.age > waiver.valid_for).then(|| "its time is over".to_owned())
}
