//! Gaps of the way back: deadline, blast radius, steps, ladder.

use std::collections::{BTreeMap, BTreeSet};

use sim_core::Experiment;
use sim_core::engine::{Share, SimDuration};
use sim_core::policy::{Action, Ladder, Policy, RevertHosts, StepEffect};
use sim_core::traffic::Split;

use super::gaps::Gaps;

pub(super) fn look(experiment: &Experiment, gaps: &mut Gaps) {
    let policy = &experiment.policy;
    deadline(policy, gaps);
    duration(experiment, gaps);
    switch(policy, gaps);
    steps(policy, gaps);
    radius(policy, gaps);
    step_back(policy, gaps);
    ladder(policy, gaps);
}

fn does(policy: &Policy, wanted: fn(Action) -> bool) -> bool {
    policy.classes.iter().any(|class| wanted(class.action))
}

/// The deadline, and what leads to a rollback at all.
fn deadline(policy: &Policy, gaps: &mut Gaps) {
    let enforced = policy.blast_radius.is_some_and(|radius| radius.enforced);
    let takes_back = |action| matches!(action, Action::Rollback | Action::Kill | Action::StepBack);
    if (enforced || does(policy, takes_back)) && policy.rollback.deadline.is_none() {
        gaps.say(
            "no-deadline",
            "the policy declares no deadline of its rollback",
        );
    }
    let reacts = |action| action > Action::Pause;
    if !policy.rollback.steps.is_empty() && !does(policy, reacts) {
        let what = "no trigger leads to the rollback that the policy declares";
        gaps.say("no-rollback-trigger", what);
    }
}

/// A rollback that takes longer than its deadline more often than not, however well it goes: hosts that are
/// reverted so many at a time, in the widest stage.
fn duration(experiment: &Experiment, gaps: &mut Gaps) {
    let (policy, fleet) = (&experiment.policy, &experiment.fleet);
    let widest = policy.stages.iter().max_by_key(|stage| stage.target);
    let (Some(deadline), Some(widest), Split::ByHost) =
        (policy.rollback.deadline, widest, experiment.traffic.split)
    else {
        return;
    };
    let Some(revert) = first_revert(policy) else {
        return;
    };
    let hosts = policy.rounding.apply(widest.target, fleet.hosts.into());
    let parallel = revert.parallel.map_or(hosts, u64::from).max(1);
    let waves = hosts.div_ceil(parallel).max(1);
    let each = SimDuration::from_nanos(deadline.as_nanos() / waves);
    if revert.takes.cdf(each) < 0.5 {
        let what = format!(
            "the rollback of stage `{}` reverts {hosts} hosts, {parallel} at a time: that takes longer than its \
             deadline of {deadline}",
            widest.id
        );
        gaps.say_of("rollback-longer-than-deadline", &widest.id, what);
    }
}

/// The step that reverts hosts, unless another one takes the new version out of service before it.
fn first_revert(policy: &Policy) -> Option<&RevertHosts> {
    let first = policy
        .rollback
        .steps
        .iter()
        .find_map(|step| match &step.effect {
            StepEffect::RevertHosts(revert) => Some(Some(revert)),
            StepEffect::ShiftTraffic | StepEffect::ThrowKillSwitch => Some(None),
            _ => None,
        });
    first.flatten()
}

/// A switch that nothing throws.
fn switch(policy: &Policy, gaps: &mut Gaps) {
    let Some(switch) = &policy.kill_switch else {
        return;
    };
    let mut steps = policy.rollback.steps.iter();
    let by_step = steps.any(|step| step.effect == StepEffect::ThrowKillSwitch);
    if !by_step && !does(policy, |action| action == Action::Kill) {
        let what = format!(
            "nothing throws the kill switch `{}`: no class kills, and no step of the rollback throws it",
            switch.id
        );
        gaps.say_of("kill-switch-unwatched", &switch.id, what);
    }
}

/// The step that ends the exposure.
fn steps(policy: &Policy, gaps: &mut Gaps) {
    let ends = |effect: &StepEffect| {
        matches!(
            effect,
            StepEffect::RevertHosts(_) | StepEffect::ShiftTraffic | StepEffect::ThrowKillSwitch
        )
    };
    let steps = &policy.rollback.steps;
    let Some(place) = steps.iter().position(|step| ends(&step.effect)) else {
        // A ladder ends the exposure by its settings.
        if !steps.is_empty() && policy.ladder.is_none() {
            let what = "no step of the rollback takes users off the new version (none reverts hosts, shifts \
                        traffic or throws the kill switch)";
            gaps.say("rollback-reverts-nothing", what);
        }
        return;
    };
    let id = &steps[place].id;
    if !steps[place].required {
        let what = format!("step `{id}` takes users off the new version and is not required");
        gaps.say_of("rollback-step-optional", id, what);
    }
    if place > 0 {
        let first = &steps[0].id;
        let what = format!("step `{id}` takes users off the new version and comes after `{first}`");
        gaps.say_of("rollback-step-late", id, what);
    }
}

/// A rollout that goes to everybody can exceed nothing.
fn radius(policy: &Policy, gaps: &mut Gaps) {
    let last = policy.stages.last().map(|stage| stage.target);
    match policy.blast_radius {
        None if last == Some(Share::ONE) => gaps.tell(
            "no-blast-radius",
            "the policy declares no blast radius, and its last stage goes to everybody",
        ),
        None => gaps.say(
            "no-blast-radius",
            "the policy declares no blast radius, and its last stage does not go to everybody",
        ),
        Some(radius) if radius.max == Share::ONE => gaps.tell(
            "no-blast-radius",
            "a blast radius of 100% cannot be exceeded",
        ),
        Some(radius) if !radius.enforced => gaps.say(
            "blast-radius-not-enforced",
            "the policy declares a blast radius and does not enforce it",
        ),
        Some(_) => {}
    }
}

/// A release that is stepped back and climbs again, for ever.
fn step_back(policy: &Policy, gaps: &mut Gaps) {
    let endless = policy
        .classes
        .iter()
        .filter(|class| class.action == Action::StepBack && class.at_most.is_none());
    for class in endless {
        let id = &class.id;
        let what = format!("class `{id}` steps back as often as it likes: it has no `at-most`");
        gaps.say_of("step-back-without-end", id, what);
    }
}

/// Settings that stages switch on and no rung takes back, where rungs take back others, and rungs that take
/// back first what was switched on first.
fn ladder(policy: &Policy, gaps: &mut Gaps) {
    let Some(ladder) = &policy.ladder else {
        return;
    };
    let rungs = ladder.rungs.iter();
    let taken: BTreeSet<&String> = rungs.flat_map(|rung| rung.sets.keys()).collect();
    let mut set: BTreeMap<&String, usize> = BTreeMap::new();
    for (place, stage) in policy.stages.iter().enumerate() {
        for key in stage.sets.keys() {
            set.entry(key).or_insert(place);
        }
    }
    if set.keys().any(|key| taken.contains(*key)) {
        for key in set.keys().filter(|key| !taken.contains(**key)) {
            let what = format!("no fallback level undoes `{key}`, which a stage sets");
            gaps.say_of("ladder-incomplete", key, what);
        }
    }
    fallback_order(ladder, &set, gaps);
}

/// Rungs that take back first what was switched on first.
fn fallback_order(ladder: &Ladder, set: &BTreeMap<&String, usize>, gaps: &mut Gaps) {
    let since = |rung: &sim_core::policy::Rung| {
        let places = rung.sets.keys().filter_map(|key| set.get(key));
        places.max().copied()
    };
    for pair in ladder.rungs.windows(2) {
        if let (Some(before), Some(after)) = (since(&pair[0]), since(&pair[1]))
            && before < after
        {
            let (first, second) = (&pair[0].id, &pair[1].id);
            let what = format!(
                "rung `{first}` comes before `{second}` and takes back what an earlier stage switched on"
            );
            gaps.say_of("ladder-order", first, what);
        }
    }
}
