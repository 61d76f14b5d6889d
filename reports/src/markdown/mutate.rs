//! The mutation test of a policy as Markdown.

use crate::common::markdown::plain;
use crate::result::MutateReport;
use crate::text::mutate::{operators, scores, sentences, title, verdict};

/// Returns the same as Markdown.
pub fn mutate_markdown(report: &MutateReport) -> String {
    let mut text = format!(
        "## {}\n\n{}",
        plain(&title(report)),
        scores(report).markdown()
    );
    let survivors: Vec<String> = sentences(report)
        .map(|line| format!("- {}\n", plain(&line)))
        .collect();
    if !survivors.is_empty() {
        text += &format!("\n### What nobody would notice\n\n{}", survivors.concat());
    }
    text += &format!("\n### Operators\n\n{}", operators(report).markdown());
    text + &format!("\n{}\n", verdict(report))
}
