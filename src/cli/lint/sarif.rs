//! Findings of `coalmine lint` for code scanning and for the log of a workflow.

use reports::{SarifFinding, SarifLevel, file_annotation};
use scenarios::{Diagnostic, Report, Severity};

/// Returns the findings as SARIF.
pub fn log(reports: &[Report]) -> serde_json::Value {
    let version = env!("CARGO_PKG_VERSION");
    reports::sarif(version, &findings(reports), |code| {
        let known = scenarios::codes().find(|entry| entry.code == code);
        known.map_or(String::new(), |entry| entry.title.to_owned())
    })
}

/// Returns a workflow command for each finding.
pub fn annotations(reports: &[Report]) -> String {
    findings(reports).iter().map(file_annotation).collect()
}

fn findings(reports: &[Report]) -> Vec<SarifFinding> {
    let of = |report: &Report| -> Vec<_> {
        let found = report.diagnostics.iter();
        found.map(|found| finding(report, found)).collect()
    };
    reports.iter().flat_map(of).collect()
}

fn finding(report: &Report, found: &Diagnostic) -> SarifFinding {
    let parts = [
        Some(&found.message),
        found.reason.as_ref(),
        found.help.as_ref(),
    ];
    let parts: Vec<_> = parts
        .into_iter()
        .flatten()
        .map(|part| reports::escape(part))
        .collect();
    SarifFinding {
        code: found.code.to_owned(),
        level: match found.severity {
            Severity::Error => SarifLevel::Error,
            Severity::Warning => SarifLevel::Warning,
            Severity::Note => SarifLevel::Note,
        },
        message: parts.join("; "),
        file: report.name.clone(),
        place: report
            .positions(found)
            .map(|(start, _)| (start.line as u64, start.column as u64)),
    }
}
