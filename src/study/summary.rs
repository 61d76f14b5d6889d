//! From tallies to the typed result of a study.

use std::collections::BTreeMap;

use reports::{Failure, Inputs, InvariantCounts, ObjectiveRow, Quantities, StudyReport};
use sim_core::engine::Share;
use sim_core::policy::Policy;

use super::case::Case;
use super::exposure::bands;
use super::quantity::{limits, quantities};
use super::rate::Rate;
use super::replicate::Study;
use super::table::{self, causes, told};
use super::tally::Tally;
use super::users::users;

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
    let case = &study.cases[0];
    let each = pool.runs / study.cases.len().max(1) as u64;
    StudyReport {
        scenario: StudyReport::SUITE.to_owned(),
        release: None,
        complete: scenarios.iter().all(|scenario| scenario.complete),
        objectives: deciding(table::of_suite(&study.cases, tallies), each),
        told: told(&pool),
        causes: table::causes_of_suite(&study.cases, tallies),
        left_out: left_out(&study.cases),
        // Scenarios have horizons of their own: their courses cannot be laid over one another.
        exposure: None,
        worst: worst(pairs(), subject),
        scenarios,
        ..frame(study, case, &pool, subject)
    }
}

fn report_of(study: &Study, case: &Case, tally: &Tally, subject: &Subject<'_>) -> StudyReport {
    StudyReport {
        complete: tally.runs == study.runs,
        objectives: deciding(table::of_case(case, tally), tally.runs),
        told: told(tally),
        causes: causes(tally),
        left_out: left_out(std::slice::from_ref(case)),
        worst: worst(std::iter::once((case, tally)), subject),
        ..frame(study, case, tally, subject)
    }
}

/// Says of each objective with how many rollouts of each scenario, of which `each` were played, it would be decided: what
/// counts for it may be some of the scenarios, or some of their rollouts.
fn deciding(mut rows: Vec<ObjectiveRow>, each: u64) -> Vec<ObjectiveRow> {
    for row in &mut rows {
        let share = each as f64 / row.among.max(1) as f64;
        let more = |needed: u64| (needed as f64 * share).ceil() as u64;
        row.decided_at = row
            .runs_needed
            .map(|needed| each.saturating_add(more(needed)));
    }
    rows
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
        completes_at_percent: completes_at(policy).map(|share| f64::from(share.ppm()) / 1e4),
        seed: study.seed,
        runs: tally.runs,
        complete: true,
        partial: None,
        inputs: subject.inputs.clone(),
        gates: reports::gate_rows(policy),
        objectives: Vec::new(),
        told: Vec::new(),
        causes: Vec::new(),
        left_out: BTreeMap::new(),
        outcomes: words(&tally.outcomes, sim_core::Outcome::word),
        verdicts: words(&tally.verdicts, reports::Verdict::word),
        invariants: invariants(tally),
        quantities: Quantities {
            users: users(case, tally),
            ..quantities(tally)
        },
        worst: Vec::new(),
        limits: Some(limits(case, tally)),
        exposure: bands(case.experiment().horizon, &tally.exposure),
        timeline: None,
        hash: hex(tally.hash()),
        blocks: tally.blocks.values().map(|&hash| hex(hash)).collect(),
        scenarios: Vec::new(),
    }
}

/// The share of the fleet that the last stage reaches, where the rest keeps the old version.
fn completes_at(policy: &Policy) -> Option<Share> {
    let last = policy.stages.last()?;
    Some(last.target).filter(|target| *target < Share::ONE)
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
