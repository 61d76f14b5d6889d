//! From starts to the typed result.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;

use reports::{BacktestReport, CauseRow, DecisionRow, GapRow, GateUnit, Inputs, PlayedHistory};
use scenarios::recorded::Timestamp;
use sim_core::policy::gate::{Flaw, Gate, Limit, MeasureUnit};

use super::finding_rows::{findings, gate, samples, usual};
use super::past::Past;
use super::recorded_signal::{RecordedSignal, SignalMetric};
use super::starts::Start;
use crate::study::interval::clopper_pearson;
use crate::study::{on_threads, profile_word};

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
    let numbers = 0..starts[0].len();
    let (notes, complete) = notes_of_all(past, &all);
    Ok(Some(BacktestReport {
        schema: BacktestReport::SCHEMA.to_owned(),
        version: BacktestReport::VERSION,
        policy: policy.name.clone(),
        profile: profile_word(policy.profile).to_owned(),
        inputs,
        histories: histories(past),
        units: policy.gates.iter().map(unit).collect(),
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
        events: numbers.map(|number| usual(past, &starts, number)).collect(),
    }))
}

/// The notes, and whether all starts were played.
fn notes_of_all(past: &Past, all: &[&Start]) -> (Vec<String>, bool) {
    let mut notes = notes(past, all);
    let complete = all.len() as u64 == past.plays();
    if !complete {
        let (done, plays) = (all.len(), past.plays());
        notes.push(format!("interrupted: {done} of {plays} starts were played"));
    }
    (notes, complete)
}

fn histories(past: &Past) -> Vec<PlayedHistory> {
    let recorded = past.tapes.iter().zip(&past.metrics);
    recorded
        .map(|(tape, metric)| played(past, tape, metric))
        .collect()
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
    let all = starts.iter().flatten();
    let words: BTreeSet<&str> = all.map(|start| start.decision).collect();
    let windows = mean(apart.iter().map(Vec::len));
    let row = |decision: &str| {
        let is = |start: &&Start| start.decision == decision;
        let of = |starts: &Vec<Start>| starts.iter().filter(is).count();
        let counts: Vec<usize> = starts.iter().map(of).collect();
        let met = |starts: &Vec<&Start>| starts.iter().filter(|it| is(it)).count();
        let met = mean(apart.iter().map(met));
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
            flaw: group[0].flaw.map(|flaw| flaw.key().to_owned()),
        }
    };
    let mut rows: Vec<_> = groups.into_iter().map(row).collect();
    rows.sort_by(|a, b| b.share.total_cmp(&a.share));
    rows
}

/// What the numbers of a gate are, with its name.
fn unit(gate: &Gate) -> (String, GateUnit) {
    let unit = match gate.measure.unit() {
        MeasureUnit::Share => GateUnit::Share,
        MeasureUnit::Milliseconds => GateUnit::Milliseconds,
        MeasureUnit::PerHostHour | MeasureUnit::Number => GateUnit::Number,
    };
    (gate.id.clone(), unit)
}

fn median<T: PartialOrd + Copy>(mut values: Vec<T>) -> Option<T> {
    values.sort_by(|a, b| a.partial_cmp(b).expect("what is read is a number"));
    values.get(values.len() / 2).copied()
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
