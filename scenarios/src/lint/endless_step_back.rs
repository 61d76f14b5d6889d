//! A step back that may be taken for ever.

use sim_core::policy::Action;

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::{Problem, each};

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM239",
        title: "a step back may be taken without end",
        explanation: "A bad release that is stepped back climbs again as soon as the smaller stage is quiet, and \
                      is stepped back again: a hundred times a day, with users harmed each time and nobody asked. \
                      `at-most` turns the next one into a rollback.",
    },
    name: "endless-step-back",
    source: "a rollout that was stepped back 130 times in a day",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let endless = each("classes", &subject.policy.classes)
        .filter(|(_, class)| class.action == Action::StepBack && class.at_most.is_none());
    let problem = |(path, class): (String, &sim_core::policy::Class)| {
        let message = format!("`{}` steps back any number of times", class.id);
        Problem::warning("CM239", format!("{path}.action"), message)
            .reason("a bad release goes back and forth until somebody notices")
            .help("add `at-most: 1`: the step back after that is a rollback")
    };
    endless.map(problem).collect()
}
