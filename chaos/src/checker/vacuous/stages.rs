//! Gaps of stages: what one does not have and its neighbours have, and how long it waits.

use std::collections::BTreeSet;

use sim_core::engine::Share;
use sim_core::policy::gate::{Measure, Population};
use sim_core::policy::{Gate, Policy, Stage};

use super::gaps::{Gaps, later, list, lone};
use super::watch::acting;

pub(super) fn look(policy: &Policy, gaps: &mut Gaps) {
    unguarded(policy, gaps);
    triggers(policy, gaps);
    criteria(policy, gaps);
    evidence(policy, gaps);
    approvals(policy, gaps);
    waiting(policy, gaps);
}

/// A stage that looks at nothing.
fn unguarded(policy: &Policy, gaps: &mut Gaps) {
    for stage in &policy.stages {
        let id = &stage.id;
        if stage.criteria.is_empty() && stage.triggers.is_empty() {
            let what = format!("stage `{id}` has no gates: neither criteria nor triggers");
            gaps.say_of("stage-without-gates", id, what);
        } else if policy.evaluate_every > stage.observe && !stage.observe.is_zero() {
            let (every, observe) = (policy.evaluate_every, stage.observe);
            let what = format!(
                "stage `{id}` is observed for {observe}, and gates are evaluated every {every}"
            );
            gaps.say_of("stage-not-evaluated", id, what);
        }
    }
}

/// A stage that does not act on what others act on.
fn triggers(policy: &Policy, gaps: &mut Gaps) {
    let stages = policy.stages.iter();
    let watched: Vec<BTreeSet<&str>> = stages.map(|stage| signals(policy, stage)).collect();
    let missing: BTreeSet<_> = later(&watched).chain(lone(&watched)).collect();
    // A stage that exposes nobody has no canary to watch.
    let exposes = |place: usize| policy.stages[place].target > Share::ZERO;
    for (place, signal) in missing.into_iter().filter(|(place, _)| exposes(*place)) {
        let stage = &policy.stages[place];
        let id = &stage.id;
        let what = format!("stage `{id}` does not act on `{signal}`, and other stages do");
        gaps.say_of("stage-without-trigger", id, what);
    }
}

/// The signals on which a stage acts.
fn signals<'p>(policy: &'p Policy, stage: &'p Stage) -> BTreeSet<&'p str> {
    let gates = acting(policy).filter(|gate| stage.triggers.contains(&gate.id));
    gates.map(|gate| gate.signal.as_str()).collect()
}

/// Criteria that say nothing, or that a stage does not ask for.
fn criteria(policy: &Policy, gaps: &mut Gaps) {
    let asked = |gate: &&Gate| {
        let mut stages = policy.stages.iter();
        stages.any(|stage| stage.criteria.contains(&gate.id))
    };
    for gate in policy.gates.iter().filter(asked) {
        if gate.min_samples == 0 && matches!(gate.measure, Measure::Ratio | Measure::Quantile(_)) {
            let id = &gate.id;
            let what = format!("`{id}` may pass on any number of samples, however small");
            gaps.say_of("any-number-of-samples", id, what);
        }
    }
    let stages = policy.stages.iter();
    let has: Vec<_> = stages.map(|stage| names(&stage.criteria)).collect();
    // Behind the last stage there is nothing to be kept from.
    let last = has.len() - 1;
    // What the first stage is the baseline of cannot be asked there.
    let asked_there = |(place, gate): &(usize, &str)| {
        *place > 0 || policy.gate(gate).is_none_or(|gate| !by_baseline(gate))
    };
    let lone = lone(&has).filter(|(place, _)| *place < last);
    for (place, gate) in lone.filter(asked_there) {
        let id = &policy.stages[place].id;
        let what = format!("stage `{id}` does not ask for `{gate}`, and the stages around it do");
        gaps.say_of("stage-without-criterion", id, what);
    }
}

fn by_baseline(gate: &Gate) -> bool {
    let baseline = Population::CanaryBaseline;
    gate.population == baseline || gate.breach.limit.refers_to() == Some(baseline)
}

fn names(list: &[String]) -> BTreeSet<&str> {
    list.iter().map(String::as_str).collect()
}

/// A stage that does not hold the evidence that the stages around it hold.
fn evidence(policy: &Policy, gaps: &mut Gaps) {
    let stages = policy.stages.iter();
    let has: Vec<_> = stages.map(|stage| names(&stage.hold)).collect();
    for (place, evidence) in lone(&has) {
        let id = &policy.stages[place].id;
        let what = format!("stage `{id}` does not hold `{evidence}`, and the stages around it do");
        gaps.say_of("stage-without-evidence", id, what);
    }
}

/// A stage that nobody has to approve, where the others wait for somebody, or both that are beside it.
/// The end needs no approval.
fn approvals(policy: &Policy, gaps: &mut Gaps) {
    let (_, before) = policy.stages.split_last().expect("a policy has stages");
    let (with, without): (Vec<&Stage>, Vec<&Stage>) =
        before.iter().partition(|stage| stage.approval.is_some());
    let alone = without
        .iter()
        .filter(|_| without.len() == 1 && with.len() > 1);
    let asks = |place: usize| policy.stages[place].approval.is_some();
    let between = (1..before.len()).filter(|&at| asks(at - 1) && !asks(at) && asks(at + 1));
    let between: Vec<&Stage> = between.map(|at| &policy.stages[at]).collect();
    let beside = alone.filter(|stage| between.iter().all(|one| one.id != stage.id));
    for stage in beside.chain(&between) {
        let id = &stage.id;
        let what = format!(
            "stage `{id}` is left without anybody's approval, and the other stages are not"
        );
        gaps.say_of("stage-without-approval", id, what);
    }
}

/// How long a stage may wait for what does not come. A policy that never pauses waits: that is its way, and
/// told. One that pauses in some stages has forgotten the others.
fn waiting(policy: &Policy, gaps: &mut Gaps) {
    let stages = policy.stages.iter();
    let endless = stages.filter(|stage| stage.pause_after_windows.is_none());
    let endless: Vec<&str> = endless.map(|stage| stage.id.as_str()).collect();
    if endless.len() == policy.stages.len() {
        gaps.tell(
            "no-pause",
            "no stage declares when it pauses: a stage whose criteria do not pass waits without end",
        );
    } else if !endless.is_empty() {
        let what = format!("{} does not declare when it pauses", list(&endless));
        gaps.say("stage-without-pause", what);
    }
}
