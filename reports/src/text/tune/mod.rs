//! A search for better thresholds, for people.

pub(crate) mod figures;
pub(crate) mod tables;
pub(crate) mod verdict;

use crate::common::escape::escape;
use crate::common::style::{Style, Tone};
use crate::common::wrap::wrap;
use crate::result::{CandidateRow, TuneReport, TuneStatus};
use crate::text::lowered::lowered_text;
use crate::text::tune::tables::{confirmation, front, sensitivity};
use crate::text::tune::verdict::verdict;

/// Returns the Pareto front, the recommendation, its validation and its sensitivity.
pub fn tune_text(report: &TuneReport, style: Style) -> String {
    let line = |text: &str| wrap(&escape(text), 2, style.columns) + "\n";
    let mut text = lowered_text(&report.inputs, style);
    text += &(style.paint(Tone::Strong, line(&title(report)).trim_end()) + "\n");
    text += &line(&searched(report));
    for note in notes(report) {
        text += &style.paint(Tone::Faint, line(&note).trim_end());
        text.push('\n');
    }
    text += &format!("\n{}", front(report).render(style));
    text += &format!("\n{}", paint(report, style));
    for (title, table) in [
        (unseen(report), confirmation(report)),
        (
            "sensitivity to the noise model".to_owned(),
            sensitivity(report),
        ),
    ] {
        if !table.is_empty() {
            text += &format!(
                "\n{}\n{}",
                style.paint(Tone::Strong, &title),
                table.render(style)
            );
        }
    }
    let again = line(&format!("again: {}", report.again));
    text + &format!("\n{}\n", again.trim_end())
}

fn paint(report: &TuneReport, style: Style) -> String {
    let tone = match report.status {
        TuneStatus::Better | TuneStatus::Keep => Tone::Good,
        TuneStatus::Infeasible => Tone::Bad,
        TuneStatus::Undecided | TuneStatus::Interrupted => Tone::Doubt,
    };
    let lines = verdict(report);
    let lines = lines
        .iter()
        .map(|line| style.paint(tone, &wrap(&escape(line), 2, style.columns)) + "\n");
    lines.collect()
}

/// Whom the report is about and how much was played.
pub(crate) fn title(report: &TuneReport) -> String {
    let search = &report.search;
    format!(
        "{} ({}): {} candidates, {} scenarios, {} rollouts simulated, seed {}",
        report.policy,
        report.profile,
        search.candidates,
        search.scenarios.len(),
        search.rollouts,
        report.seed
    )
}

/// What was asked.
pub(crate) fn searched(report: &TuneReport) -> String {
    let subject = if report.subject_to.is_empty() {
        "no constraint".to_owned()
    } else {
        report.subject_to.join(", ")
    };
    format!("minimize {} subject to {subject}", report.minimize)
}

/// What was not played, and why.
pub(crate) fn notes(report: &TuneReport) -> Vec<String> {
    let search = &report.search;
    let mut notes = Vec::new();
    if search.equal > 0 {
        let equal = search.equal;
        notes.push(format!(
            "{equal} combinations are equivalent to one of these and were not simulated"
        ));
    }
    if let Some(first) = report.refused.first() {
        let many = report.refused.len();
        let why = format!("{} {}", first.code, first.why);
        notes.push(format!(
            "{many} combinations are not valid policies, the first: {why}"
        ));
    }
    if report.minimize == "harm" && report.candidates.iter().all(is_harmless) {
        let note = "no candidate did any harm: none of the signals that a bad release spoils harms users; \
                    try --minimize detection";
        notes.push(note.to_owned());
    }
    if !search.left_out.is_empty() {
        let each = search
            .left_out
            .iter()
            .map(|it| format!("{} ({})", it.scenario, it.why));
        let each: Vec<_> = each.collect();
        notes.push(format!("not counted: {}", each.join(", ")));
    }
    notes
}

fn is_harmless(row: &CandidateRow) -> bool {
    row.runs > 0 && row.figures.get("harm").is_none_or(|harm| harm.value == 0.0)
}

/// How much was simulated that the search has not seen.
pub(crate) fn unseen(report: &TuneReport) -> String {
    let mut runs: Vec<u64> = report.confirmation.iter().map(|row| row.runs).collect();
    runs.sort_unstable();
    runs.dedup();
    let runs: Vec<_> = runs.iter().map(u64::to_string).collect();
    format!(
        "held-out validation ({} rollouts of each scenario)",
        runs.join(" or ")
    )
}
