//! From starts to the typed result.

use std::collections::BTreeMap;

use reports::{BacktestReport, DecisionRow, FindingRow, GapRow, Inputs, PlayedHistory, StartRow};
use scenarios::history::Timestamp;
use sim_core::policy::gate::Flaw;

use super::past::Past;
use super::starts::Start;
use super::tape::{Metric, Tape};
use crate::study::interval::wilson;
use crate::study::{on_threads, profile_word};

/// Decisions of one gate belong together when no more than an hour, or two starts, lies between them.
const TOGETHER_MS: i64 = 3_600_000;

/// Plays every start on so many threads (0 means one a core) and puts together what they came to.
///
/// # Errors
///
/// When the threads cannot be started.
pub fn report(
    past: &Past,
    inputs: Inputs,
    threads: usize,
    done: &(dyn Fn(u64) + Sync),
) -> Result<BacktestReport, rayon::ThreadPoolBuildError> {
    let starts = on_threads(threads, || past.play(done))?;
    let policy = &past.experiment.policy;
    let apart = apart(past, &starts);
    Ok(BacktestReport {
        schema: BacktestReport::SCHEMA.to_owned(),
        version: BacktestReport::VERSION,
        policy: policy.name.clone(),
        profile: profile_word(policy.profile).to_owned(),
        inputs,
        histories: past
            .tapes
            .iter()
            .zip(&past.metrics)
            .map(|(tape, metric)| played(past, tape, metric))
            .collect(),
        every_s: past.every.as_secs_f64(),
        horizon_s: past.horizon.as_secs_f64(),
        starts: starts.len() as u64,
        windows: apart.len() as u64,
        decisions: decisions(&starts, &apart),
        findings: findings(past, &starts),
        inadequate: past.inadequate.clone(),
        notes: past.notes.clone(),
        events: starts.iter().map(|start| row(past, start)).collect(),
    })
}

/// Returns starts that do not overlap: each begins when the one before it was decided, and no earlier than
/// that would have taken if nothing had come in between. Otherwise one incident would be counted again
/// and again by starts that it stops at once.
fn apart<'s>(past: &Past, starts: &'s [Start]) -> Vec<&'s Start> {
    let nominal = (past.nominal.as_nanos() / 1_000_000) as i64;
    let mut kept: Vec<&Start> = Vec::new();
    for start in starts {
        let free = |last: &&Start| {
            start.from.millis() >= (last.from.millis() + nominal).max(last.at.millis())
        };
        if kept.last().is_none_or(free) {
            kept.push(start);
        }
    }
    kept
}

fn decisions(starts: &[Start], apart: &[&Start]) -> Vec<DecisionRow> {
    let mut counts: BTreeMap<&str, [u64; 2]> = BTreeMap::new();
    for start in starts {
        counts.entry(start.decision).or_default()[0] += 1;
    }
    for start in apart {
        counts.entry(start.decision).or_default()[1] += 1;
    }
    let row = |(decision, [all, windows]): (&str, [u64; 2])| {
        let interval = wilson(windows, apart.len() as u64);
        DecisionRow {
            decision: decision.to_owned(),
            starts: all,
            share: all as f64 / starts.len() as f64,
            windows,
            low: interval.low,
            high: interval.high,
        }
    };
    let mut rows: Vec<_> = counts.into_iter().map(row).collect();
    rows.sort_by_key(|row| u64::MAX - row.starts);
    rows
}

fn findings(past: &Past, starts: &[Start]) -> Vec<FindingRow> {
    let mut stopped: Vec<&Start> = starts
        .iter()
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
        starts: group.len() as u64,
        value: first.value,
        flaw: first.flaw.map(word),
    }
}

fn row(past: &Past, start: &Start) -> StartRow {
    let policy = &past.experiment.policy;
    let known = start.gate.is_some() && start.samples != u64::MAX;
    StartRow {
        start: start.from.to_string(),
        decision: start.decision.to_owned(),
        at: start.at.to_string(),
        after_s: start.after.as_secs_f64(),
        stage: start.stage.map(|stage| policy.stages[stage].id.clone()),
        gate: gate(past, start),
        value: start.value,
        samples: known.then_some(start.samples),
        flaw: start.flaw.map(word),
    }
}

fn gate(past: &Past, start: &Start) -> Option<String> {
    let gates = &past.experiment.policy.gates;
    start.gate.map(|gate| gates[gate].id.clone())
}

fn word(flaw: Flaw) -> String {
    match flaw {
        Flaw::Missing => "missing",
        Flaw::Stale => "stale",
        Flaw::Nan => "nan",
        Flaw::ZeroDenominator => "zero-denominator",
        Flaw::TooFew => "too-few",
    }
    .to_owned()
}

fn played(past: &Past, tape: &Tape, metric: &Metric) -> PlayedHistory {
    let [samples, missing] = tape.filled;
    let end = past.origin.millis() + (past.span.as_nanos() / 1_000_000) as i64;
    let inside = |at: Timestamp| (past.origin.millis()..=end).contains(&at.millis());
    let mut gaps: Vec<_> = metric
        .history
        .gaps
        .iter()
        .filter(|gap| inside(gap.from) || inside(gap.to))
        .collect();
    gaps.sort_by_key(|gap| (u64::MAX - gap.missing, gap.from));
    let gap = |gap: &scenarios::history::Gap| GapRow {
        from: gap.from.to_string(),
        to: gap.to.to_string(),
        missing: gap.missing,
    };
    PlayedHistory {
        signal: tape.signal.clone(),
        file: tape.file.clone(),
        from: past.origin.to_string(),
        to: Timestamp::from_millis(end).to_string(),
        step_s: tape.recording.step.as_secs_f64(),
        samples,
        missing,
        gaps: gaps.into_iter().map(gap).collect(),
    }
}
