//! A stage that is left before anything that was measured in it has arrived.

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM240",
        title: "a stage is left before its data arrive",
        explanation: "What is measured is scraped once in an interval and seen a lag later. A stage that is \
                      observed for less than the two together is judged by what was measured before it began.",
    },
    name: "early-leave",
    source: "exporter lag and scrape interval: readings that are older than their stage",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let Some(arrives) = subject.arrives_after() else {
        return Vec::new();
    };
    let early = subject.stages().filter(|(_, stage)| {
        let guarded = !(stage.criteria.is_empty() && stage.triggers.is_empty());
        guarded && stage.observe < arrives
    });
    let problem = |(path, stage): (String, &sim_core::policy::Stage)| {
        let message = format!(
            "`{}` is observed for {}, and its first data arrive after {arrives}",
            stage.id, stage.observe
        );
        Problem::warning("CM240", format!("{path}.observe"), message)
            .reason("the scrape interval and the lag of the world, together")
            .help(format!(
                "observe for longer than {arrives}, and for as long as the gates look back on top of it"
            ))
    };
    early.map(problem).collect()
}
