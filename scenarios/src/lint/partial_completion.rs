//! A rollout that completes on a part of the fleet.

use sim_core::engine::Share;

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM237",
        title: "the last stage is not the whole fleet",
        explanation: "`completed` means that the last stage is done. Where its target is a part of the fleet, the \
                      rest keeps the old version, and no number of a study is about it. A blast radius of the \
                      same share says that this is meant.",
    },
    name: "partial-completion",
    source: "a policy whose last stage is 10 % completes, and nine tenths of the users never see the release",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let policy = subject.policy;
    let Some(last) = policy.stages.last() else {
        return Vec::new();
    };
    let meant = policy
        .blast_radius
        .is_some_and(|radius| radius.max < Share::ONE);
    if last.target == Share::ONE || meant {
        return Vec::new();
    }
    let path = format!("stages[{}].target", policy.stages.len() - 1);
    let message = format!(
        "the rollout completes at {} of the fleet: {} keep the old version",
        last.target,
        last.target.complement()
    );
    vec![
        Problem::warning("CM237", path, message)
            .reason("`completed` then says nothing about the rest")
            .help(format!(
                "add a stage of `100%`; if the rest is held back on purpose, say so: `blast-radius: {{max: {}, \
                 enforced: true}}`",
                last.target
            )),
    ]
}
