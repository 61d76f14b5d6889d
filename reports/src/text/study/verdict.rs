//! What is to be thought of a study, and where to look first.

use crate::common::badge::{Badge, Tint, Worst};
use crate::common::escape::escape;
use crate::common::figure::percent;
use crate::common::label::{label, shown};
use crate::result::{Failure, ObjectiveStatus, PartialShare, StudyReport, Verdict};

/// The worst that may be said of the study; the exit code of the command says the same.
pub fn study_badge(report: &StudyReport) -> Badge {
    if let Some(share) = report.partial {
        return partial(report, share);
    }
    let count = |wanted| {
        report
            .objectives
            .iter()
            .filter(|row| row.status == wanted)
            .count()
    };
    let (missed, open) = (
        count(ObjectiveStatus::Miss),
        count(ObjectiveStatus::Undecided),
    );
    let of = report.objectives.len() - count(ObjectiveStatus::Untested);
    let vacuous = count(ObjectiveStatus::Vacuous);
    let seen = |verdict: Verdict| report.verdicts.get(verdict.word()).copied().unwrap_or(0);
    let broken = broken_beyond(report);
    let (word, why, tint) = if !broken.is_empty() {
        let names = broken.join(", ");
        let why = format!("{names} broken; {missed} of {of} objectives missed");
        (Verdict::Fail.word(), why, Tint::Bad)
    } else if missed > 0 {
        let why = format!("{missed} of {of} objectives missed");
        (Verdict::Miss.word(), why, Tint::Bad)
    } else if seen(Verdict::Inconclusive) == report.runs {
        let why = "no rollout met what the scenario declares".to_owned();
        (Verdict::Inconclusive.word(), why, Tint::Doubt)
    } else if open > 0 {
        let why = format!("{open} of {of} objectives undecided");
        (Verdict::Inconclusive.word(), why, Tint::Doubt)
    } else if vacuous > 0 {
        let why = format!("{vacuous} of {of} objectives have a limit that cannot be missed");
        (Verdict::Inconclusive.word(), why, Tint::Doubt)
    } else if of == 0 {
        let why = "no objectives: this shows what happens".to_owned();
        ("MEASURED", why, Tint::Plain)
    } else {
        (
            Verdict::Pass.word(),
            format!("all {of} objectives met{}", within_limit(report)),
            Tint::Good,
        )
    };
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
    let same = |id| match id {
        "rollback_within_deadline" => "INV-ROLLBACK",
        "blast_within" => "INV-BLAST",
        id => id,
    };
    let missed = report.objectives.iter();
    let missed = missed.filter(|row| row.status == ObjectiveStatus::Miss);
    let broken = |id: &&str| {
        let mut rows = report.invariants.iter();
        rows.any(|row| row.id == *id && row.violated > 0)
    };
    missed.map(|row| same(&row.id)).filter(broken).collect()
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
    /// Returns the failure to look at first: a broken promise before a missed regression, that before a
    /// late rollback, and so on; among several promises the one that is broken most often.
    pub fn worst_case(&self) -> Option<&Failure> {
        let place = |kind: &str| ORDER.iter().position(|word| kind.starts_with(word));
        let rank = |failure: &&Failure| {
            let place = place(&failure.kind).unwrap_or(ORDER.len());
            (place, u64::MAX - failure.count)
        };
        self.worst.iter().min_by_key(rank)
    }
}

/// Returns where to look first: the worst failure in a sentence, and the command that plays it again.
pub fn study_worst(report: &StudyReport) -> Option<Worst> {
    let failure = report.worst_case()?;
    let what = match failure.kind.as_str() {
        "missed_regression" => "users were left on a bad release (missed regression)".to_owned(),
        "rollback_within_deadline" => "the rollback took longer than its deadline".to_owned(),
        "blast_within" => "more was exposed than the blast radius allows".to_owned(),
        "false_rollback" => "a good release was rolled back".to_owned(),
        "stalled_release" => "a good release was stuck".to_owned(),
        "expected_outcome" => "the rollout did not end as expected".to_owned(),
        "inconclusive" => "what was declared never showed".to_owned(),
        promise => format!("{} was broken", label(promise)),
    };
    let plural = if failure.count == 1 { "" } else { "s" };
    let mut sentence = format!(
        "In {} rollout{plural} of {} {what}; the worst is replication {}.",
        failure.count,
        label(&failure.scenario),
        failure.replication
    );
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
    let reason = told.and_then(|timeline| {
        let mut reasons = timeline.reasons.iter();
        reasons.find(of_kind).or(timeline.reasons.first())
    });
    if let Some(reason) = reason {
        sentence += &format!(" There: {}.", shown(reason).trim_end_matches('.'));
    }
    Some(Worst {
        sentence,
        command: escape(&failure.replay).into_owned(),
    })
}
