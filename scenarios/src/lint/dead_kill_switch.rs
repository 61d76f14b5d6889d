//! A kill switch that nobody reads.

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM218",
        title: "the kill switch does not work",
        explanation: "The setting is written and the code that reads it ignores it. In an incident \
                      the switch costs the minutes in which everybody waits for it to take effect.",
    },
    name: "dead-kill-switch",
    source: "seed systems, 4.3: the server puts the disabled version back whatever the setting says",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let dead = subject
        .policy
        .kill_switch
        .as_ref()
        .filter(|switch| !switch.works);
    let problem = dead.map(|switch| {
        let message = format!(
            "`{}` is ignored by the code that should honour it",
            switch.id
        );
        Problem::warning("CM218", "kill-switch.works", message)
            .help("mend the switch and rehearse it, or take it out of the policy")
    });
    problem.into_iter().collect()
}
