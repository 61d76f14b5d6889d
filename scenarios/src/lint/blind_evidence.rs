//! Evidence that is not looked at.

use sim_core::policy::Evidence;

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM220",
        title: "evidence is accepted that proves nothing",
        explanation: "An artifact that may be absent, unreadable, empty or red is no evidence: a \
                      renamed test runs nothing and succeeds, and a failed run leaves the green \
                      report of the time before.",
    },
    name: "blind-evidence",
    source: "seed systems, 5.3: zero tests run, exit 0, gate counts a pass",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let evidence = crate::check::each("evidence", &subject.policy.evidence);
    let blind = evidence.filter_map(|(path, evidence)| {
        let unasked: Vec<&str> = unasked(evidence).collect();
        (!unasked.is_empty()).then(|| {
            let message = format!(
                "`{}` is accepted although it is {}",
                evidence.id,
                unasked.join(", ")
            );
            Problem::warning("CM220", path, message).help("demand what makes it evidence: `true`")
        })
    });
    blind.collect()
}

/// Nobody need demand that an artifact passes which is a declaration and no result.
fn unasked(evidence: &Evidence) -> impl Iterator<Item = &'static str> {
    let asked = [
        (evidence.must_exist, "absent"),
        (evidence.must_parse, "unreadable"),
        (evidence.must_not_be_vacuous, "empty"),
    ];
    asked
        .into_iter()
        .filter(|(asked, _)| !asked)
        .map(|(_, word)| word)
}
