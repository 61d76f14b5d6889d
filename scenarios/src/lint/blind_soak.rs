//! A stage that only waits.

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM223",
        title: "a stage looks at nothing",
        explanation: "The stage has neither criteria nor triggers: it waits, and then the rollout \
                      goes on whatever happened.",
    },
    name: "blind-soak",
    source: "seed systems, 6: fleet deploy waits 60 s and does not check health before promoting",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let blind = subject
        .stages()
        .filter(|(_, stage)| stage.criteria.is_empty() && stage.triggers.is_empty());
    let problem = |(path, stage): (String, &sim_core::policy::Stage)| {
        let message = format!(
            "`{}` waits {} and looks at nothing",
            stage.id, stage.observe
        );
        Problem::warning("CM223", path, message).help("add criteria or triggers")
    };
    blind.map(problem).collect()
}
