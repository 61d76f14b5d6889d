//! A case as Markdown: the page that lies beside it.

use crate::common::markdown::{block, code, plain};
use crate::result::CaseReport;
use crate::text::case::{headline, sentences, side_by_side, sizes};

/// Returns the same as a page that lies beside the case.
pub fn case_markdown(report: &CaseReport) -> String {
    let mut text = format!(
        "# {} is violated\n\n{}.\n\n{}\n\nPlay it again:\n\n{}\n## With and without\n\n",
        plain(&report.promise),
        plain(&headline(report)),
        sizes(report),
        block(&report.replay)
    );
    if let Some(old) = &report.old_reading {
        let old = plain(old);
        text = text.replacen("Play it again:", &format!("{old}\n\nPlay it again:"), 1);
    }
    text += &side_by_side(report).markdown();
    text += "\n## The faults\n";
    for fault in &report.faults {
        text += &format!("\n### {}\n\n", plain(&fault.id).replace('#', "\\#"));
        for said in sentences(fault, report) {
            text += &format!("- {}\n", plain(&said));
        }
    }
    if let Some(found_by) = &report.found_by {
        text += &format!("\nFound by {}.\n", code(found_by));
    }
    text
}
