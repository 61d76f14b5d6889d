//! A comparison with the future.

use sim_core::policy::gate::Population;

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM228",
        title: "a gate compares with a baseline that is not there yet",
        explanation: "The baseline of the canary is what it was when the first stage ended. In the \
                      first stage there is none, and what the gate says about missing data decides.",
    },
    name: "early-baseline",
    source: "cutover runbook, Staged: regression over canary baseline, which the canary stage captures",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let Some(first) = subject.policy.stages.first() else {
        return Vec::new();
    };
    let early = subject.gates().filter(|(_, gate)| {
        let refers = gate.breach.limit.refers_to() == Some(Population::CanaryBaseline)
            || gate.population == Population::CanaryBaseline;
        refers
            && first
                .criteria
                .iter()
                .chain(&first.triggers)
                .any(|name| *name == gate.id)
    });
    let problem = |(path, gate): (String, &sim_core::policy::Gate)| {
        let message = format!(
            "`{}` needs the baseline that `{}` only makes",
            gate.id, first.id
        );
        Problem::warning("CM228", path, message).help("read the gate from the second stage on")
    };
    early.map(problem).collect()
}
