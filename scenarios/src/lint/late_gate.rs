//! A gate that only later stages have.

use std::collections::BTreeSet;

use sim_core::policy::Gate;
use sim_core::policy::gate::Population;

use super::weaker_later_stage::still_asked;
use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM241",
        title: "the first stage leaves out a gate that later ones have",
        explanation: "The first stage is where a bad release costs least. What only a later one looks at is found \
                      when more users have it.",
    },
    name: "late-gate",
    source: "the purpose of a canary: the smallest stage meets the release first",
    check,
};

/// A list of gates of a stage.
type List = fn(&sim_core::policy::Stage) -> &Vec<String>;

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let Some((first, later)) = subject.policy.stages.split_first() else {
        return Vec::new();
    };
    // A stage without any guard has a finding of its own.
    if first.criteria.is_empty() && first.triggers.is_empty() {
        return Vec::new();
    }
    let lists: [(&str, List); 2] = [
        ("criteria", |stage| &stage.criteria),
        ("triggers", |stage| &stage.triggers),
    ];
    let mut problems = Vec::new();
    for (key, list) in lists {
        let early: Vec<&Gate> = subject.named(list(first)).collect();
        let missing: BTreeSet<&str> = later
            .iter()
            .flat_map(|stage| subject.named(list(stage)))
            .filter(|gate| !needs_the_first_stage(gate) && !still_asked(gate, &early))
            .map(|gate| gate.id.as_str())
            .collect();
        if missing.is_empty() {
            continue;
        }
        let names: Vec<_> = missing.iter().map(|name| format!("`{name}`")).collect();
        let message = format!("`{}` does not look at {}", first.id, names.join(", "));
        problems.push(late(key, message));
    }
    problems
}

fn late(key: &str, message: String) -> Problem {
    Problem::warning("CM241", format!("stages[0].{key}"), message)
        .reason("later stages do, when more users have the release")
        .help(format!(
            "list it under the `{key}` of the first stage as well"
        ))
}

/// The baseline of the canary is only there when the first stage has ended.
fn needs_the_first_stage(gate: &Gate) -> bool {
    gate.breach.limit.refers_to() == Some(Population::CanaryBaseline)
        || gate.population == Population::CanaryBaseline
}
