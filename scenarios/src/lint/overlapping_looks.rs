//! Consecutive windows that are one window.

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM232",
        title: "breaches in a row share their data",
        explanation: "The gate looks back further than the time between two evaluations, so that \
                      neighbouring readings rest on the same samples: one bad minute breaches \
                      several times in a row, and the repetition confirms nothing.",
    },
    name: "overlapping-looks",
    source: "progressive delivery research, 4.2, L9: metric window longer than the check interval",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let every = subject.policy.evaluate_every;
    let shared = subject
        .gates()
        .filter(|(_, gate)| gate.window.adds_up_neighbours() && gate.over > every);
    let problem = |(path, gate): (String, &sim_core::policy::Gate)| {
        let message = format!(
            "{} of look-back every {every}: neighbours overlap",
            gate.over
        );
        Problem::warning("CM232", format!("{path}.window"), message)
            .reason("one bad minute counts as several windows in a row")
            .help("evaluate as often as the gate looks back, or say `sustained`")
    };
    shared.map(problem).collect()
}
