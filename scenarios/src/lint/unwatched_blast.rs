//! A blast radius on paper.

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM233",
        title: "nobody watches the blast radius",
        explanation: "The limit is written down and the controller does not look at it: what exceeds \
                      it is found afterwards, if at all.",
    },
    name: "unwatched-blast",
    source: "seed systems, 2.2: the validators compare the limit with the plan alone",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let paper = subject
        .policy
        .blast_radius
        .filter(|radius| !radius.enforced);
    let problem = paper.map(|radius| {
        let message = format!("the limit of {} is not enforced", radius.max);
        Problem::warning("CM233", "blast-radius.enforced", message)
            .help("write `enforced: true`, so that exceeding it rolls back")
    });
    problem.into_iter().collect()
}
