//! The probability of a rare event as Markdown.

use crate::common::markdown::plain;
use crate::common::style::Style;
use crate::result::RareReport;
use crate::text::rare::{answer, table, title};

/// Returns the estimate and its checks as Markdown.
pub fn rare_markdown(report: &RareReport) -> String {
    let answer = answer(report, Style::PLAIN);
    let head = format!("## {}\n\n{answer}\n", plain(&title(report)));
    head + &table(report).markdown() + &format!("\n{}\n", report.status.sentence())
}
