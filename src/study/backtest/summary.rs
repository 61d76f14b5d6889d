//! From starts to the typed result.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;

use reports::{
    BacktestReport, CauseRow, DecisionRow, FindingRow, GapRow, Inputs, PlayedHistory, StartRow,
};
use scenarios::recorded::Timestamp;
use sim_core::policy::gate::{Flaw, Limit};

use super::past::Past;
use super::recorded_signal::{RecordedSignal, SignalMetric};
use super::starts::Start;
use crate::study::interval::clopper_pearson;
use crate::study::{on_threads, profile_word};

/// Decisions of one gate belong together when no more than an hour, or two starts, lies between them.
const TOGETHER_MS: i64 = 3_600_000;

/// Plays every start on so many threads (0 means one a core) and puts together what they came to; once `stop`
/// is set, those that were played by then. None where there is none.
///
/// # Errors
///
/// When the threads cannot be started.
pub fn report(
    past: &Past,
    inputs: Inputs,
    threads: usize,
    (stop, done): (&AtomicBool, &(dyn Fn(u64) + Sync)),
) -> Result<Option<BacktestReport>, rayon::ThreadPoolBuildError> {
    let starts = on_threads(threads, || past.play(stop, done))?;
    if starts.is_empty() {
        return Ok(None);
    }
    let policy = &past.experiment.policy;
    let apart: Vec<Vec<&Start>> = starts.iter().map(|starts| apart(past, starts)).collect();
    let all: Vec<&Start> = starts.iter().flatten().collect();
    let mut notes = notes(past, &all);
    let complete = all.len() as u64 == past.plays();
    if !complete {
        notes.push(format!(
            "interrupted: {} of {} starts were played",
            all.len(),
            past.plays()
        ));
    }
    Ok(Some(BacktestReport {
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
        phase_s: past.phase.as_secs_f64(),
        seed: past.seed,
        replications: starts.len() as u64,
        starts: starts[0].len() as u64,
        windows: mean(apart.iter().map(Vec::len)),
        decisions: decisions(&starts, &apart),
        causes: causes(past, &all),
        findings: findings(past, &all),
        unthinned: past.unthinned.clone(),
        inadequate: past.inadequate.clone(),
        notes,
        complete,
        events: (0..starts[0].len())
            .map(|number| usual(past, &starts, number))
            .collect(),
    }))
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

/// The mean of numbers, rounded.
fn mean(numbers: impl ExactSizeIterator<Item = usize>) -> u64 {
    let n = numbers.len() as f64;
    (numbers.sum::<usize>() as f64 / n).round() as u64
}

fn decisions(starts: &[Vec<Start>], apart: &[Vec<&Start>]) -> Vec<DecisionRow> {
    let words: BTreeSet<&str> = starts
        .iter()
        .flatten()
        .map(|start| start.decision)
        .collect();
    let windows = mean(apart.iter().map(Vec::len));
    let row = |decision: &str| {
        let is = |start: &&Start| start.decision == decision;
        let of = |starts: &Vec<Start>| starts.iter().filter(is).count();
        let counts: Vec<usize> = starts.iter().map(of).collect();
        let met = mean(
            apart
                .iter()
                .map(|starts| starts.iter().filter(|it| is(it)).count()),
        );
        let all = starts[0].len() as f64;
        let interval = clopper_pearson(met, windows);
        let [least, most] = middle(counts.iter().map(|count| *count as f64 / all).collect());
        DecisionRow {
            decision: decision.to_owned(),
            starts: mean(counts.iter().copied()),
            share: counts.iter().sum::<usize>() as f64 / (all * starts.len() as f64),
            least,
            most,
            windows: met,
            low: interval.low,
            high: interval.high,
        }
    };
    let mut rows: Vec<_> = words.into_iter().map(row).collect();
    rows.sort_by(|a, b| b.share.total_cmp(&a.share));
    rows
}

/// The 2.5 % and 97.5 % quantiles of a sample, between its values where they fall there.
fn middle(mut sample: Vec<f64>) -> [f64; 2] {
    sample.sort_by(f64::total_cmp);
    let quantile = |p: f64| {
        let place = p * (sample.len() - 1) as f64;
        let (low, part) = (place.floor() as usize, place.fract());
        let next = sample[(low + 1).min(sample.len() - 1)];
        sample[low] + part * (next - sample[low])
    };
    [0.025, 0.975].map(quantile)
}

/// A decision, the gate and the stage.
type Who<'a> = (&'a str, Option<usize>, Option<usize>);

/// Says which gate, in which stage, on how many samples: for each decision but a plain completion.
fn causes(past: &Past, starts: &[&Start]) -> Vec<CauseRow> {
    let mut groups: BTreeMap<_, Vec<&Start>> = BTreeMap::new();
    for start in starts.iter().filter(|start| start.decision != "completed") {
        let who = (start.decision, start.gate, start.stage);
        groups.entry(who).or_default().push(start);
    }
    let policy = &past.experiment.policy;
    let row = |((decision, at, stage), group): (Who<'_>, Vec<&Start>)| {
        let limit = at.map(|gate| &policy.gates[gate].breach.limit);
        CauseRow {
            decision: decision.to_owned(),
            gate: gate(past, group[0]),
            stage: stage.map(|stage| policy.stages[stage].id.clone()),
            share: group.len() as f64 / starts.len() as f64,
            value: median(group.iter().filter_map(|start| start.value).collect()),
            limit: limit.and_then(|limit| match limit {
                Limit::Absolute(limit) => Some(*limit),
                _ => None,
            }),
            samples: median(group.iter().filter_map(|it| samples(it)).collect()),
            flaw: group[0].flaw.map(word),
        }
    };
    let mut rows: Vec<_> = groups.into_iter().map(row).collect();
    rows.sort_by(|a, b| b.share.total_cmp(&a.share));
    rows
}

fn median<T: PartialOrd + Copy>(mut values: Vec<T>) -> Option<T> {
    values.sort_by(|a, b| a.partial_cmp(b).expect("what is read is a number"));
    values.get(values.len() / 2).copied()
}

/// How many samples the gate had; none where the recording does not say.
fn samples(start: &Start) -> Option<u64> {
    (start.gate.is_some() && start.samples != u64::MAX).then_some(start.samples)
}

/// What else to know: the past's own notes, and what the gates did where there was nothing to read.
fn notes(past: &Past, starts: &[&Start]) -> Vec<String> {
    let mut notes = past.notes.clone();
    let missing: u64 = past.tapes.iter().map(|tape| tape.filled[1]).sum();
    let [gap, nan] = [Flaw::Missing, Flaw::Nan].map(|flaw| {
        let met = |start: &&&Start| start.flaw == Some(flaw);
        starts.iter().filter(met).count()
    });
    if missing > 0 {
        notes.push(format!(
            "{missing} steps have no sample: nothing was filled in, gates that looked there found data \
             `missing` and did what their `on:` says ({gap} decisions)"
        ));
    }
    let spoilt: usize = past
        .metrics
        .iter()
        .map(|metric| metric.history.spoilt.len())
        .sum();
    if spoilt > 0 {
        notes.push(format!(
            "{spoilt} values are no numbers: a look-back that holds one reads `nan`, where n does not say \
             that there was no traffic ({nan} decisions)"
        ));
    }
    notes
}

fn findings(past: &Past, starts: &[&Start]) -> Vec<FindingRow> {
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
        flaw: first.flaw.map(word),
    }
}

/// A start as most of its replications decided it; of equals, as the first did.
fn usual(past: &Past, starts: &[Vec<Start>], number: usize) -> StartRow {
    let all = || starts.iter().map(|starts| &starts[number]);
    let agree = |start: &Start| all().filter(|it| it.decision == start.decision).count() as u64;
    let usual = all().rev().max_by_key(|start| agree(start));
    let usual = usual.expect("there is a replication");
    row(past, usual, agree(usual))
}

fn row(past: &Past, start: &Start, replications: u64) -> StartRow {
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
        flaw: start.flaw.map(word),
        replications,
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

fn played(past: &Past, tape: &RecordedSignal, metric: &SignalMetric) -> PlayedHistory {
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
    let gap = |gap: &scenarios::recorded::RecordingGap| GapRow {
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
