//! A first stage that exposes more than a quarter.

use sim_core::engine::Share;

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM205",
        title: "the first stage is wider than 25 %",
        explanation: "The first stage meets what nobody has seen yet; everything that is wrong with \
                      the release hits so many at once.",
    },
    name: "wide-first-stage",
    source: "Rollout Wedge Policy, Blast Radius Controls: first-stage target <= 25 %",
    check,
};

/// The widest first stage that the wedge policy allows.
const WIDEST: u32 = 250_000;

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let first = subject
        .stages()
        .next()
        .filter(|(_, stage)| stage.target.ppm() > WIDEST);
    // A rollout of one stage alone has its own finding, and splitting it mends both.
    let problem = first
        .filter(|_| subject.policy.stages.len() > 1)
        .map(|(path, stage)| {
            let message = format!("the first stage exposes {} at once", stage.target);
            let most = Share::from_ppm(WIDEST).unwrap_or_default();
            Problem::warning("CM205", format!("{path}.target"), message)
                .help(format!("put a stage of {most} or less before it"))
        });
    problem.into_iter().collect()
}
