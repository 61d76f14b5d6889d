//! A stage that does not climb and does not look elsewhere.

use sim_core::policy::Stage;

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM226",
        title: "a stage exposes no more than the one before",
        explanation: "Nothing new can be learnt from more of the same exposure, unless the stage is \
                      watched by other gates.",
    },
    name: "idle-stage",
    source: "Rollout Wedge Policy, validators: targets strictly increasing",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let pairs = subject.policy.stages.windows(2).enumerate();
    let idle = pairs.filter(|(_, pair)| pair[0].target == pair[1].target && watched_alike(pair));
    let problem = |(place, pair): (usize, &[Stage])| {
        let message = format!(
            "`{}` stays at {} under the same gates",
            pair[1].id, pair[1].target
        );
        Problem::warning("CM226", format!("stages[{}].target", place + 1), message)
            .help("raise the target, or observe the stage before for longer")
    };
    idle.map(problem).collect()
}

fn watched_alike(pair: &[Stage]) -> bool {
    pair[0].criteria == pair[1].criteria && pair[0].triggers == pair[1].triggers
}
