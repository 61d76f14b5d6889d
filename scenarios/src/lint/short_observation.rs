//! A stage that is left too early to see anything slow.

use sim_core::engine::SimDuration;

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM208",
        title: "a stage is observed for less than an hour",
        explanation: "Slow leaks, full queues and rare requests need time to show. An hour is the \
                      least that a stage should be observed.",
    },
    name: "short-observation",
    source: "Rollout Wedge Policy, Observation Windows: at least 1.0 hour per stage",
    check,
};

/// The shortest observation that the wedge policy allows.
const SHORTEST: SimDuration = SimDuration::from_hours(1);

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let short = subject
        .stages()
        .filter(|(_, stage)| stage.observe < SHORTEST);
    let problem = |(path, stage): (String, &sim_core::policy::Stage)| {
        let message = format!("`{}` is observed for {} only", stage.id, stage.observe);
        Problem::warning("CM208", format!("{path}.observe"), message)
            .help(format!("observe for {SHORTEST} or longer"))
    };
    short.map(problem).collect()
}
