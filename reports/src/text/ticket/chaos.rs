//! The result of a chaos campaign as a ticket.

use crate::result::{ChaosInvariant, ChaosReport, Counterexample, Verdict};
use crate::text::chaos::{sentence, title};

use super::{LINES, Ticket};

/// So many violated invariants are told, and so many gaps.
const FAILURES: usize = 3;
const GAPS: usize = 3;

/// Returns the verdict, each violated invariant with what it was held to, the command that replays it, what was not
/// exercised, and what the result was made from.
pub fn chaos_ticket(report: &ChaosReport) -> String {
    let mut ticket = Ticket::default();
    ticket.line(format!(
        "{}: {}, {} fault-injection experiments, {}.",
        report.verdict.word(),
        title(report),
        report.runs,
        report.stopped.words()
    ));
    let failed: Vec<_> = with(report, Verdict::Fail).collect();
    for row in failed.iter().take(FAILURES) {
        ticket.lines.extend(failure(report, row));
    }
    ticket
        .lines
        .extend(more(failed.len(), FAILURES, "violated invariants"));
    let (gaps, named) = (gaps(report), named_lines(report));
    // The last line says what the result was made from.
    let room = LINES - ticket.lines.len() - named.len() - 1;
    let is_room = gaps.len() <= room;
    let told = if is_room { GAPS } else { GAPS.min(room - 1) };
    ticket.first(told, &gaps, |more| format!("And {more} more gaps."));
    ticket.lines.extend(named);
    let inputs = &report.inputs;
    ticket.line(format!(
        "Seed {}, {}, inputs {}, hash {}.",
        report.seed, inputs.tool, inputs.digest, report.hash
    ));
    ticket.text()
}

/// What the policy does not declare, or declares in vain.
fn gaps(report: &ChaosReport) -> Vec<String> {
    let of = |row: &ChaosInvariant| -> Vec<String> {
        let lines = row
            .unsaid
            .iter()
            .map(|what| format!("Gap: {what} ({}).", row.id));
        lines.collect()
    };
    report.invariants.iter().flat_map(of).collect()
}

/// Which invariants were not exercised, are known to be violated, or are left open.
fn named_lines(report: &ChaosReport) -> Vec<String> {
    let open = with(report, Verdict::Miss).filter(|row| row.unsaid.is_empty());
    let open = open.chain(with(report, Verdict::Inconclusive));
    let (partly, untested): (Vec<_>, Vec<_>) = open.partition(|row| row.tested > 0);
    let waived = report
        .invariants
        .iter()
        .filter(|row| !row.waived.is_empty());
    let lines = [
        named("Not exercised", untested.into_iter()),
        named(
            "Exercised, but not under every declared fault",
            partly.into_iter(),
        ),
        named("Known limitations", with(report, Verdict::KnownLimitation)),
        named("Left open on purpose", waived),
    ];
    lines.into_iter().flatten().collect()
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
