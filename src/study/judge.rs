//! What is to be thought of one rollout.

use std::collections::BTreeMap;

use chaos::checker;
use chaos::checker::{Finding, Status};
use reports::{InvariantStatus, Verdict};
use scenarios::Verdict as Release;
use sim_core::engine::SimDuration;
use sim_core::policy::Policy;
use sim_core::{Event, Outcome, Run};

use super::blame::stopped_by;
use super::case::Case;
use super::causes::Culprit;
use super::exposure::ExposureCurve;
use super::facts::Facts;
use super::onset::{Onset, PlayedFigures, Truth};
use super::rate::Rate;
use super::told::{ToldRollout, culprit, went_wrong};

/// A judged rollout.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// What the rollout contributes to a study.
    pub facts: Facts,
    /// How the safety promises fared.
    pub findings: Vec<Finding>,
    /// Why the verdict is no better, from the worst reason on.
    pub reasons: Vec<String>,
}

/// Judges a rollout of `case`.
pub fn judge(case: &Case, run: &Run) -> Judgement {
    let findings = checker::check(case.experiment(), run);
    let figures = run.figures();
    let played = PlayedFigures {
        release: case.release,
        experiment: case.experiment(),
        policy: &case.experiment().policy,
        figures: &figures,
    };
    let truth = played.truth(case.expect.as_ref().map(|expect| expect.outcome));
    let rates = rates(case, run, truth, &findings);
    let causes = causes(case, run, &rates);
    let told = ToldRollout {
        case,
        run,
        findings: &findings,
        rates: &rates,
        causes: &causes,
    };
    let mut reasons = told.reasons(truth.onset);
    // The sort is stable: reasons of one verdict stay in the order in which they were found.
    reasons.sort_by_key(|(verdict, _)| std::cmp::Reverse(*verdict));
    let verdict = reasons.first().map_or(Verdict::Pass, |(worst, _)| *worst);
    let facts = Facts {
        verdict,
        failures: failures(run, &findings, &rates, verdict),
        rollback_ms: figures.rollback_began.then(|| run.rollback.map(millis)),
        rates,
        causes,
        ..facts(case, run, &findings, truth)
    };
    Judgement {
        facts,
        findings,
        reasons: reasons.into_iter().map(|(_, why)| why).collect(),
    }
}

/// What a rollout contributes whatever is thought of it; the rest is empty.
fn facts(case: &Case, run: &Run, findings: &[Finding], truth: Truth) -> Facts {
    let met = case.release == Release::Bad && truth.onset == Onset::Met;
    let invariants = findings.iter();
    Facts {
        outcome: run.outcome,
        verdict: Verdict::Pass,
        invariants: invariants
            .map(|f| (f.id.to_owned(), status(f.status)))
            .collect(),
        failures: BTreeMap::new(),
        detection_ms: met.then(|| run.detection.map(millis)),
        rollback_ms: None,
        reached_ppm: run.exposure.reached_max.ppm().into(),
        exposed_requests: run.harm.exposed_requests.round() as u64,
        error_millimin: truth.tells().then(|| millimin(run)),
        hurt_ppb: hurt(run),
        rates: BTreeMap::new(),
        causes: Vec::new(),
        exposure: course(case, run),
        hash: run.history.hash(),
    }
}

/// What was reached and when, over the time that is simulated at most.
fn course(case: &Case, run: &Run) -> ExposureCurve {
    let reached = run.history.iter().filter_map(|(at, event)| match event {
        Event::Exposure { reached } => Some((at.as_nanos(), reached.ppm().into())),
        _ => None,
    });
    ExposureCurve::of(case.experiment().horizon.as_nanos(), reached)
}

/// Returns a promise's status in the words of reports.
pub const fn status(status: Status) -> InvariantStatus {
    match status {
        Status::Holds => InvariantStatus::Holds,
        Status::NotReached => InvariantStatus::NotReached,
        Status::Violated => InvariantStatus::Violated,
    }
}

fn rates(case: &Case, run: &Run, truth: Truth, findings: &[Finding]) -> BTreeMap<Rate, bool> {
    let happened = [
        (Rate::FalseRollback, truth.false_rollback),
        (Rate::StalledRelease, truth.stalled),
        (Rate::MissedRegression, truth.missed),
        (Rate::EndedBeforeRegression, truth.ended_before),
        (Rate::StoppedByChance, truth.by_chance),
        (Rate::StillExposed, truth.still_exposed),
    ];
    let happened = happened.into_iter();
    let happened = happened.filter_map(|(rate, happened)| Some((rate, happened?)));
    let mut rates: BTreeMap<_, _> = happened.collect();
    let policy = &case.experiment().policy;
    rates.extend(held(policy, findings));
    if let Some(expect) = &case.expect
        && (truth.tells() || expect.outcome == Outcome::Completed)
    {
        // A rollout that was stopped before the regression began was not stopped for it.
        rates.insert(Rate::ExpectedOutcome, run.outcome == expect.outcome);
    }
    rates
}

/// What the checkers found of the rates that they judge: one event has one judge.
fn held(policy: &Policy, findings: &[Finding]) -> BTreeMap<Rate, bool> {
    let deadline = policy
        .rollback
        .deadline
        .map(|_| (Rate::RollbackWithinDeadline, "INV-ROLLBACK"));
    let radius = policy
        .blast_radius
        .map(|_| (Rate::BlastWithin, "INV-BLAST"));
    let judged = deadline.into_iter().chain(radius).filter_map(|(rate, id)| {
        let found = findings.iter().find(|found| found.id == id)?;
        match found.status {
            Status::Holds => Some((rate, true)),
            Status::Violated => Some((rate, false)),
            Status::NotReached => None,
        }
    });
    judged.collect()
}

/// The rates that went wrong and have a cause in the history.
fn causes(case: &Case, run: &Run, rates: &BTreeMap<Rate, bool>) -> Vec<(Rate, Culprit)> {
    let found = |(rate, happened): (&Rate, &bool)| {
        if *happened == rate.is_wanted() {
            return None;
        }
        let culprit = match rate {
            Rate::ExpectedOutcome if !rates.iter().any(went_wrong) => {
                stopped_by(case.experiment(), &run.history)?
            }
            _ => culprit(*rate, case.experiment(), run)?,
        };
        Some((*rate, culprit))
    };
    rates.iter().filter_map(found).collect()
}

/// The kinds of failure with their severity, by which the worst rollout of a kind is found.
fn failures(
    run: &Run,
    findings: &[Finding],
    rates: &BTreeMap<Rate, bool>,
    verdict: Verdict,
) -> BTreeMap<String, u64> {
    let severity = |rate: Rate| match rate {
        Rate::MissedRegression => millimin(run),
        // A rollback that never ends is worse than any that does.
        Rate::RollbackWithinDeadline => run.rollback.map_or(u64::MAX, millis),
        Rate::FalseRollback | Rate::StalledRelease | Rate::BlastWithin => {
            run.exposure.reached_max.ppm().into()
        }
        Rate::ExpectedOutcome
        | Rate::EndedBeforeRegression
        | Rate::StoppedByChance
        | Rate::StillExposed => 0,
    };
    let unmet = rates
        .iter()
        .filter(|(rate, happened)| **happened != rate.is_wanted() && !rate.is_told());
    let unmet = unmet.map(|(rate, _)| (rate.word().to_owned(), severity(*rate)));
    let broken = findings.iter().filter_map(overrun);
    let untested = (verdict == Verdict::Inconclusive).then(|| ("inconclusive".to_owned(), 0));
    unmet.chain(broken).chain(untested).collect()
}

/// An invariant that is violated, and by how much.
fn overrun(found: &Finding) -> Option<(String, u64)> {
    let overrun = found.slack.map_or(0.0, |slack| -slack);
    (found.status == Status::Violated).then(|| (found.id.to_owned(), (overrun * 1e6) as u64))
}

const fn millis(time: SimDuration) -> u64 {
    time.as_nanos() / 1_000_000
}

fn hurt(run: &Run) -> Vec<u64> {
    let shares = run.harm.hurt.iter().flatten();
    shares.map(|share| (share * 1e9).round() as u64).collect()
}

fn millimin(run: &Run) -> u64 {
    (run.harm.exposed_error_minutes * 1000.0).round() as u64
}
