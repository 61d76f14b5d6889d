//! What a policy leaves unsaid, so that a promise has nothing to hold.
//!
//! A checker holds a rollout to the policy's own words. Where the words are missing (no deadline, a stage
//! that does not watch what its neighbours watch) every history keeps the promise and nothing is shown by it.
//! These are read off the policy alone, and each is told as a gap of the promise that it empties.

use std::collections::BTreeSet;

use sim_core::engine::SimDuration;
use sim_core::policy::gate::{Measure, Window};
use sim_core::policy::{Action, Gate, Policy, Stage, StepEffect};

/// Something that a policy does not declare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The promise that holds nothing for want of it, by its code.
    pub promise: &'static str,
    /// What is missing, as a sentence without a full stop.
    pub what: String,
}

/// Returns what `policy` leaves unsaid, in the order of the promises.
pub fn unsaid(policy: &Policy) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let mut say = |promise, what| gaps.push(Gap { promise, what });
    rollback(policy, &mut say);
    radius(policy, &mut say);
    waiting(policy, &mut say);
    triggers(policy, &mut say);
    criteria(policy, &mut say);
    evidence(policy, &mut say);
    approvals(policy, &mut say);
    ladder(policy, &mut say);
    gaps
}

type Say<'s> = &'s mut dyn FnMut(&'static str, String);

/// The deadline, what leads to a rollback, and the step that ends the exposure.
fn rollback(policy: &Policy, say: Say<'_>) {
    let enforced = policy.blast_radius.is_some_and(|radius| radius.enforced);
    let does = |wanted: fn(Action) -> bool| policy.classes.iter().any(|class| wanted(class.action));
    let takes_back = |action| matches!(action, Action::Rollback | Action::Kill | Action::StepBack);
    if (enforced || does(takes_back)) && policy.rollback.deadline.is_none() {
        say(
            "INV-ROLLBACK",
            "the policy declares no deadline of its rollback".to_owned(),
        );
    }
    let reacts = |action| action > Action::Pause;
    if !policy.rollback.steps.is_empty() && !does(reacts) {
        let what = "no trigger leads to the rollback that the policy declares";
        say("INV-ROLLBACK", what.to_owned());
    }
    let ends = |effect: &StepEffect| {
        matches!(
            effect,
            StepEffect::RevertHosts(_) | StepEffect::ShiftTraffic | StepEffect::ThrowKillSwitch
        )
    };
    let steps = &policy.rollback.steps;
    let Some(place) = steps.iter().position(|step| ends(&step.effect)) else {
        return;
    };
    let id = &steps[place].id;
    if !steps[place].required {
        say(
            "INV-ROLLBACK",
            format!("step `{id}` takes users off the new version and is not required"),
        );
    }
    if place > 0 {
        let first = &steps[0].id;
        say(
            "INV-ORDER",
            format!("step `{id}` takes users off the new version and comes after `{first}`"),
        );
    }
}

fn radius(policy: &Policy, say: Say<'_>) {
    match policy.blast_radius {
        None => say(
            "INV-BLAST",
            "the policy declares no blast radius".to_owned(),
        ),
        Some(radius) if !radius.enforced => say(
            "INV-BLAST",
            "the policy declares a blast radius and does not enforce it".to_owned(),
        ),
        Some(_) => {}
    }
}

/// How long a stage may wait for what does not come.
fn waiting(policy: &Policy, say: Say<'_>) {
    let stages = policy.stages.iter();
    let endless = stages.filter(|stage| stage.pause_after_windows.is_none());
    let endless: Vec<&str> = endless.map(|stage| stage.id.as_str()).collect();
    if endless.len() == policy.stages.len() {
        say("INV-PAUSE", "no stage declares when it pauses".to_owned());
    } else if !endless.is_empty() {
        say(
            "INV-PAUSE",
            format!("{} does not declare when it pauses", list(&endless)),
        );
    }
}

/// Triggers that cannot fire in time, that look away for most of the time, or that a stage does not have.
fn triggers(policy: &Policy, say: Say<'_>) {
    for gate in acting(policy) {
        let watching = policy
            .stages
            .iter()
            .filter(|stage| stage.triggers.contains(&gate.id));
        let longest = watching.map(|stage| stage.observe).max();
        let (id, span) = (&gate.id, span(gate, policy.evaluate_every));
        if let Some(longest) = longest.filter(|longest| span > *longest) {
            let what = format!(
                "`{id}` must breach for {span} to act, and the stages that watch it are observed for {longest}"
            );
            say("INV-TRIGGER", what);
        }
        if !gate.over.is_zero() && gate.over < policy.evaluate_every {
            let (over, every) = (gate.over, policy.evaluate_every);
            say(
                "INV-TRIGGER",
                format!("`{id}` looks back {over} and is read every {every}"),
            );
        }
    }
    let watched: Vec<BTreeSet<&str>> = policy
        .stages
        .iter()
        .map(|stage| signals(policy, stage))
        .collect();
    for (stage, signal) in later(&watched)
        .chain(lone(&watched))
        .collect::<BTreeSet<_>>()
    {
        let id = &policy.stages[stage].id;
        say(
            "INV-TRIGGER",
            format!("stage `{id}` does not act on `{signal}`, and other stages do"),
        );
    }
}

/// The gates that take something back where they fire.
fn acting(policy: &Policy) -> impl Iterator<Item = &Gate> {
    let acts = |gate: &&Gate| {
        let class = gate.class.as_ref().and_then(|class| policy.class(class));
        class.is_some_and(|class| class.action > Action::Pause)
    };
    policy.gates.iter().filter(acts)
}

/// The signals on which a stage acts.
fn signals<'p>(policy: &'p Policy, stage: &'p Stage) -> BTreeSet<&'p str> {
    let gates = acting(policy).filter(|gate| stage.triggers.contains(&gate.id));
    gates.map(|gate| gate.signal.as_str()).collect()
}

/// How long a gate must breach before it fires.
fn span(gate: &Gate, every: SimDuration) -> SimDuration {
    match gate.window {
        Window::Consecutive(count) => every.saturating_mul(u64::from(count.saturating_sub(1))),
        Window::Sustained(sustain) => sustain.over,
        _ => SimDuration::ZERO,
    }
}

/// What an earlier stage has and a later one, which more users see, has not.
fn later<'s>(has: &'s [BTreeSet<&'s str>]) -> impl Iterator<Item = (usize, &'s str)> {
    (1..has.len()).flat_map(move |place| {
        let earlier: BTreeSet<&str> = has[..place].iter().flatten().copied().collect();
        earlier
            .into_iter()
            .filter(move |name| !has[place].contains(name))
            .map(move |name| (place, name))
    })
}

/// So many other stages must have something for its absence in one to be a gap.
const OTHERS: usize = 3;

/// What all stages but one have, where there are many, and what both neighbours of a stage have.
fn lone<'s>(has: &'s [BTreeSet<&'s str>]) -> impl Iterator<Item = (usize, &'s str)> {
    let all: BTreeSet<&str> = has.iter().flatten().copied().collect();
    let pairs = all
        .into_iter()
        .flat_map(move |name| (0..has.len()).map(move |place| (place, name)));
    pairs.filter(move |(place, name)| {
        let there = |at: usize| has.get(at).is_some_and(|has| has.contains(name));
        let others = has.len() - 1;
        let alone =
            others >= OTHERS && has.iter().filter(|has| has.contains(name)).count() == others;
        let between = *place > 0 && there(place - 1) && there(place + 1);
        !there(*place) && (alone || between)
    })
}

/// Criteria that say nothing, or that a stage does not ask for.
fn criteria(policy: &Policy, say: Say<'_>) {
    let asked = |gate: &&Gate| {
        policy
            .stages
            .iter()
            .any(|stage| stage.criteria.contains(&gate.id))
    };
    for gate in policy.gates.iter().filter(asked) {
        if gate.min_samples == 0 && matches!(gate.measure, Measure::Ratio | Measure::Quantile(_)) {
            let id = &gate.id;
            say(
                "INV-GATE",
                format!("`{id}` may pass on any number of samples, however small"),
            );
        }
    }
    let stages = policy.stages.iter();
    let has: Vec<_> = stages.map(|stage| names(&stage.criteria)).collect();
    // Behind the last stage there is nothing to be kept from.
    let last = has.len() - 1;
    for (stage, gate) in lone(&has).filter(|(stage, _)| *stage < last) {
        let id = &policy.stages[stage].id;
        say(
            "INV-GATE",
            format!("stage `{id}` does not ask for `{gate}`, and the stages around it do"),
        );
    }
}

fn names(list: &[String]) -> BTreeSet<&str> {
    list.iter().map(String::as_str).collect()
}

/// Evidence that a stage does not hold, or that may be of any age while what stands beside it may not.
fn evidence(policy: &Policy, say: Say<'_>) {
    let has: Vec<_> = policy
        .stages
        .iter()
        .map(|stage| names(&stage.hold))
        .collect();
    for (stage, evidence) in lone(&has) {
        let id = &policy.stages[stage].id;
        say(
            "INV-EVIDENCE",
            format!("stage `{id}` does not hold `{evidence}`, and the stages around it do"),
        );
    }
    let entries = policy.stages.iter().map(|stage| &stage.entry);
    let mut ageless: Vec<&str> = Vec::new();
    for list in entries.chain([&policy.prerequisites]) {
        let asked = policy
            .evidence
            .iter()
            .filter(|known| list.contains(&known.id));
        let (aged, other): (Vec<_>, Vec<_>) = asked.partition(|known| known.max_age.is_some());
        if !aged.is_empty() {
            ageless.extend(other.iter().map(|known| known.id.as_str()));
        }
    }
    ageless.sort_unstable();
    ageless.dedup();
    if !ageless.is_empty() {
        say("INV-PRE", format!("{} may be of any age", list(&ageless)));
    }
}

/// A stage that nobody has to approve, where the others wait for somebody. The end needs no approval.
fn approvals(policy: &Policy, say: Say<'_>) {
    let (_, before) = policy.stages.split_last().expect("a policy has stages");
    let (with, without): (Vec<&Stage>, Vec<&Stage>) =
        before.iter().partition(|stage| stage.approval.is_some());
    if let ([stage], true) = (without.as_slice(), with.len() > 1) {
        let id = &stage.id;
        say(
            "INV-APPROVAL",
            format!(
                "stage `{id}` is left without anybody's approval, and the other stages are not"
            ),
        );
    }
}

/// Settings that stages switch on and no rung takes back, where rungs take back others.
fn ladder(policy: &Policy, say: Say<'_>) {
    let Some(ladder) = &policy.ladder else {
        return;
    };
    let taken: BTreeSet<&String> = ladder
        .rungs
        .iter()
        .flat_map(|rung| rung.sets.keys())
        .collect();
    let set: BTreeSet<&String> = policy
        .stages
        .iter()
        .flat_map(|stage| stage.sets.keys())
        .collect();
    if set.is_disjoint(&taken) {
        return;
    }
    for key in set.difference(&taken) {
        say(
            "INV-ORDER",
            format!("no rung takes back `{key}`, which a stage sets"),
        );
    }
}

/// So many names are told.
const TOLD: usize = 3;

fn list(names: &[&str]) -> String {
    let told: Vec<_> = names
        .iter()
        .take(TOLD)
        .map(|name| format!("`{name}`"))
        .collect();
    match names.len().saturating_sub(TOLD) {
        0 => told.join(", "),
        more => format!("{} and {more} more", told.join(", ")),
    }
}
