//! A staleness limit that healthy data exceed.

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM229",
        title: "healthy samples count as stale",
        explanation: "Between two scrapes the newest sample grows as old as the scrape interval and \
                      the lag together. A shorter limit makes every gate blind for a part of the \
                      time, or always.",
    },
    name: "hasty-staleness",
    source: "Prometheus staleness and scrape intervals (seed systems, 7)",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let Some(telemetry) = subject.world.map(|world| &world.telemetry) else {
        return Vec::new();
    };
    let oldest = telemetry.scrape_every + telemetry.lag;
    if telemetry.stale_after >= oldest {
        return Vec::new();
    }
    let message = format!(
        "samples count as stale after {} and are up to {oldest} old when all is well",
        telemetry.stale_after
    );
    // The world has no place in the policy's file; the evaluation is what suffers.
    let problem = Problem::warning("CM229", "evaluate-every", message).help(format!(
        "let the world's `stale-after` be {oldest} or longer"
    ));
    vec![problem]
}
