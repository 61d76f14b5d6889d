//! A target that rounds to nothing.

use sim_core::engine::Share;
use sim_core::traffic::Split;

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM230",
        title: "a stage exposes no host",
        explanation: "On a fleet of this size the share is less than one host and is rounded down to \
                      none: the stage observes nothing and passes.",
    },
    name: "hostless-stage",
    source: "seed systems, 6: count = max(1, floor(n x N / 100)) in fleet deploy",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let by_host = subject
        .world
        .filter(|world| world.traffic.split == Split::ByHost);
    let Some(hosts) = by_host.map(|world| u64::from(world.fleet.hosts)) else {
        return Vec::new();
    };
    let rounding = subject.policy.rounding;
    let empty = subject.stages().filter(|(_, stage)| {
        stage.target > Share::ZERO && rounding.apply(stage.target, hosts) == 0
    });
    let problem = |(path, stage): (String, &sim_core::policy::Stage)| {
        let message = format!("{} of {hosts} hosts are none", stage.target);
        Problem::warning("CM230", format!("{path}.target"), message)
            .help("write `rounding: up`, or a larger target")
    };
    empty.map(problem).collect()
}
