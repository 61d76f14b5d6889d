//! What is to be thought of one rollout.

use std::collections::BTreeMap;

use chaos::checker::{self, Finding, Status};
use reports::{InvariantStatus, Verdict};
use scenarios::Verdict as Release;
use sim_core::effect::Effect;
use sim_core::engine::SimDuration;
use sim_core::{Event, Outcome, Run};

use super::case::Case;
use super::exposure::Course;
use super::facts::{Facts, Rate};

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
    let rates = rates(case, run);
    let mut reasons = reasons(case, run, &findings, &rates);
    // The sort is stable: reasons of one verdict stay in the order in which they were found.
    reasons.sort_by_key(|(verdict, _)| std::cmp::Reverse(*verdict));
    let clean = if case.wants {
        Verdict::Pass
    } else {
        Verdict::Characterised
    };
    let verdict = reasons.first().map_or(clean, |(worst, _)| *worst);
    let facts = Facts {
        outcome: run.outcome,
        verdict,
        invariants: findings
            .iter()
            .map(|f| (f.id.to_owned(), status(f.status)))
            .collect(),
        failures: failures(run, &findings, &rates, verdict),
        rates,
        detection_ms: (case.release == Release::Bad && run.exposure.reached_max.ppm() > 0)
            .then(|| run.detection.map(millis)),
        rollback_ms: began(run).then(|| run.rollback.map(millis)),
        reached_ppm: run.exposure.reached_max.ppm().into(),
        exposed_requests: run.harm.exposed_requests.round() as u64,
        error_millimin: millimin(run),
        exposure: course(case, run),
        hash: run.history.hash(),
    };
    Judgement {
        facts,
        findings,
        reasons: reasons.into_iter().map(|(_, why)| why).collect(),
    }
}

/// What was reached and when, over the time that is simulated at most.
fn course(case: &Case, run: &Run) -> Course {
    let reached = run.history.iter().filter_map(|(at, event)| match event {
        Event::Exposure { reached } => Some((at.as_nanos(), reached.ppm().into())),
        _ => None,
    });
    Course::of(case.experiment().horizon.as_nanos(), reached)
}

/// Returns a promise's status in the words of reports.
pub const fn status(status: Status) -> InvariantStatus {
    match status {
        Status::Holds => InvariantStatus::Holds,
        Status::NotReached => InvariantStatus::NotReached,
        Status::Violated => InvariantStatus::Violated,
    }
}

fn rates(case: &Case, run: &Run) -> BTreeMap<Rate, bool> {
    let policy = &case.experiment().policy;
    let completed = run.outcome == Outcome::Completed;
    let ignored = run.outcome == Outcome::Unfinished && !acted(run);
    let mut rates = BTreeMap::new();
    match case.release {
        Release::Good => {
            let stalled = matches!(run.outcome, Outcome::Paused | Outcome::Unfinished);
            rates.insert(Rate::StalledRelease, stalled);
            rates.insert(Rate::FalseRollback, !completed && !stalled)
        }
        Release::Bad => rates.insert(Rate::MissedRegression, completed || ignored),
    };
    if let Some(deadline) = policy.rollback.deadline.filter(|_| began(run)) {
        let within = run.rollback.is_some_and(|took| took <= deadline);
        rates.insert(Rate::RollbackWithinDeadline, within);
    }
    if let Some(blast) = policy.blast_radius {
        rates.insert(Rate::BlastWithin, run.exposure.reached_max <= blast.max);
    }
    if let Some(expect) = &case.expect {
        rates.insert(Rate::ExpectedOutcome, run.outcome == expect.outcome);
    }
    rates
}

/// Whether anything was done about the release.
fn acted(run: &Run) -> bool {
    run.history.iter().any(|(_, event)| event.acts())
}

fn began(run: &Run) -> bool {
    run.history
        .iter()
        .any(|(_, event)| *event == Event::RollbackBegan)
}

fn reasons(
    case: &Case,
    run: &Run,
    findings: &[Finding],
    rates: &BTreeMap<Rate, bool>,
) -> Vec<(Verdict, String)> {
    let broken = findings
        .iter()
        .filter(|found| found.status == Status::Violated);
    let broken = broken.map(|found| {
        (
            Verdict::Fail,
            format!("{} violated: {}", found.id, found.detail),
        )
    });
    let silent = silent_effects(case, run).into_iter();
    let silent = silent.map(|id| {
        (
            Verdict::Inconclusive,
            format!("{id} was declared and never showed"),
        )
    });
    let missed = if case.wants {
        missed(case, run, rates)
    } else {
        Vec::new()
    };
    let missed = missed.into_iter().map(|why| (Verdict::Miss, why));
    let stuck = stuck(case, run, findings).into_iter();
    let stuck = stuck.map(|why| (Verdict::Miss, why));
    broken.chain(silent).chain(missed).chain(stuck).collect()
}

/// The effects of some strength that never showed.
fn silent_effects<'a>(case: &'a Case, run: &Run) -> Vec<&'a str> {
    let experiment = case.experiment();
    let declared = experiment
        .release
        .iter()
        .chain(&experiment.faults)
        .enumerate();
    let showed = |at: usize, effect: &Effect| {
        run.history.iter().any(|(_, event)| match event {
            Event::EffectBegan { effect: index } if !effect.confirm => usize::from(*index) == at,
            Event::EffectShowed { effect: index } => usize::from(*index) == at,
            _ => false,
        })
    };
    declared
        .filter(|(at, effect)| !effect.is_inert() && !showed(*at, effect))
        .map(|(_, effect)| effect.id.as_str())
        .collect()
}

/// An answer that never came, unless the scenario says that the rollout ends so: nobody finishes such a rollout.
fn stuck(case: &Case, run: &Run, findings: &[Finding]) -> Option<String> {
    let expected = case.expect.as_ref();
    if case.wants || expected.is_some_and(|expect| expect.outcome == run.outcome) {
        return None;
    }
    let found = findings.iter().find(|found| found.id == "INV-LIVE")?;
    found
        .detail
        .starts_with("stuck:")
        .then(|| found.detail.clone())
}

/// What was wanted and did not come true. Where the scenario says how this profile ends, that is
/// what is wanted of the ending, else the truth about the release is.
fn missed(case: &Case, run: &Run, rates: &BTreeMap<Rate, bool>) -> Vec<String> {
    let ended = run.outcome.word();
    let truth = [
        Rate::FalseRollback,
        Rate::StalledRelease,
        Rate::MissedRegression,
    ];
    let unmet = rates
        .iter()
        .filter(|(rate, happened)| **happened != rate.is_wanted());
    let unmet = unmet.filter(|(rate, _)| case.expect.is_none() || !truth.contains(rate));
    let why = |rate: &Rate| match (rate, &case.expect) {
        (Rate::ExpectedOutcome, Some(expect)) => {
            format!(
                "expected {}, ended {ended}: {}",
                expect.outcome.word(),
                expect.why
            )
        }
        (Rate::FalseRollback | Rate::StalledRelease, _) => {
            format!("the release is good and ended {ended}")
        }
        (Rate::MissedRegression, _) => format!("the release is bad and ended {ended}"),
        _ => format!("{} is not met", rate.word()),
    };
    unmet.map(|(rate, _)| why(rate)).collect()
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
        Rate::ExpectedOutcome => 0,
    };
    let unmet = rates
        .iter()
        .filter(|(rate, happened)| **happened != rate.is_wanted());
    let unmet = unmet.map(|(rate, _)| (rate.word().to_owned(), severity(*rate)));
    let broken = findings
        .iter()
        .filter(|found| found.status == Status::Violated);
    let broken = broken.map(|found| {
        let overrun = found.slack.map_or(0.0, |slack| -slack);
        (found.id.to_owned(), (overrun * 1e6) as u64)
    });
    let untested = (verdict == Verdict::Inconclusive).then(|| ("inconclusive".to_owned(), 0));
    unmet.chain(broken).chain(untested).collect()
}

const fn millis(time: SimDuration) -> u64 {
    time.as_nanos() / 1_000_000
}

fn millimin(run: &Run) -> u64 {
    (run.harm.exposed_error_minutes * 1000.0).round() as u64
}
