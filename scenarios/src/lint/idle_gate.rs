//! A gate that guards no stage.

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM215",
        title: "no stage reads a gate",
        explanation: "A gate that no stage lists among its criteria or triggers guards nothing.",
    },
    name: "idle-gate",
    source: "progressive delivery research, 4.2: conditions that are declared and not referred to",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let idle = subject
        .gates()
        .filter(|(_, gate)| subject.readers(&gate.id).next().is_none());
    let problem = |(path, gate): (String, &sim_core::policy::Gate)| {
        Problem::warning("CM215", path, format!("no stage reads `{}`", gate.id))
            .help("list it among the `criteria` or `triggers` of a stage, or take it out")
    };
    idle.map(problem).collect()
}
