//! A search for better thresholds as Markdown, for pull requests and pages.

use crate::common::markdown::{code, plain};
use crate::result::TuneReport;
use crate::text::tune::tables::{confirmation, front, sensitivity};
use crate::text::tune::verdict::verdict;
use crate::text::tune::{notes, searched, title, unseen};

/// Returns the front, the recommendation with its patch, the confirmation and the sensitivity.
pub fn tune_markdown(report: &TuneReport) -> String {
    let mut text = format!(
        "## {}\n\n{}\n\n",
        plain(&title(report)),
        plain(&searched(report))
    );
    text += &front(report).markdown();
    for line in verdict(report) {
        text += &format!("\n**{}**\n", plain(&line));
    }
    let noise = "sensitivity to the noise model".to_owned();
    for (title, table) in [
        (unseen(report), confirmation(report)),
        (noise, sensitivity(report)),
    ] {
        if !table.is_empty() {
            text += &format!("\n### {title}\n\n{}", table.markdown());
        }
    }
    for note in notes(report) {
        text += &format!("\n{}\n", plain(&note));
    }
    if !report.patch.is_empty() {
        // A fence longer than any in the text cannot be closed by it.
        let fence = "`".repeat(3 + report.patch.matches('`').count().min(64));
        text += &format!("\n{fence}diff\n{}{fence}\n", report.patch);
    }
    text + &format!("\nAgain: {}\n", code(&report.again))
}
