//! A comparison with something that holds the release itself, or with nobody.

use sim_core::engine::Share;
use sim_core::policy::Gate;
use sim_core::policy::gate::Population;

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM242",
        title: "a gate compares the release with itself, or with nobody",
        explanation: "The whole fleet holds the canary: at 50 % half of what the canary does wrong is in the number \
                      that it is compared with, and at 100 % all of it. At 100 % there is no control either. And the \
                      baseline that the canary left in its first stage is as bad as the release was there, unless \
                      that stage looks at the same signal in another way.",
    },
    name: "own-baseline",
    source: "canary judgement against a baseline that holds the canary; cutover runbook, poisoned baseline",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let own = |(path, gate): (String, &Gate)| {
        let problem = match gate.breach.limit.refers_to()? {
            Population::Fleet => in_the_fleet(subject, gate)?,
            Population::Control => without_control(subject, gate)?,
            Population::CanaryBaseline => unseen_first(subject, gate)?,
            Population::Canary => return None,
        };
        let (message, reason, help) = problem;
        Some(
            Problem::warning("CM242", format!("{path}.breach.limit"), message)
                .reason(reason)
                .help(help),
        )
    };
    subject.gates().filter_map(own).collect()
}

/// What is wrong, why it matters and what to write.
type Words = (String, String, String);

fn in_the_fleet(subject: &Subject<'_>, gate: &Gate) -> Option<Words> {
    let largest = subject.readers(&gate.id).map(|stage| stage.target).max()?;
    (gate.population == Population::Canary).then(|| {
        (
            format!(
                "`{}` compares the canary with a fleet that holds it",
                gate.id
            ),
            format!("at {largest} as much of what the canary does wrong is in the baseline"),
            "compare with `control`, which is what the old version does at the same time"
                .to_owned(),
        )
    })
}

fn without_control(subject: &Subject<'_>, gate: &Gate) -> Option<Words> {
    let stage = subject
        .readers(&gate.id)
        .find(|stage| stage.target == Share::ONE)?;
    Some((
        format!("`{}` has no control in `{}`", gate.id, stage.id),
        "at 100% nothing runs the old version, and what the gate says about missing data decides"
            .to_owned(),
        format!(
            "give `{}` a gate with a limit of its own (`absolute`), or hold a part of the fleet back",
            stage.id
        ),
    ))
}

fn unseen_first(subject: &Subject<'_>, gate: &Gate) -> Option<Words> {
    let first = subject.policy.stages.first()?;
    // Read in the first stage itself it has no baseline at all, and a finding of its own.
    if first.criteria.contains(&gate.id) || first.triggers.contains(&gate.id) {
        return None;
    }
    let names = first.criteria.iter().chain(&first.triggers);
    let mut looked = names.filter_map(|name| subject.policy.gate(name));
    let other = |other: &Gate| {
        other.signal == gate.signal
            && other.breach.limit.refers_to() != Some(Population::CanaryBaseline)
    };
    let read = subject.readers(&gate.id).next().is_some();
    (read && !looked.any(other)).then(|| {
        (
            format!("`{}` takes the release's own first stage for normal", gate.id),
            format!("nothing in `{}` looks at `{}`: a release that is bad from the start is its own norm", first.id, gate.signal),
            format!("give `{}` a gate on `{}` with an absolute limit, or compare with `control`", first.id, gate.signal),
        )
    })
}
