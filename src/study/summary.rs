//! From tallies to the typed result of a study.

use std::collections::BTreeMap;

use reports::{
    BoundWord, Failure, Inputs, InvariantCounts, ObjectiveRow, ObjectiveStatus, StudyReport,
};

use sim_core::engine::Share;

use super::case::Case;
use super::exposure::bands;
use super::facts::Rate;
use super::objective::{Bound, Status, judge};
use super::quantity::{limits, quantities};
use super::replicate::Study;
use super::tally::{Count, Tally};

/// Whom a result is about.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// What the result was made from.
    pub inputs: &'a Inputs,
    /// Makes the command that plays a rollout again, from the case's name and the replication.
    pub replay: &'a dyn Fn(&str, u64) -> String,
}

/// Returns the result of a study of one case.
///
/// # Panics
///
/// If the study has not exactly one case, or the tally is not its own.
pub fn single(study: &Study, tally: &Tally, subject: &Subject<'_>) -> StudyReport {
    let [case] = &study.cases[..] else {
        panic!("a study of one case")
    };
    report_of(study, case, tally, subject)
}

/// Returns the result of a study of several cases, each with a report of its own inside.
///
/// # Panics
///
/// If there are no cases, or not as many tallies as cases.
pub fn suite(study: &Study, tallies: &[Tally], subject: &Subject<'_>) -> StudyReport {
    assert_eq!(study.cases.len(), tallies.len(), "each case has its tally");
    let pool = pool(tallies);
    let pairs = || study.cases.iter().zip(tallies);
    let scenarios: Vec<_> = pairs()
        .map(|(case, tally)| StudyReport {
            gates: Vec::new(),
            limits: None,
            ..report_of(study, case, tally, subject)
        })
        .collect();
    let mut objectives: Vec<_> = Rate::ALL
        .iter()
        .filter_map(|&rate| pooled(pairs(), rate))
        .collect();
    objectives.extend(scenarios.iter().filter_map(unexpected));
    objectives.extend(broken(&pool));
    let case = &study.cases[0];
    StudyReport {
        scenario: StudyReport::SUITE.to_owned(),
        release: None,
        complete: scenarios.iter().all(|scenario| scenario.complete),
        objectives,
        left_out: left_out(&study.cases),
        // Scenarios have horizons of their own: their courses cannot be laid over one another.
        exposure: None,
        worst: worst(pairs(), subject),
        scenarios,
        ..frame(study, case, &pool, subject)
    }
}

fn report_of(study: &Study, case: &Case, tally: &Tally, subject: &Subject<'_>) -> StudyReport {
    let limited = |&rate: &Rate| {
        let (bound, limit) = case.limit(rate)?;
        row(rate.word(), *tally.rates.get(&rate)?, bound, limit.as_f64())
    };
    let mut objectives: Vec<_> = Rate::ALL.iter().filter_map(limited).collect();
    objectives.extend(broken(tally));
    StudyReport {
        complete: tally.runs == study.runs,
        objectives,
        worst: worst(std::iter::once((case, tally)), subject),
        ..frame(study, case, tally, subject)
    }
}

/// Everything that is the same for one case and for a suite.
fn frame(study: &Study, case: &Case, tally: &Tally, subject: &Subject<'_>) -> StudyReport {
    let policy = &case.experiment().policy;
    StudyReport {
        schema: StudyReport::SCHEMA.to_owned(),
        version: StudyReport::VERSION,
        policy: policy.name.clone(),
        profile: super::profile_word(policy.profile).to_owned(),
        scenario: case.name.clone(),
        release: Some(case.kind()),
        seed: study.seed,
        runs: tally.runs,
        complete: true,
        inputs: subject.inputs.clone(),
        gates: reports::gate_rows(policy),
        objectives: Vec::new(),
        left_out: BTreeMap::new(),
        outcomes: words(&tally.outcomes, sim_core::Outcome::word),
        verdicts: words(&tally.verdicts, reports::Verdict::word),
        invariants: invariants(tally),
        quantities: quantities(tally),
        worst: Vec::new(),
        limits: Some(limits(case, tally)),
        exposure: bands(case, tally),
        timeline: None,
        hash: hex(tally.hash()),
        blocks: tally.blocks.values().map(|&hash| hex(hash)).collect(),
        scenarios: Vec::new(),
    }
}

/// One row for a rate over all cases that limit it and count for it, held against the strictest limit.
fn pooled<'a>(
    pairs: impl Iterator<Item = (&'a Case, &'a Tally)>,
    rate: Rate,
) -> Option<ObjectiveRow> {
    let limited = pairs.filter(|(case, _)| case.counts_for(rate));
    let limited =
        limited.filter_map(|(case, tally)| Some((case.limit(rate)?, tally.rates.get(&rate)?)));
    let (mut strictest, mut all) = (None::<(BoundWord, Share)>, Count::default());
    for ((bound, limit), count) in limited {
        strictest = Some(strictest.map_or((bound, limit), |(_, known)| match bound {
            BoundWord::AtMost => (bound, known.min(limit)),
            BoundWord::AtLeast => (bound, known.max(limit)),
        }));
        all.events += count.events;
        all.among += count.among;
    }
    let (bound, limit) = strictest?;
    row(rate.word(), all, bound, limit.as_f64())
}

/// The cases that a rate over all of them does not count although they limit it, by the rate.
fn left_out(cases: &[Case]) -> BTreeMap<String, Vec<String>> {
    let apart = |rate: Rate| {
        let apart = cases
            .iter()
            .filter(|case| case.limit(rate).is_some() && !case.counts_for(rate));
        apart.map(|case| case.name.clone()).collect::<Vec<_>>()
    };
    let rates = Rate::ALL
        .into_iter()
        .filter(|rate| *rate != Rate::ExpectedOutcome);
    rates
        .map(|rate| (rate.word().to_owned(), apart(rate)))
        .filter(|(_, names)| !names.is_empty())
        .collect()
}

/// The expectation of a scenario, where it is missed.
fn unexpected(scenario: &StudyReport) -> Option<ObjectiveRow> {
    let word = Rate::ExpectedOutcome.word();
    let missed = |row: &&ObjectiveRow| row.id == word && row.status == ObjectiveStatus::Miss;
    let row = scenario.objectives.iter().find(missed)?.clone();
    Some(ObjectiveRow {
        id: format!("{word}/{}", scenario.scenario),
        ..row
    })
}

/// A row for each promise that was broken; the limit is never.
fn broken(tally: &Tally) -> Vec<ObjectiveRow> {
    let broken = tally
        .invariants
        .iter()
        .filter(|(_, promise)| promise.violated > 0);
    let row = |(id, promise): (&String, &super::Promise)| {
        let among = promise.holds + promise.violated;
        row(
            id,
            Count {
                events: promise.violated,
                among,
            },
            BoundWord::AtMost,
            0.0,
        )
    };
    broken.filter_map(row).collect()
}

/// A judged objective; nothing where no rollout came to where it matters.
fn row(id: &str, count: Count, bound: BoundWord, limit: f64) -> Option<ObjectiveRow> {
    let Count { events, among } = count;
    let side = match bound {
        BoundWord::AtMost => Bound::AtMost,
        BoundWord::AtLeast => Bound::AtLeast,
    };
    let judged = judge(events, among, side, limit);
    let status = match judged.status {
        Status::Ok => ObjectiveStatus::Ok,
        Status::Undecided => ObjectiveStatus::Undecided,
        Status::Miss => ObjectiveStatus::Miss,
    };
    (among > 0).then(|| ObjectiveRow {
        id: id.to_owned(),
        value: judged.value,
        low: judged.interval.low,
        high: judged.interval.high,
        limit,
        bound,
        status,
        runs_needed: judged.runs_needed,
        events,
        among,
    })
}

/// Adds the tallies of several cases; their blocks follow one another.
fn pool(tallies: &[Tally]) -> Tally {
    let mut pool = Tally::default();
    for tally in tallies {
        let mut shifted = tally.clone();
        let first = pool
            .blocks
            .last_key_value()
            .map_or(0, |(&last, _)| last + 1);
        shifted.blocks = tally
            .blocks
            .iter()
            .map(|(&block, &hash)| (first + block, hash))
            .collect();
        pool.merge(&shifted);
    }
    pool
}

/// For each kind of failure the worst rollout over all cases.
fn worst<'a>(
    pairs: impl Iterator<Item = (&'a Case, &'a Tally)>,
    subject: &Subject<'_>,
) -> Vec<Failure> {
    let mut worst: BTreeMap<&str, ((u64, u64), Failure)> = BTreeMap::new();
    for (case, tally) in pairs {
        for (kind, failures) in &tally.failures {
            // Among equally severe ones the scenario that fails most often is shown.
            let rank = (failures.severity, failures.count);
            if worst
                .get(kind.as_str())
                .is_none_or(|(known, _)| rank > *known)
            {
                let failure = Failure {
                    kind: kind.clone(),
                    scenario: case.name.clone(),
                    count: failures.count,
                    replication: failures.replication,
                    replay: (subject.replay)(&case.name, failures.replication),
                };
                worst.insert(kind, (rank, failure));
            }
        }
    }
    worst.into_values().map(|(_, failure)| failure).collect()
}

fn invariants(tally: &Tally) -> Vec<InvariantCounts> {
    let row = |(id, promise): (&String, &super::Promise)| InvariantCounts {
        id: id.clone(),
        holds: promise.holds,
        violated: promise.violated,
        not_reached: promise.not_reached,
    };
    tally.invariants.iter().map(row).collect()
}

fn words<K: Copy>(
    counts: &BTreeMap<K, u64>,
    word: impl Fn(K) -> &'static str,
) -> BTreeMap<String, u64> {
    counts
        .iter()
        .map(|(&key, &count)| (word(key).to_owned(), count))
        .collect()
}

/// Returns a hash as reports write it.
pub fn hex(hash: u64) -> String {
    format!("{hash:016x}")
}
