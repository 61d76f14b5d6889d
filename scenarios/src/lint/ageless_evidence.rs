//! Evidence without an age limit.

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM221",
        title: "evidence never grows too old",
        explanation: "A result of last month says nothing about the commit of today. Old green \
                      reports stay where they are when a new run fails before it writes.",
    },
    name: "ageless-evidence",
    source: "seed systems, 5.3: the committed benchmark is older than the code that writes it",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let evidence = crate::check::each("evidence", &subject.policy.evidence);
    // What need not pass is a declaration, such as an owner: it holds until somebody changes it.
    let ageless = evidence.filter(|(_, known)| known.max_age.is_none() && known.must_pass);
    let problem = |(path, evidence): (String, &sim_core::policy::Evidence)| {
        let message = format!("`{}` is accepted at any age", evidence.id);
        Problem::warning("CM221", path, message).help("add `max-age:`, such as `24h`")
    };
    ageless.map(problem).collect()
}
