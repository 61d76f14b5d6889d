//! Actions: what a class does needs something to do it with.

use sim_core::policy::{Action, KillSwitch, Policy, Step, StepEffect};

use super::numbers::{distribution, lasts};
use super::problem::{Problem, each};

/// Checks that ladders and kill switches exist where they are called for, and every delay.
pub(crate) fn check(policy: &Policy) -> Vec<Problem> {
    let mut problems: Vec<Problem> = means(policy).collect();
    problems.extend(
        policy.rollback.deadline.and_then(|deadline| {
            lasts("rollback.deadline", deadline, "no rollback is ever in time")
        }),
    );
    for (path, step) in each("rollback.steps", &policy.rollback.steps) {
        problems.extend(of_step(&path, step, policy.kill_switch.is_some()));
    }
    let rungs = policy
        .ladder
        .as_ref()
        .map_or(&[][..], |ladder| &ladder.rungs);
    let delays = each("ladder.rungs", rungs);
    problems.extend(
        delays.filter_map(|(path, rung)| distribution(&format!("{path}.takes"), &rung.takes)),
    );
    if rungs.is_empty() && policy.ladder.is_some() {
        problems.push(Problem::error(
            "CM150",
            "ladder.rungs",
            "a ladder needs a rung",
        ));
    }
    problems.extend(policy.kill_switch.iter().flat_map(of_switch));
    problems
}

fn means(policy: &Policy) -> impl Iterator<Item = Problem> {
    let classes = each("classes", &policy.classes);
    classes.filter_map(|(path, class)| {
        let path = format!("{path}.action");
        match class.action {
            Action::NextRung if policy.ladder.is_none() => Some(
                Problem::error("CM130", path, "there is no ladder to take the next rung of")
                    .help("add `ladder:` with its rungs, or choose another action"),
            ),
            Action::Kill if policy.kill_switch.is_none() => Some(no_switch(path)),
            _ => None,
        }
    })
}

fn no_switch(path: String) -> Problem {
    Problem::error("CM131", path, "there is no kill switch to throw")
        .help("add `kill-switch:`, or choose another action")
}

fn of_step(path: &str, step: &Step, switch: bool) -> Vec<Problem> {
    let mut problems: Vec<Problem> = distribution(&format!("{path}.takes"), &step.takes)
        .into_iter()
        .collect();
    match &step.effect {
        StepEffect::RevertHosts(hosts) => {
            let path = format!("{path}.effect.revert-hosts");
            problems.extend(distribution(&format!("{path}.takes"), &hosts.takes));
            problems.extend(parallel(&format!("{path}.parallel"), hosts.parallel));
        }
        StepEffect::ThrowKillSwitch if !switch => {
            problems.push(no_switch(format!("{path}.effect")));
        }
        _ => {}
    }
    problems
}

/// Checks that hosts are touched at least one at a time.
pub(crate) fn parallel(path: &str, hosts: Option<u32>) -> Option<Problem> {
    (hosts == Some(0)).then(|| {
        Problem::error("CM140", path, "0 hosts at a time never get done")
            .help("leave it out for all hosts at once")
    })
}

fn of_switch(switch: &KillSwitch) -> Vec<Problem> {
    let memory = switch.client_memory.as_ref();
    let memory = memory.and_then(|delay| distribution("kill-switch.client-memory", delay));
    distribution("kill-switch.takes", &switch.takes)
        .into_iter()
        .chain(memory)
        .collect()
}
