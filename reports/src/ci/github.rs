//! Annotations in the log of a GitHub workflow.

use crate::ci::sarif::{SarifFinding, SarifLevel};
use crate::common::escape::escape;
use crate::common::figure::{percent, percent_range};
use crate::result::{ObjectiveRow, ObjectiveStatus, StudyReport};
use crate::text::causes::cause_sentence;
use crate::text::study::parts::{limit, title};

/// Returns a workflow command for each objective that is missed (an error) or undecided (a warning),
/// and a notice where there is none.
pub fn study_annotations(report: &StudyReport) -> String {
    let lines: String = report
        .objectives
        .iter()
        .filter_map(|row| annotation(report, row))
        .collect();
    if lines.is_empty() {
        let text = format!("{}: every objective is met", title(report));
        return command("notice", "coalmine", &text);
    }
    lines
}

fn annotation(report: &StudyReport, row: &ObjectiveRow) -> Option<String> {
    let level = match row.status {
        ObjectiveStatus::Ok | ObjectiveStatus::Untested => return None,
        ObjectiveStatus::Undecided | ObjectiveStatus::Vacuous => "warning",
        ObjectiveStatus::Miss => "error",
    };
    let worst = report.worst.iter().find(|failure| failure.kind == row.id);
    let replay = worst.map_or(String::new(), |failure| format!("\n{}", failure.replay));
    let own = report.causes.iter().any(|cause| cause.kind == row.id);
    let cause = if own {
        format!("\n{}", cause_sentence(&row.id, &report.causes))
    } else {
        String::new()
    };
    let text = format!(
        "{}: {} {}, limit {}{cause}{}",
        row.status.word(),
        row.value.map_or("no data".to_owned(), percent),
        percent_range(row.low, row.high),
        limit(row),
        replay
    );
    Some(command(
        level,
        &format!("{}: {}", report.policy, row.id),
        &text,
    ))
}

/// Returns a workflow command for a finding in a file.
pub fn file_annotation(finding: &SarifFinding) -> String {
    let level = match finding.level {
        SarifLevel::Error => "error",
        SarifLevel::Warning => "warning",
        SarifLevel::Note => "notice",
    };
    let place = finding.place.map_or(String::new(), |(line, column)| {
        format!(",line={line},col={column}")
    });
    let (file, code) = (property(&escape(&finding.file)), property(&finding.code));
    format!(
        "::{level} file={file}{place},title={code}::{}\n",
        data(&escape(&finding.message))
    )
}

/// A workflow command, with what could end it or begin another one encoded as GitHub's own toolkit
/// does.
fn command(level: &str, title: &str, text: &str) -> String {
    let text: Vec<_> = text.lines().map(escape).collect();
    format!(
        "::{level} title={}::{}\n",
        property(&escape(title)),
        data(&text.join("\n"))
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_ends_a_command_or_begins_another() {
        let line = command("error", "a,b::c\n::error::x", "50 %\nsecond");
        assert_eq!(
            line,
            "::error title=a%2Cb%3A%3Ac\\u{a}%3A%3Aerror%3A%3Ax::50 %25%0Asecond\n"
        );
    }
}
