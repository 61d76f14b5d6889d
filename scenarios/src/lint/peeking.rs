//! A test that is looked at again and again without a bound for it.

use sim_core::policy::Gate;

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM236",
        title: "a test is peeked at",
        explanation: "The level of such a test is that of one look. It is looked at with every \
                      evaluation and fires at the first that passes the level: over sixty looks a \
                      posterior of 99 % is passed by 3 to 10 % of harmless releases.",
    },
    name: "peeking",
    source: "sequential gates research, 3.1: a posterior above 99 %, peeked at, fires on 3.3 % of harmless releases",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let every = subject.policy.evaluate_every;
    let peeked = |(path, gate): (String, &Gate)| {
        let stages = subject.policy.stages.iter();
        let triggered = stages.filter(|stage| stage.triggers.contains(&gate.id));
        let longest = triggered.map(|stage| stage.observe).max()?;
        let looks = longest.as_nanos() / every.as_nanos().max(1);
        let bayes = gate.window.names_the_level_of_one_look();
        (bayes && looks > 1).then(|| {
            let message = format!("{looks} interim analyses, each at the level of a single one");
            Problem::warning("CM236", format!("{path}.window.bayes.level"), message)
                .reason("the more interim analyses, the more harmless releases are rolled back")
                .help("say `msprt` or `conditional-e-process`, which bound all interim analyses together, or simulate how often it fires")
        })
    };
    subject.gates().filter_map(peeked).collect()
}
