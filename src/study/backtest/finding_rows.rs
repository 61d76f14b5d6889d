//! What was decided and on what, as rows.

use std::collections::BTreeSet;

use reports::{FindingRow, StartRow};

use super::past::Past;
use super::starts::Start;

/// Decisions of one gate belong together when no more than an hour, or two starts, lies between them.
const TOGETHER_MS: i64 = 3_600_000;

/// How many samples the gate had; none where the recording does not say.
pub(super) fn samples(start: &Start) -> Option<u64> {
    (start.gate.is_some() && start.samples != u64::MAX).then_some(start.samples)
}

pub(super) fn findings(past: &Past, starts: &[&Start]) -> Vec<FindingRow> {
    let mut stopped: Vec<&Start> = starts
        .iter()
        .copied()
        .filter(|start| start.decision != "completed")
        .collect();
    stopped.sort_by_key(|start| (start.gate, start.decision, start.noticed, start.from));
    let two_starts = (past.every.as_nanos() / 500_000) as i64;
    let together = |a: &&Start, b: &&Start| {
        (a.gate, a.decision) == (b.gate, b.decision)
            && b.noticed.millis() - a.noticed.millis() <= TOGETHER_MS.max(two_starts)
    };
    let mut rows: Vec<_> = stopped
        .chunk_by(together)
        .map(|group| (group[0].noticed, finding(past, group)))
        .collect();
    rows.sort_by_key(|(at, _)| *at);
    rows.into_iter().map(|(_, row)| row).collect()
}

fn finding(past: &Past, group: &[&Start]) -> FindingRow {
    let (first, last) = (group[0], group[group.len() - 1]);
    FindingRow {
        decision: first.decision.to_owned(),
        gate: gate(past, first),
        from: first.noticed.to_string(),
        to: last.noticed.to_string(),
        starts: group
            .iter()
            .map(|start| start.number)
            .collect::<BTreeSet<_>>()
            .len() as u64,
        value: first.value,
        flaw: first.flaw.map(|flaw| flaw.key().to_owned()),
    }
}

/// A start as most of its replications decided it; of equals, as the first did.
pub(super) fn usual(past: &Past, starts: &[Vec<Start>], number: usize) -> StartRow {
    let all = || starts.iter().map(|starts| &starts[number]);
    let agree = |start: &Start| all().filter(|it| it.decision == start.decision).count() as u64;
    let usual = all().rev().max_by_key(|start| agree(start));
    let usual = usual.expect("there is a replication");
    row(past, usual, agree(usual))
}

pub(super) fn row(past: &Past, start: &Start, replications: u64) -> StartRow {
    let policy = &past.experiment.policy;
    StartRow {
        start: start.from.to_string(),
        decision: start.decision.to_owned(),
        at: start.at.to_string(),
        after_s: start.after.as_secs_f64(),
        stage: start.stage.map(|stage| policy.stages[stage].id.clone()),
        gate: gate(past, start),
        value: start.value,
        samples: samples(start),
        flaw: start.flaw.map(|flaw| flaw.key().to_owned()),
        replications,
    }
}

pub(super) fn gate(past: &Past, start: &Start) -> Option<String> {
    let gates = &past.experiment.policy.gates;
    start.gate.map(|gate| gates[gate].id.clone())
}
