//! A comparison of two policies as Markdown.

use crate::common::markdown::{code, plain};
use crate::result::CompareReport;
use crate::text::compare::{causes, pairs, sameness, table, title};

/// Returns the comparison as Markdown.
pub fn compare_markdown(report: &CompareReport) -> String {
    let mut text = format!("## {}\n\n{}\n", plain(&title(report)), sameness(report));
    text += &table(&report.overall).markdown();
    if report.scenarios.len() > 1 {
        for scenario in &report.scenarios {
            let head = format!("{} ({})", plain(&scenario.scenario), scenario.release);
            text += &format!("\n### {head}\n\n{}", table(&scenario.rows).markdown());
        }
    }
    for line in causes(report) {
        text += &format!("\n{}\n", plain(&line));
    }
    for row in &report.overall {
        if let Some(pair) = &row.most {
            text += &format!("\n{}\n\n", plain(&pairs(row)));
            for command in &pair.replay {
                text += &format!("- {}\n", code(command));
            }
        }
    }
    text + &format!("\n{}\n\nHash `{}`\n", report.method, report.hash)
}
