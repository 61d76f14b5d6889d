//! Who did it, in sentences: which gate, in which stage, on how many samples.

use crate::common::figure::{percent, percent_range};
use crate::result::{StudyCause, StudyReport, ToldRow};

/// So many gates are named in a sentence; the others are counted.
const NAMED: usize = 3;

/// Returns a sentence for each kind of thing that went wrong, and for each rate that only tells how it
/// went.
pub fn study_causes(report: &StudyReport) -> Vec<String> {
    let (told, wrong) = told_apart(report);
    wrong.into_iter().chain(told).collect()
}

/// The same for a short answer: what ended before the regression began comes first, as it is in no other figure.
pub(crate) fn briefly(report: &StudyReport) -> Vec<String> {
    let (told, wrong) = told_apart(report);
    let before = report.told.iter().position(|row| row.id == BEFORE);
    let (mut rest, mut lines) = (told, Vec::new());
    lines.extend(before.map(|at| rest.remove(at)));
    lines.extend(wrong);
    lines.extend(rest);
    lines
}

/// The rate of rollouts that say nothing about the regression.
const BEFORE: &str = "ended_before_regression";

/// The rates that only tell how it went, and what went wrong.
fn told_apart(report: &StudyReport) -> (Vec<String>, Vec<String>) {
    let told = report.told.iter().map(|row| told(row, &report.causes));
    let is_told = |kind: &str| report.told.iter().any(|row| row.id == kind);
    let mut kinds: Vec<&str> = report.causes.iter().map(|row| row.kind.as_str()).collect();
    kinds.dedup();
    let wrong = kinds.into_iter().filter(|kind| !is_told(kind));
    let wrong = wrong.map(|kind| cause_sentence(kind, &report.causes));
    (told.collect(), wrong.collect())
}

/// Returns what led to `kind`: `398 false rollbacks: latency-p99 396, of which canary 340 on fewer than
/// 20 samples; error-rate 2`.
pub fn cause_sentence(kind: &str, rows: &[StudyCause]) -> String {
    let own: Vec<_> = rows.iter().filter(|row| row.kind == kind).collect();
    let all: u64 = own.iter().map(|row| row.rollouts).sum();
    format!("{all} {}: {}", plural(kind, all), gates(&own))
}

/// A rate without a limit, with what led to it where that is known.
fn told(row: &ToldRow, causes: &[StudyCause]) -> String {
    let what = match row.id.as_str() {
        "ended_before_regression" => "ended before the regression began",
        "stopped_by_chance" => "were stopped by a signal that the regression does not change",
        "still_exposed" => "left users on the bad release at the end",
        other => other,
    };
    let own: Vec<_> = causes.iter().filter(|cause| cause.kind == row.id).collect();
    let by = if own.is_empty() {
        String::new()
    } else {
        format!(": {}", gates(&own))
    };
    format!(
        "{} of {} rollouts ({}, {}) {what}{by}",
        row.events,
        row.among,
        percent(row.value),
        percent_range(row.low, row.high)
    )
}

/// Each gate with its count and the place where it decided most often, the busiest gate first.
fn gates(rows: &[&StudyCause]) -> String {
    let mut gates: Vec<(&str, Vec<&StudyCause>)> = Vec::new();
    for row in rows {
        match gates.iter_mut().find(|(who, _)| *who == row.who) {
            Some((_, own)) => own.push(row),
            None => gates.push((&row.who, vec![row])),
        }
    }
    let total = |rows: &[&StudyCause]| rows.iter().map(|row| row.rollouts).sum::<u64>();
    gates.sort_by_key(|(_, rows)| std::cmp::Reverse(total(rows)));
    let say = |(who, rows): &(&str, Vec<&StudyCause>)| {
        let all = total(rows);
        let most = rows.iter().max_by_key(|row| row.rollouts);
        let place = most.map_or(String::new(), |row| place(row, all));
        format!("{who} {all}{place}")
    };
    let mut said: Vec<_> = gates.iter().take(NAMED).map(say).collect();
    let others = gates.iter().skip(NAMED).map(|(_, rows)| total(rows));
    let others: u64 = others.sum();
    if others > 0 {
        said.push(format!("others {others}"));
    }
    said.join("; ")
}

/// Where the largest part of a gate's decisions fell.
fn place(row: &StudyCause, all: u64) -> String {
    let stage = row.stage.as_deref().unwrap_or("before the first stage");
    let on = row.samples.as_ref();
    let on = on.map_or(String::new(), |samples| format!(" on {samples}"));
    if row.rollouts == all {
        return match &row.stage {
            Some(stage) => format!(", all in {stage}{on}"),
            None => format!(", all {stage}{on}"),
        };
    }
    format!(", of which {stage} {}{on}", row.rollouts)
}

/// The kind in the words of its rollouts.
fn plural(kind: &str, many: u64) -> String {
    let word = match kind {
        "false_rollback" => "false rollback",
        "stalled_release" => "stuck rollout",
        "missed_regression" => "missed regression",
        "expected_outcome" => "unexpected outcome",
        "ended_before_regression" if many == 1 => "rollout that ended before the regression began",
        "stopped_by_chance" if many == 1 => "stop by a signal that the regression does not change",
        "stopped_by_chance" => {
            return "stops by signals that the regression does not change".to_owned();
        }
        "ended_before_regression" => {
            return "rollouts that ended before the regression began".to_owned();
        }
        other => other,
    };
    match many {
        1 => word.to_owned(),
        _ => format!("{word}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(who: &str, stage: &str, samples: &str, rollouts: u64) -> StudyCause {
        StudyCause {
            kind: "false_rollback".to_owned(),
            who: who.to_owned(),
            stage: Some(stage.to_owned()),
            samples: Some(samples.to_owned()),
            fewest: None,
            most: None,
            rollouts,
            among: 400,
            low: 0.0,
            high: 1.0,
            replication: 0,
        }
    }

    #[test]
    fn a_sentence_names_the_gate_its_stage_and_its_samples() {
        let rows = [
            row("latency-p99", "canary", "fewer than 20 samples", 340),
            row("latency-p99", "half", "20 to 199 samples", 56),
            row("error-rate", "canary", "20 to 199 samples", 2),
        ];
        assert_eq!(
            cause_sentence("false_rollback", &rows),
            "398 false rollbacks: latency-p99 396, of which canary 340 on fewer than 20 samples; \
             error-rate 2, all in canary on 20 to 199 samples"
        );
    }
}
