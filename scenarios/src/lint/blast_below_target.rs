//! A blast radius that a stage must exceed.

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM203",
        title: "the blast radius is smaller than a target",
        explanation: "A stage that aims beyond the largest allowed exposure can only end in a \
                      rollback, or the limit means nothing.",
    },
    name: "blast-below-target",
    source: "Rollout Wedge Policy, Blast Radius Controls: max_blast_radius >= each target; the rollout in its repository has 20 and 25 the wrong way round",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let Some(radius) = subject.policy.blast_radius else {
        return Vec::new();
    };
    let beyond = subject
        .stages()
        .find(|(_, stage)| stage.target > radius.max);
    let problem = beyond.map(|(_, stage)| {
        let message = format!(
            "{} is less than {}, the target of `{}`",
            radius.max, stage.target, stage.id
        );
        Problem::warning("CM203", "blast-radius.max", message)
            .reason("the stage cannot be reached within the limit")
            .help("raise the limit to the largest target, or lower the targets")
    });
    problem.into_iter().collect()
}
