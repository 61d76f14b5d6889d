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
    let trigger = |id: &String| {
        policy
            .stages
            .iter()
            .any(|stage| stage.triggers.contains(id))
    };
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
    let idle = subject
        .world
        .is_some_and(|world| world.traffic.work.is_none());
    let drains = each("rollback.steps", &policy.rollback.steps)
        .filter(move |(_, step)| idle && step.effect == StepEffect::DrainQueue)
        .map(|(path, _)| {
            (
                format!("{path}.effect"),
                "the world has no work (`traffic.work`) to drain",
            )
        });
    let cancels = policy
        .kill_switch
        .iter()
        .filter(move |switch| idle && switch.cancels_pending);
    let cancels = cancels.map(|_| {
        (
            "kill-switch.cancels-pending".to_owned(),
            "the world has no work (`traffic.work`) to cancel",
        )
    });
    let unread = limits.chain(classes).chain(drains).chain(cancels);
    let problem = |(path, why): (String, &'static str)| {
        Problem::warning("CM243", path, format!("this has no effect: {why}"))
            .help("take it out, or write what was meant")
    };
    unread.map(problem).collect()
}
