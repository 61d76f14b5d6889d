//! An operating characteristic as Markdown.

use crate::common::markdown::plain;
use crate::result::CurveReport;
use crate::text::curve::{apart, meaning, sentence, table, title};

/// Returns the curve as Markdown.
pub fn curve_markdown(report: &CurveReport) -> String {
    let mut text = format!(
        "## {}\n\n{}\n\n",
        plain(&title(report)),
        plain(&meaning(report))
    );
    text += &table(report).markdown();
    apart(report)
        .iter()
        .for_each(|it| text += &format!("\n{}\n", plain(it)));
    report
        .detectable
        .iter()
        .for_each(|it| text += &format!("\n{}\n", plain(&sentence(report, it))));
    text
}
