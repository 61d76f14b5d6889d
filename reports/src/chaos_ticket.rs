//! The result of a chaos campaign as a ticket: at most fifteen lines of plain sentences.

use crate::chaos_json::{ChaosInvariant, ChaosReport, Counterexample};
use crate::chaos_text::{sentence, title};
use crate::escape::escape;
use crate::verdict::Verdict;

/// So many violated invariants are told, and so many gaps.
const FAILURES: usize = 3;
const GAPS: usize = 3;

/// Returns the verdict, each violated invariant with what it was held to, the command that replays it, what was not
/// exercised, and what the result was made from.
pub fn chaos_ticket(report: &ChaosReport) -> String {
    let mut lines = vec![format!(
        "{}: {}, {} fault-injection experiments, {}.",
        report.verdict.word(),
        title(report),
        report.runs,
        report.stopped.words()
    )];
    let failed: Vec<_> = with(report, Verdict::Fail).collect();
    for row in failed.iter().take(FAILURES) {
        lines.extend(failure(report, row));
    }
    lines.extend(more(failed.len(), FAILURES, "violated invariants"));
    let rows = report.invariants.iter();
    let gaps: Vec<String> = rows
        .flat_map(|row| {
            row.unsaid
                .iter()
                .map(|what| format!("Gap: {what} ({}).", row.id))
        })
        .collect();
    lines.extend(gaps.iter().take(GAPS).cloned());
    lines.extend(more(gaps.len(), GAPS, "gaps"));
    let untested = with(report, Verdict::Miss).filter(|row| row.unsaid.is_empty());
    let untested = untested.chain(with(report, Verdict::Inconclusive));
    lines.extend(named("Not exercised", untested));
    lines.extend(named(
        "Known limitations",
        with(report, Verdict::Characterised),
    ));
    let open = report.invariants.iter();
    lines.extend(named(
        "Left open on purpose",
        open.filter(|row| !row.waived.is_empty()),
    ));
    let inputs = &report.inputs;
    lines.push(format!(
        "Seed {}, {}, inputs {}, hash {}.",
        report.seed, inputs.tool, inputs.digest, report.hash
    ));
    lines.iter().map(|line| escape(line) + "\n").collect()
}

fn with(report: &ChaosReport, verdict: Verdict) -> impl Iterator<Item = &ChaosInvariant> {
    let rows = report.invariants.iter();
    rows.filter(move |row| row.verdict == Some(verdict))
}

/// What happened, and the command that plays it again.
fn failure(report: &ChaosReport, row: &ChaosInvariant) -> Vec<String> {
    let mut findings = report.findings.iter();
    let found = findings.find(|found| found.invariant == row.id && found.verdict == Verdict::Fail);
    let often = format!("{} of {} experiments", row.violations, row.tested);
    let Some(found) = found else {
        return vec![format!("{} is violated in {often}.", row.id)];
    };
    let Counterexample { replay, .. } = found;
    let said = sentence(found);
    vec![
        format!("{} ({often})", said.trim_end_matches('.')),
        format!("  replay: {replay}"),
    ]
}

fn more(count: usize, told: usize, what: &str) -> Option<String> {
    let more = count.saturating_sub(told);
    (more > 0).then(|| format!("And {more} more {what}."))
}

fn named<'r>(what: &str, rows: impl Iterator<Item = &'r ChaosInvariant>) -> Option<String> {
    let ids: Vec<&str> = rows.map(|row| row.id.as_str()).collect();
    (!ids.is_empty()).then(|| format!("{what}: {}.", ids.join(", ")))
}
