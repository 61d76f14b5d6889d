//! An alert without an action.

use sim_core::policy::Action;

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM234",
        title: "a trigger does nothing but leave a record",
        explanation: "The gate fires and the rollout goes on. An alert that nobody acts on is found \
                      in the review of the incident.",
    },
    name: "silent-trigger",
    source: "seed systems, 1.3: operational warnings that change no verdict",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let classes = crate::check::each("classes", &subject.policy.classes);
    let silent = classes.filter(|(_, class)| class.action == Action::Record);
    let problem = |(path, class): (String, &sim_core::policy::Class)| {
        let message = format!("when `{}` fires, nothing is done", class.id);
        Problem::warning("CM234", format!("{path}.action"), message).help("let it `pause` at least")
    };
    silent.map(problem).collect()
}
