//! A limit that whole hosts cannot keep.

use sim_core::traffic::Split;

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM231",
        title: "rounding exceeds the blast radius",
        explanation: "On a fleet of this size the target is rounded up to more hosts than the blast \
                      radius allows, so that the rollout violates its own limit without any fault.",
    },
    name: "rounded-beyond-blast",
    source: "seed systems, 8, row 10: overshoot under rounding",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let (Some(radius), Some(world)) = (subject.policy.blast_radius, subject.world) else {
        return Vec::new();
    };
    let hosts = u64::from(world.fleet.hosts);
    let allowed = radius.max.of_floor(hosts);
    let beyond = subject.stages().filter(|(_, stage)| {
        let meant = subject.policy.rounding.apply(stage.target, hosts);
        world.traffic.split == Split::ByHost && stage.target <= radius.max && meant > allowed
    });
    let problem = |(path, stage): (String, &sim_core::policy::Stage)| {
        let meant = subject.policy.rounding.apply(stage.target, hosts);
        let message = format!(
            "{} of {hosts} hosts are rounded to {meant}, the blast radius {} allows {allowed}",
            stage.target, radius.max
        );
        Problem::warning("CM231", format!("{path}.target"), message)
            .help("write `rounding: down`, or allow one host more")
    };
    beyond.map(problem).collect()
}
