//! What is to be thought of a study, and where to look first.

use crate::common::badge::{Badge, Tint, Worst};
use crate::common::escape::escape;
use crate::common::figure::percent;
use crate::common::label::{label, shown};
use crate::result::{Failure, ObjectiveStatus, PartialShare, StudyReport, Verdict, invariant_of};

/// The worst that may be said of the study; the exit code of the command says the same.
pub fn study_badge(report: &StudyReport) -> Badge {
    if let Some(share) = report.partial {
        return partial(report, share);
    }
    let statuses = report.objectives.iter().map(|row| row.status);
    let count = |wanted| statuses.clone().filter(|status| *status == wanted).count();
    let missed = count(ObjectiveStatus::Miss);
    let of = report.objectives.len() - count(ObjectiveStatus::Untested);
    let (word, why, tint) = worst_word(report, missed, of);
    let incomplete = if report.complete {
        ""
    } else {
        " (interrupted)"
    };
    Badge {
        word: word.to_owned(),
        why: why + &completion(report) + incomplete,
        tint,
    }
}

/// The worst word that is true, and why: what is broken and missed before what is open.
fn worst_word(report: &StudyReport, missed: usize, of: usize) -> (&'static str, String, Tint) {
    let statuses = report.objectives.iter().map(|row| row.status);
    let count = |wanted| statuses.clone().filter(|status| *status == wanted).count();
    let (open, vacuous) = (
        count(ObjectiveStatus::Undecided),
        count(ObjectiveStatus::Vacuous),
    );
    let seen = |verdict: Verdict| report.verdicts.get(verdict.word()).copied().unwrap_or(0);
    let broken = broken_beyond(report);
    let (verdict, why) = if !broken.is_empty() {
        let names = broken.join(", ");
        (
            Verdict::Fail,
            format!("{names} broken; {missed} of {of} objectives missed"),
        )
    } else if missed > 0 {
        (Verdict::Miss, format!("{missed} of {of} objectives missed"))
    } else if seen(Verdict::Inconclusive) == report.runs {
        (
            Verdict::Inconclusive,
            "no rollout met what the scenario declares".to_owned(),
        )
    } else if open > 0 {
        (
            Verdict::Inconclusive,
            format!("{open} of {of} objectives undecided"),
        )
    } else if vacuous > 0 {
        let why = format!("{vacuous} of {of} objectives have a limit that cannot be missed");
        (Verdict::Inconclusive, why)
    } else if of == 0 {
        let why = "no objectives: this shows what happens".to_owned();
        return ("MEASURED", why, Tint::Plain);
    } else {
        (
            Verdict::Pass,
            format!("all {of} objectives met{}", within_limit(report)),
        )
    };
    let tint = match verdict {
        Verdict::Pass => Tint::Good,
        Verdict::Inconclusive => Tint::Doubt,
        _ => Tint::Bad,
    };
    (verdict.word(), why, tint)
}

/// What some of the shards say is no verdict.
fn partial(report: &StudyReport, share: PartialShare) -> Badge {
    let PartialShare { shards, of, runs } = share;
    let finished = percent(report.runs as f64 / runs.max(1) as f64);
    Badge {
        word: "PARTIAL".to_owned(),
        why: format!("{shards} of {of} shards, {finished} of the {runs} rollouts; no verdict"),
        tint: Tint::Plain,
    }
}

/// What `completed` means where the last stage is a part of the fleet.
pub(crate) fn completion(report: &StudyReport) -> String {
    let completed = report
        .outcomes
        .get("completed")
        .is_some_and(|runs| *runs > 0);
    let at = report.completes_at_percent.filter(|_| completed);
    at.map_or(String::new(), |at| {
        format!("; completed at {} of the fleet", percent(at / 100.0))
    })
}

/// The invariants that are broken more often than may be. Two of them are counted by a rate.
fn broken_beyond(report: &StudyReport) -> Vec<&str> {
    let missed = report.objectives.iter();
    let missed = missed.filter(|row| row.status == ObjectiveStatus::Miss);
    let broken = |id: &&str| {
        let mut rows = report.invariants.iter();
        rows.any(|row| row.id == *id && row.violated > 0)
    };
    missed
        .map(|row| invariant_of(&row.id).unwrap_or(&row.id))
        .filter(broken)
        .collect()
}

/// The invariants that were broken no more often than may be.
fn within_limit(report: &StudyReport) -> String {
    let broken = report.invariants.iter().filter(|row| row.violated > 0);
    let broken: Vec<_> = broken
        .map(|row| format!("{} in {} of {}", label(&row.id), row.violated, report.runs))
        .collect();
    if broken.is_empty() {
        String::new()
    } else {
        format!("; broken within the limit: {}", broken.join(", "))
    }
}

/// In which order failures are looked at: promises first, then what harms users, then what costs time.
const ORDER: [&str; 7] = [
    "INV-",
    "missed_regression",
    "rollback_within_deadline",
    "blast_within",
    "false_rollback",
    "stalled_release",
    "expected_outcome",
];

impl StudyReport {
    /// How much a failure decides: 0 where its objective is missed, 1 where that is undecided, 2 where it is met all the
    /// same, or where there is none.
    fn decides(&self, failure: &Failure) -> u8 {
        let own = |id: &str| {
            let scenario = id.strip_prefix("expected_outcome/");
            id == failure.kind
                || invariant_of(id) == Some(&failure.kind)
                || failure.kind == "expected_outcome" && scenario == Some(&failure.scenario)
        };
        let rows = self.objectives.iter().filter(|row| own(&row.id));
        let place = rows.map(|row| match row.status {
            ObjectiveStatus::Miss => 0,
            ObjectiveStatus::Undecided => 1,
            _ => 2,
        });
        place.min().unwrap_or(2)
    }

    /// Returns the failure to look at first: one that decides the verdict, and of these a broken promise before a missed
    /// regression, that before a late rollback, and so on; among several promises the one that is broken most often.
    pub fn worst_case(&self) -> Option<&Failure> {
        let place = |kind: &str| ORDER.iter().position(|word| kind.starts_with(word));
        let rank = |failure: &&Failure| {
            let place = place(&failure.kind).unwrap_or(ORDER.len());
            (self.decides(failure), place, u64::MAX - failure.count)
        };
        self.worst.iter().min_by_key(rank)
    }
}

/// Returns where to look first: the worst failure in a sentence, and the command that plays it again.
pub fn study_worst(report: &StudyReport) -> Option<Worst> {
    let failure = report.worst_case()?;
    let what = failed_how(&failure.kind);
    let plural = if failure.count == 1 { "" } else { "s" };
    let mut sentence = format!(
        "In {} rollout{plural} of {} {what}; the worst is replication {}.",
        failure.count,
        label(&failure.scenario),
        failure.replication
    );
    let reason = reason(report, failure);
    if let Some(reason) = reason {
        sentence += &format!(" There: {}.", shown(reason).trim_end_matches('.'));
    }
    Some(Worst {
        sentence,
        command: escape(&failure.replay).into_owned(),
    })
}

fn failed_how(kind: &str) -> String {
    match kind {
        "missed_regression" => "users were left on a bad release (missed regression)".to_owned(),
        "rollback_within_deadline" => "the rollback took longer than its deadline".to_owned(),
        "blast_within" => "more was exposed than the blast radius allows".to_owned(),
        "false_rollback" => "a good release was rolled back".to_owned(),
        "stalled_release" => "a good release was stuck".to_owned(),
        "expected_outcome" => "the rollout did not end as expected".to_owned(),
        "inconclusive" => "what was declared never showed".to_owned(),
        promise => format!("{} was broken", label(promise)),
    }
}

/// Why the worst rollout failed, where the report tells it.
fn reason<'r>(report: &'r StudyReport, failure: &Failure) -> Option<&'r String> {
    let told = report.timeline.as_ref().filter(|timeline| {
        timeline.scenario == failure.scenario && timeline.replication == failure.replication
    });
    let of_kind = |reason: &&String| {
        if failure.kind.starts_with("INV-") {
            reason.starts_with(&failure.kind)
        } else {
            !reason.starts_with("INV-")
        }
    };
    told.and_then(|timeline| {
        let mut reasons = timeline.reasons.iter();
        reasons.find(of_kind).or(timeline.reasons.first())
    })
}
