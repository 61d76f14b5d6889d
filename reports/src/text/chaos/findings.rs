//! The counterexamples of a chaos campaign, as a table.

use crate::common::escape::escape;
use crate::common::style::{Style, Tone};
use crate::common::table::{Align, Cell, Table};
use crate::common::wrap::wrap;
use crate::result::Verdict;
use crate::result::{ChaosReport, Counterexample};

/// So many findings that are no failures are shown on one screen.
const OTHERS: usize = 3;

/// Returns each finding with the command that plays it again.
pub(crate) fn findings(report: &ChaosReport) -> Table {
    table(&report.findings.iter().collect::<Vec<_>>(), "replay", "")
}

/// Returns the findings for a terminal, the beginning that their commands share said once: every failure, and a
/// few of the others unless every detail is wanted.
pub(crate) fn findings_text(report: &ChaosReport, style: Style) -> String {
    if report.findings.len() < 2 {
        return String::new();
    }
    let mut others = 0;
    let shown = report.findings.iter().filter(|found| {
        let failure = found.verdict == Verdict::Fail;
        others += usize::from(!failure);
        failure || others <= OTHERS || style.detail
    });
    let shown: Vec<_> = shown.collect();
    let commands: Vec<_> = shown.iter().map(|found| found.replay.as_str()).collect();
    let shared = shared(&commands);
    let once = format!("Findings; replay one: {}...", escape(shared));
    let once = wrap(&once, 2, style.columns);
    let once = once.replacen("Findings", &style.paint(Tone::Strong, "Findings"), 1);
    let more = match report.findings.len() - shown.len() {
        0 => String::new(),
        more => format!("and {more} more, none of them a failure: -v\n"),
    };
    format!(
        "{once}\n{}{more}",
        table(&shown, "...", shared).render(style)
    )
}

/// The words with which every command begins.
fn shared<'a>(commands: &[&'a str]) -> &'a str {
    let Some((first, others)) = commands.split_first() else {
        return "";
    };
    let ends = first.match_indices(' ').map(|(at, _)| at + 1);
    let all = |end: &usize| others.iter().all(|other| other.starts_with(&first[..*end]));
    &first[..ends.take_while(all).last().unwrap_or(0)]
}

/// One row a finding; `before` is left out of each command.
fn table(findings: &[&Counterexample], command: &str, before: &str) -> Table {
    let mut table = Table::new(&[
        ("invariant", Align::Left),
        ("counts as", Align::Left),
        ("faults", Align::Left),
        (command, Align::Left),
    ]);
    for found in findings {
        let faults = match found.faults.len() {
            0 => "none".to_owned(),
            1 | 2 => found.faults.join(", "),
            many => format!("{}, {} more", found.faults[0], many - 1),
        };
        table.row(vec![
            Cell::new(&found.invariant),
            Cell::toned(found.counts_as(), found.verdict.tone()),
            Cell::new(faults),
            Cell::new(&found.replay[before.len()..]),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(commands: &[&str], expect: &str) {
        assert_eq!(shared(commands), expect);
    }

    #[test]
    fn what_all_commands_begin_with_ends_at_a_word() {
        check(
            &[
                "coalmine chaos --rehearsal 12",
                "coalmine chaos --rehearsal 17",
            ],
            "coalmine chaos --rehearsal ",
        );
        check(
            &["coalmine replay a/b", "coalmine replay a/c"],
            "coalmine replay ",
        );
        check(&["coalmine replay a/b", "other"], "");
        check(&["one", "one"], "");
        check(&[], "");
    }
}
