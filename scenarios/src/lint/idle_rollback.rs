//! A rollback of words alone.

use sim_core::policy::{Action, StepEffect};

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM227",
        title: "the rollback takes nothing back",
        explanation: "No step of the rollback reverts hosts, shifts traffic, restores a \
                      configuration or throws a switch: afterwards everything is as before, with a \
                      report about it.",
    },
    name: "idle-rollback",
    source: "cutover runbook, Rollback: the first step repoints the traffic",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let policy = subject.policy;
    let asked = policy
        .classes
        .iter()
        .any(|class| class.action == Action::Rollback);
    let acts = policy.rollback.steps.iter().any(|step| {
        matches!(
            step.effect,
            StepEffect::RevertHosts(_)
                | StepEffect::ShiftTraffic
                | StepEffect::ThrowKillSwitch
                | StepEffect::RestoreConfig
        )
    });
    if acts || !asked {
        return Vec::new();
    }
    let problem = Problem::warning("CM227", "rollback.steps", "no step takes the release back")
        .help("add a step that reverts hosts, shifts traffic or restores the configuration");
    vec![problem]
}
