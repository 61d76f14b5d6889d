//! Why a rollout is judged as it is, in sentences.

use std::collections::BTreeMap;

use chaos::checker::{Finding, Status};
use reports::Verdict;
use scenarios::Verdict as Release;
use sim_core::{Experiment, Outcome, Run};

use super::blame::{let_through_by, stopped_by, waited_for};
use super::case::Case;
use super::causes::Culprit;
use super::onset;
use super::onset::Onset;
use super::rate::Rate;

/// Whether anything was done about the release.
fn acted(run: &Run) -> bool {
    run.history.iter().any(|(_, event)| event.acts())
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
pub(super) fn went_wrong((rate, happened): (&Rate, &bool)) -> bool {
    let truth = [
        Rate::FalseRollback,
        Rate::StalledRelease,
        Rate::MissedRegression,
    ];
    truth.contains(rate) && *happened
}

/// Everything that is known of a rollout when reasons are asked for.
pub(super) struct ToldRollout<'a> {
    pub case: &'a Case,
    pub run: &'a Run,
    pub findings: &'a [Finding],
    pub rates: &'a BTreeMap<Rate, bool>,
    pub causes: &'a [(Rate, Culprit)],
}

impl ToldRollout<'_> {
    pub fn reasons(&self, onset: Onset) -> Vec<(Verdict, String)> {
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
    pub fn silent(&self, onset: Onset) -> Vec<String> {
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
    pub fn missed(&self) -> Vec<String> {
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
    pub fn left(&self) -> String {
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
    pub fn cause_of(&self, rate: Rate) -> Rate {
        let known = |rate: Rate| self.causes.iter().any(|(of, _)| *of == rate);
        if known(rate) {
            return rate;
        }
        let wrong = self.rates.iter().find(|one| went_wrong(*one));
        wrong.map_or(rate, |(rate, _)| *rate)
    }

    /// The reason with what led to it.
    pub fn because(&self, rate: Rate, why: String) -> String {
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
