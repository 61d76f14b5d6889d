//! A key that nothing reads.

use sim_core::policy::{Action, StepEffect};

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::{Problem, each};

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM243",
        title: "a key has no effect here",
        explanation: "The key is right by itself, and in this place nothing reads it: a limit on step backs of a \
                      class that never steps back, a class of a gate that no stage has among its triggers, work \
                      that is cancelled in a world without any.",
    },
    name: "unread-key",
    source: "nothing is accepted and ignored in silence",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let policy = subject.policy;
    let limits = each("classes", &policy.classes)
        .filter(|(_, class)| class.at_most.is_some() && class.action != Action::StepBack)
        .map(|(path, _)| (format!("{path}.at-most"), "this class never steps back"));
    let stages = &policy.stages;
    let trigger = |id: &String| stages.iter().any(|stage| stage.triggers.contains(id));
    // A gate that no stage reads at all has a finding of its own.
    let classes = subject
        .gates()
        .filter(|(_, gate)| {
            gate.class.is_some() && !trigger(&gate.id) && subject.readers(&gate.id).next().is_some()
        })
        .map(|(path, _)| {
            (
                format!("{path}.class"),
                "no stage has this gate among its triggers",
            )
        });
    let undrained = undrained(subject);
    let unread = limits.chain(classes).chain(undrained);
    let problem = |(path, why): (String, &'static str)| {
        Problem::warning("CM243", path, format!("this has no effect: {why}"))
            .help("take it out, or write what was meant")
    };
    unread.map(problem).collect()
}

/// What drains or cancels work where the world has none.
fn undrained(subject: &Subject<'_>) -> Vec<Unread> {
    let work = subject.world.map(|world| &world.traffic.work);
    if !work.is_some_and(Option::is_none) {
        return Vec::new();
    }
    let policy = subject.policy;
    let drains = each("rollback.steps", &policy.rollback.steps)
        .filter(|(_, step)| step.effect == StepEffect::DrainQueue)
        .map(|(path, _)| {
            (
                format!("{path}.effect"),
                "the world has no work (`traffic.work`) to drain",
            )
        });
    let switches = policy
        .kill_switch
        .iter()
        .filter(|switch| switch.cancels_pending);
    let path = "kill-switch.cancels-pending";
    let cancels = switches.map(|_| {
        (
            path.to_owned(),
            "the world has no work (`traffic.work`) to cancel",
        )
    });
    drains.chain(cancels).collect()
}

/// The path of a key, and why it is not read.
type Unread = (String, &'static str);
