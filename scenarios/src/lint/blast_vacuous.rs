//! A blast radius beyond everything that the stages aim at.

use sim_core::engine::Share;

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM204",
        title: "the blast radius can never be exceeded",
        explanation: "A limit above the last target, or of the whole fleet, holds whatever happens \
                      before: an update that overshoots an early stage twentyfold is still within \
                      it. An invariant that cannot fail proves nothing.",
    },
    name: "blast-vacuous",
    source: "chaos research, section 2: a last stage of 100 % makes INV-RWG-BLAST vacuous; bd-2ymp contract: at most the largest target",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let largest = subject.policy.stages.iter().map(|stage| stage.target).max();
    let (Some(radius), Some(largest)) = (subject.policy.blast_radius, largest) else {
        return Vec::new();
    };
    let (message, help) = if radius.max == Share::ONE {
        let message = "a limit of 100% can never be exceeded".to_owned();
        (
            message,
            "hold a part of the fleet back, or leave the limit out and watch each stage",
        )
    } else if radius.max > largest {
        let message = format!("{} is more than {largest}, the largest target", radius.max);
        (message, "lower the limit to the largest target")
    } else {
        return Vec::new();
    };
    let reason = "a stage that overshoots its target stays within the limit";
    vec![
        Problem::warning("CM204", "blast-radius.max", message)
            .reason(reason)
            .help(help),
    ]
}
