//! The result of a chaos campaign as Markdown.

use crate::common::markdown::{code, plain};
use crate::common::style::Style;
use crate::result::ChaosReport;
use crate::text::chaos::findings::findings;
use crate::text::chaos::lineage::lineage;
use crate::text::chaos::tables::{covered, frontiers, generators, promises};
use crate::text::chaos::{failure, foot, gaps, harm, notes, sentence, title, told};

/// Returns the result as Markdown, in the same order.
pub fn chaos_markdown(report: &ChaosReport) -> String {
    let mut parts = vec![format!(
        "# {}: {}\n",
        plain(&title(report)),
        report.verdict.word()
    )];
    let reasons = report.reasons.iter();
    let notes = notes(report);
    let why = reasons.chain(&notes);
    parts.push(why.map(|why| format!("- {}\n", plain(why))).collect());
    if let Some(worst) = failure(report) {
        let what = sentence(worst);
        parts.push(format!("{}\n\n{}\n", plain(&what), code(&worst.replay)));
    }
    parts.push(promises(report).markdown());
    let open = told(report, WIDE);
    parts.push(quoted_part("## Left open on purpose", &open));
    if report.findings.len() > 1 {
        parts.push(format!("## Findings\n\n{}", findings(report).markdown()));
    }
    parts.push(format!("## Harm\n\n{}\n", plain(&harm(report, true))));
    if let Some(told) = lineage(report) {
        parts.push(format!("## Lineage\n\n{}\n", plain(&told)));
    }
    if !report.frontiers.is_empty() {
        parts.push(format!("## Frontiers\n\n{}", frontiers(report).markdown()));
    }
    let generators = generators(report, usize::MAX).markdown();
    parts.push(format!("## Generators\n\n{generators}"));
    parts.push(format!("## Coverage\n\n{}", covered(report).markdown()));
    let gaps = gaps(report, WIDE);
    parts.push(quoted_part("## Not seen", &gaps));
    parts.push(format!("{}\n", plain(&foot(report))));
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

const WIDE: Style = Style {
    columns: usize::MAX,
    ..Style::PLAIN
};

/// A part of lines as they are for a terminal; nothing without lines.
fn quoted_part(head: &str, text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = text.lines().map(plain).collect();
    format!("{head}\n\n{}\n", lines.join("\n"))
}
