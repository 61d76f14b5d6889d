//! A gate that guards no stage.

use sim_core::policy::gate::Joined;

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
        .filter(|(_, gate)| subject.readers(&gate.id).next().is_none())
        .filter(|(_, gate)| !joined(subject, &gate.id));
    let problem = |(path, gate): (String, &sim_core::policy::Gate)| {
        Problem::warning("CM215", path, format!("no stage reads `{}`", gate.id))
            .help("list it among the `criteria` or `triggers` of a stage, or take it out")
    };
    idle.map(problem).collect()
}

/// Whether another gate joins its breach with this one's.
fn joined(subject: &Subject<'_>, id: &str) -> bool {
    let with = subject.gates().filter_map(|(_, gate)| gate.with.as_ref());
    with.flat_map(Joined::wanted).any(|(named, _)| named == id)
}
