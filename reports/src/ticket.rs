//! A result as a ticket: at most 15 lines of plain sentences.

use crate::causes::study_causes;
use crate::escape::escape;
use crate::figure::{percent, percent_range};
use crate::page::study_badge;
use crate::study_json::{ObjectiveRow, ObjectiveStatus, StudyReport};
use crate::study_text::{limit, title, untried};

/// The most lines that a ticket has.
pub const TICKET_LINES: usize = 15;

/// So many broken limits, and so many untested invariants, are named; the others are counted.
const NAMED: usize = 6;

/// What a ticket says. Every part is a sentence, or several, without a line break.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ticket {
    /// What was simulated.
    pub subject: String,
    /// The verdict with its reason.
    pub verdict: String,
    /// Each limit that was not kept, with its value.
    pub broken: Vec<String>,
    /// Who did it, a sentence for each kind.
    pub causes: Vec<String>,
    /// The command that replays the worst case.
    pub replay: Option<String>,
    /// What was not tested, by name.
    pub untested: Vec<String>,
    /// The root seed.
    pub seed: u64,
    /// The program and its version.
    pub tool: String,
    /// The hash of the result.
    pub hash: String,
}

impl Ticket {
    /// Returns the ticket: at most [`TICKET_LINES`] lines, each with a line break, nothing that a terminal
    /// or a tracker would act on.
    pub fn text(&self) -> String {
        let mut lines = vec![self.subject.clone(), self.verdict.clone()];
        lines.extend(shortened(&self.broken, "limits that were not kept"));
        let causes = self.causes.iter().take(3);
        lines.extend(causes.map(|cause| format!("{}.", cause.trim_end_matches('.'))));
        lines.extend(
            self.replay
                .iter()
                .map(|command| format!("Replay: {command}")),
        );
        lines.push(self.not_tested());
        lines.push(format!(
            "Seed {}, {}, hash {}.",
            self.seed, self.tool, self.hash
        ));
        assert!(
            lines.len() <= TICKET_LINES,
            "2 + 7 + 3 + 1 + 1 + 1 lines at most"
        );
        let line = |line: &String| format!("{}\n", escape(line).replace('\n', " "));
        lines.iter().map(line).collect()
    }

    fn not_tested(&self) -> String {
        if self.untested.is_empty() {
            return "Every invariant was tested.".to_owned();
        }
        let named = self.untested.iter().take(NAMED).cloned();
        let named: Vec<_> = named.collect();
        let more = match self.untested.len() - named.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        format!("Not tested: {}{more}.", named.join(", "))
    }
}

/// The first of some sentences, and how many more there are.
fn shortened(all: &[String], what: &str) -> Vec<String> {
    let mut lines: Vec<_> = all.iter().take(NAMED).cloned().collect();
    if all.len() > NAMED {
        lines.push(format!("{} more {what}.", all.len() - NAMED));
    }
    lines
}

/// Returns a study as a ticket.
pub fn study_ticket(report: &StudyReport) -> String {
    let badge = study_badge(report);
    let of = |status| {
        let rows = report.objectives.iter();
        rows.filter(move |row| row.status == status).map(sentence)
    };
    let broken = of(ObjectiveStatus::Miss).chain(of(ObjectiveStatus::Undecided));
    let ticket = Ticket {
        subject: format!("{}.", title(report)),
        verdict: format!("{}: {}.", badge.word, badge.why),
        broken: broken.collect(),
        causes: study_causes(report),
        replay: report.worst_case().map(|failure| failure.replay.clone()),
        untested: untried(report).map(str::to_owned).collect(),
        seed: report.seed,
        tool: report.inputs.tool.clone(),
        hash: report.hash.clone(),
    };
    ticket.text()
}

/// An objective that is not met, with its value and its limit.
fn sentence(row: &ObjectiveRow) -> String {
    let needs = match row.runs_needed {
        Some(more) => format!(" It is undecided: about {more} more rollouts would decide."),
        None if row.status == ObjectiveStatus::Undecided => " It is undecided.".to_owned(),
        None => String::new(),
    };
    format!(
        "{} was {} (95 % interval {}); its limit is {}.{needs}",
        row.id,
        row.value.map_or("never seen".to_owned(), percent),
        percent_range(row.low, row.high),
        limit(row)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_has_at_most_fifteen_lines_whatever_is_broken() {
        let many = |what: &str| (0..40).map(|at| format!("{what} {at}")).collect::<Vec<_>>();
        let ticket = Ticket {
            subject: "a policy".to_owned(),
            verdict: "FAIL: much".to_owned(),
            broken: many("INV"),
            causes: many("3 false rollbacks: gate"),
            replay: Some("coalmine run policy.yaml".to_owned()),
            untested: many("INV"),
            seed: 42,
            tool: "coalmine 1".to_owned(),
            hash: "00".to_owned(),
        };
        let text = ticket.text();
        assert_eq!(text.lines().count(), TICKET_LINES, "{text}");
        assert!(
            text.contains("34 more limits that were not kept."),
            "{text}"
        );
        assert!(text.contains("INV 5 and 34 more."), "{text}");
    }
}
