//! A window that is shorter than the time to the next sample.

use sim_core::engine::SimDuration;

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM201",
        title: "a window can hold no sample",
        explanation: "A gate that looks back for less time than there is between two samples sees \
                      nothing, and a stage that is observed for less than one evaluation is not \
                      looked at. Whatever the gate says about missing data then decides.",
    },
    name: "empty-window",
    source: "seed systems, 7.2: observation windows and scrape intervals",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    unseen_stages(subject).chain(blind_gates(subject)).collect()
}

fn unseen_stages(subject: &Subject<'_>) -> impl Iterator<Item = Problem> {
    let every = subject.policy.evaluate_every;
    let unseen = subject
        .stages()
        .filter(move |(_, stage)| stage.observe < every);
    unseen.map(move |(path, stage)| {
        let message = format!("{} of observation hold no evaluation", stage.observe);
        // Nobody looks, whether or not there is anything to look at.
        Problem::warning("CM201", format!("{path}.observe"), message)
            .reason(format!("the controller looks every {every}"))
            .help(format!("observe for {every} or longer"))
    })
}

/// A look-back time counts whole scrape intervals from the newest sample that has arrived; one that
/// is shorter than an interval holds none.
fn blind_gates(subject: &Subject<'_>) -> impl Iterator<Item = Problem> {
    let scrape = subject
        .world
        .map_or(SimDuration::ZERO, |world| world.telemetry.scrape_every);
    let blind = subject
        .gates()
        .filter(move |(_, gate)| !gate.over.is_zero() && gate.over < scrape);
    blind.map(move |(path, gate)| {
        let message = format!("the last {} hold no sample", gate.over);
        Problem::warning("CM201", format!("{path}.over"), message)
            .reason(format!("there is a sample every {scrape}"))
            .help(format!(
                "look back {scrape} or longer, or `0` for the newest sample"
            ))
    })
}
