//! What is to be thought of one rollout.

use std::collections::BTreeMap;

use chaos::checker::{self, Finding, Status};
use reports::{InvariantStatus, Verdict};
use scenarios::Verdict as Release;
use sim_core::engine::SimDuration;
use sim_core::{Event, Experiment, Outcome, Run};

use super::blame::{Culprit, let_through_by, stopped_by, waited_for};
use super::case::Case;
use super::exposure::ExposureCurve;
use super::facts::Facts;
use super::onset::{self, Onset, PlayedFigures, Truth};
use super::rate::Rate;

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
    let onset = truth.onset;
    let rates = rates(case, run, &truth, &findings);
    let causes = causes(case, run, &rates);
    let told = ToldRollout {
        case,
        run,
        findings: &findings,
        rates: &rates,
        causes: &causes,
    };
    let mut reasons = told.reasons(onset);
    // The sort is stable: reasons of one verdict stay in the order in which they were found.
    reasons.sort_by_key(|(verdict, _)| std::cmp::Reverse(*verdict));
    let verdict = reasons.first().map_or(Verdict::Pass, |(worst, _)| *worst);
    let met = case.release == Release::Bad && onset == Onset::Met;
    let facts = Facts {
        outcome: run.outcome,
        verdict,
        invariants: findings
            .iter()
            .map(|f| (f.id.to_owned(), status(f.status)))
            .collect(),
        failures: failures(run, &findings, &rates, verdict),
        detection_ms: met.then(|| run.detection.map(millis)),
        rollback_ms: figures.rollback_began.then(|| run.rollback.map(millis)),
        reached_ppm: run.exposure.reached_max.ppm().into(),
        exposed_requests: run.harm.exposed_requests.round() as u64,
        error_millimin: truth.tells().then(|| millimin(run)),
        rates,
        causes,
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

fn rates(case: &Case, run: &Run, truth: &Truth, findings: &[Finding]) -> BTreeMap<Rate, bool> {
    let happened = [
        (Rate::FalseRollback, truth.false_rollback),
        (Rate::StalledRelease, truth.stalled),
        (Rate::MissedRegression, truth.missed),
        (Rate::EndedBeforeRegression, truth.ended_before),
        (Rate::StoppedByChance, truth.by_chance),
        (Rate::StillExposed, truth.still_exposed),
    ];
    let happened = happened.into_iter();
    let mut rates: BTreeMap<_, _> = happened
        .filter_map(|(rate, happened)| Some((rate, happened?)))
        .collect();
    let policy = &case.experiment().policy;
    let mut held = |rate: Rate, id: &str| {
        let status = findings.iter().find(|found| found.id == id);
        match status.map(|found| found.status) {
            Some(Status::Holds) => drop(rates.insert(rate, true)),
            Some(Status::Violated) => drop(rates.insert(rate, false)),
            Some(Status::NotReached) | None => {}
        }
    };
    // One event has one judge: the rate counts what the checker finds.
    if policy.rollback.deadline.is_some() {
        held(Rate::RollbackWithinDeadline, "INV-ROLLBACK");
    }
    if policy.blast_radius.is_some() {
        held(Rate::BlastWithin, "INV-BLAST");
    }
    if let Some(expect) = &case.expect
        && (truth.tells() || expect.outcome == Outcome::Completed)
    {
        // A rollout that was stopped before the regression began was not stopped for it.
        rates.insert(Rate::ExpectedOutcome, run.outcome == expect.outcome);
    }
    rates
}

/// Whether anything was done about the release.
fn acted(run: &Run) -> bool {
    run.history.iter().any(|(_, event)| event.acts())
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

/// Returns what led to something about the truth of the release that went wrong in `run`; none where nothing
/// is known to have.
pub(super) fn culprit(rate: Rate, experiment: &Experiment, run: &Run) -> Option<Culprit> {
    let history = &run.history;
    match rate {
        Rate::FalseRollback | Rate::EndedBeforeRegression | Rate::StoppedByChance => {
            stopped_by(experiment, history)
        }
        Rate::StalledRelease => Some(waited_for(experiment, history)),
        Rate::MissedRegression if run.outcome == Outcome::Completed || !acted(run) => {
            Some(let_through_by(experiment, history))
        }
        // Nobody wishes that it had not been stopped at all.
        Rate::MissedRegression => Some(Culprit {
            enough: String::new(),
            ..stopped_by(experiment, history)?
        }),
        _ => None,
    }
}

/// Whether a rate about the truth of the release went wrong.
fn went_wrong((rate, happened): (&Rate, &bool)) -> bool {
    let truth = [
        Rate::FalseRollback,
        Rate::StalledRelease,
        Rate::MissedRegression,
    ];
    truth.contains(rate) && *happened
}

/// Everything that is known of a rollout when reasons are asked for.
struct ToldRollout<'a> {
    case: &'a Case,
    run: &'a Run,
    findings: &'a [Finding],
    rates: &'a BTreeMap<Rate, bool>,
    causes: &'a [(Rate, Culprit)],
}

impl ToldRollout<'_> {
    fn reasons(&self, onset: Onset) -> Vec<(Verdict, String)> {
        let broken = self.findings.iter();
        let broken = broken.filter(|found| found.status == Status::Violated);
        let broken = broken.map(|found| {
            let why = format!("{} violated: {}", found.id, found.detail);
            (Verdict::Fail, why)
        });
        let silent = self.silent(onset).into_iter();
        let silent = silent.map(|why| (Verdict::Inconclusive, why));
        let missed = self.missed().into_iter().map(|why| (Verdict::Miss, why));
        broken.chain(silent).chain(missed).collect()
    }

    /// What was declared and did not begin, so that the rollout says nothing about it.
    fn silent(&self, onset: Onset) -> Vec<String> {
        let (own, others) = onset::silent(self.case, self.run);
        let mut reasons = Vec::new();
        if onset == Onset::Later {
            let why = "the rollout ended before the regression began".to_owned();
            reasons.push(self.because(Rate::EndedBeforeRegression, why));
        } else if onset == Onset::ByChance {
            let why =
                "something stopped the rollout that the regression does not change".to_owned();
            reasons.push(self.because(Rate::StoppedByChance, why));
        } else if onset == Onset::Unexposed || self.case.release == Release::Good {
            reasons.extend(own.into_iter().map(not_begun));
        }
        reasons.extend(others.into_iter().map(not_begun));
        reasons
    }

    /// What was wanted and did not come true. Where the scenario says how this profile ends, that is
    /// what is wanted of the ending, else the truth about the release is.
    fn missed(&self) -> Vec<String> {
        let ended = spoken(self.run.outcome);
        let unmet = self.rates.iter();
        let unmet = unmet.filter(|(rate, happened)| **happened != rate.is_wanted());
        let why = |(rate, _): (&Rate, &bool)| {
            let why = match (rate, &self.case.expect) {
                (Rate::ExpectedOutcome, Some(expect)) => {
                    let ended = self.run.outcome.word();
                    format!("expected {}, ended {ended}", expect.outcome.word())
                }
                (Rate::FalseRollback | Rate::StalledRelease, None) => {
                    format!("a good release {ended}")
                }
                (Rate::MissedRegression, None) => format!("a bad release {}", self.left()),
                // What the scenario expects comes first, and what an invariant says is said there.
                _ => return None,
            };
            Some(self.because(self.cause_of(*rate), why))
        };
        unmet.filter_map(why).collect()
    }

    /// How a bad release was let through.
    fn left(&self) -> String {
        let exposed = self.rates.get(&Rate::StillExposed) == Some(&true);
        match self.run.outcome {
            Outcome::Completed => spoken(Outcome::Completed).to_owned(),
            outcome if exposed => {
                let ended = spoken(outcome);
                format!("{ended} and users are still on it at the end")
            }
            outcome => spoken(outcome).to_owned(),
        }
    }

    /// The rate whose cause explains this one.
    fn cause_of(&self, rate: Rate) -> Rate {
        let known = |rate: Rate| self.causes.iter().any(|(of, _)| *of == rate);
        if known(rate) {
            return rate;
        }
        let wrong = self.rates.iter().find(|one| went_wrong(*one));
        wrong.map_or(rate, |(rate, _)| *rate)
    }

    /// The reason with what led to it.
    fn because(&self, rate: Rate, why: String) -> String {
        let cause = self.causes.iter().find(|(of, _)| *of == rate);
        match cause {
            Some((_, culprit)) => format!("{why}: {}{}", culprit.sentence, culprit.enough),
            None => why,
        }
    }
}

fn not_begun(id: &str) -> String {
    format!("`{id}` was declared and had not begun when the rollout ended")
}

/// The outcome as a predicate of the release.
const fn spoken(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Completed => "completed",
        Outcome::RolledBack => "was rolled back",
        Outcome::Paused => "was paused to the end",
        Outcome::FellBack => "fell back to an earlier setting",
        Outcome::Killed => "was killed",
        Outcome::Aborted => "was aborted",
        Outcome::Unfinished => "was unfinished at the horizon",
    }
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
