//! A gate that takes silence for consent.

use sim_core::policy::gate::Flaw;

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM211",
        title: "a gate passes when it cannot see",
        explanation: "A pass promotes, and it ends a run of breaches. A gate that passes on data \
                      which are missing, stale, not a number, without denominator or too few \
                      approves a release that nobody has looked at.",
    },
    name: "fails-open",
    source: "seed systems, 3.2 and 4.2: NaN and missing data read as healthy in both guards",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let open = |(path, gate): (String, &sim_core::policy::Gate)| {
        let flaws: Vec<&str> = gate.on.fails_open().map(word).collect();
        (!flaws.is_empty()).then(|| {
            let message = format!("`{}` passes on data that are {}", gate.id, flaws.join(", "));
            Problem::warning("CM211", format!("{path}.on"), message)
                .help("write `hold`, which neither promotes nor acts, or `breach`")
        })
    };
    subject.gates().filter_map(open).collect()
}

const fn word(flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::Missing => "missing",
        Flaw::Stale => "stale",
        Flaw::Nan => "not a number",
        Flaw::ZeroDenominator => "without a denominator",
        Flaw::TooFew => "too few",
    }
}
