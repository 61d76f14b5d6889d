//! A study as a ticket.

use crate::common::figure::{percent, percent_range};
use crate::result::{ObjectiveRow, ObjectiveStatus, StudyReport};
use crate::text::causes::study_causes;
use crate::text::study::parts::{deciding, limit, title, untried};
use crate::text::study::verdict::study_badge;

use super::Ticket;

/// So many objectives that are not met, and so many untested invariants, are named; the others are counted.
const NAMED: usize = 6;
/// So many kinds of what went wrong are explained.
const CAUSES: usize = 3;

/// Returns what was simulated, the verdict with its reason, each objective that is not met, who did it, the command that
/// replays the worst case, what was not tested, and what the result was made from.
pub fn study_ticket(report: &StudyReport) -> String {
    let mut ticket = Ticket::default();
    let badge = study_badge(report);
    ticket.line(format!("{}.", title(report)));
    ticket.line(format!("{}: {}.", badge.word, badge.why));
    ticket.first(NAMED, &broken(report), |more| {
        format!("{more} more objectives that are missed or undecided.")
    });
    let causes = study_causes(report);
    for cause in causes.iter().take(CAUSES) {
        ticket.line(format!("{}.", cause.trim_end_matches('.')));
    }
    if let Some(worst) = report.worst_case() {
        ticket.line(format!("Replay: {}", worst.replay));
    }
    ticket.line(not_tested(report));
    ticket.line(format!(
        "Seed {}, {}, hash {}.",
        report.seed, report.inputs.tool, report.hash
    ));
    ticket.text()
}

/// The objectives that are missed, then those that are undecided.
fn broken(report: &StudyReport) -> Vec<String> {
    let of = |status| {
        let rows = report.objectives.iter();
        rows.filter(move |row| row.status == status).map(sentence)
    };
    of(ObjectiveStatus::Miss)
        .chain(of(ObjectiveStatus::Undecided))
        .collect()
}

/// An objective that is not met, with its value and its limit.
fn sentence(row: &ObjectiveRow) -> String {
    let needs = match deciding(row) {
        none if none.is_empty() => none,
        what => format!(" It is undecided: {what}."),
    };
    format!(
        "{} was {} (95 % interval {}); its limit is {}.{needs}",
        row.id,
        row.value.map_or("never seen".to_owned(), percent),
        percent_range(row.low, row.high),
        limit(row)
    )
}

fn not_tested(report: &StudyReport) -> String {
    let untested: Vec<_> = untried(report).collect();
    if untested.is_empty() {
        return "Every invariant was tested.".to_owned();
    }
    let named = &untested[..untested.len().min(NAMED)];
    let more = match untested.len() - named.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("Not tested: {}{more}.", named.join(", "))
}
