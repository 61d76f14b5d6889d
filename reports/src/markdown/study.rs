//! Many rollouts as Markdown, for pull requests and pages.

use crate::common::figure::{percent, percent_range};
use crate::common::markdown::{code, plain};
use crate::result::{ObjectiveRow, StudyReport};
use crate::text::causes::study_causes;
use crate::text::gates::gates_table;
use crate::text::lowered::lowered_lines;
use crate::text::study::parts::{deciding, limit, scenarios, title};
use crate::text::study::verdict::completion;

/// Returns the objectives, the scenarios and the replay commands of a study as Markdown.
pub fn study_markdown(report: &StudyReport) -> String {
    let mut text = format!("## {}\n\n", plain(&(title(report) + &completion(report))));
    for line in lowered_lines(&report.inputs) {
        text += &format!("{}\n\n", plain(&line));
    }
    text += "| objective | value | 95 % interval | limit | status |\n";
    text += "| --- | ---: | ---: | ---: | --- |\n";
    for row in &report.objectives {
        text += &objective(row);
    }
    for line in study_causes(report) {
        text += &format!("\n{}.\n", plain(&line));
    }
    text += &format!("\n{}", scenarios(report).markdown());
    if !report.gates.is_empty() {
        text += &format!("\n{}", gates_table(&report.gates).markdown());
    }
    for failure in &report.worst {
        let (kind, replay) = (plain(&failure.kind), code(&failure.replay));
        text += &format!("\nWorst {kind} ({}): {replay}\n", failure.count);
    }
    text + &format!("\nHash `{}`\n", report.hash)
}

fn objective(row: &ObjectiveRow) -> String {
    let needs = match deciding(row) {
        none if none.is_empty() => none,
        what => format!(" ({what})"),
    };
    format!(
        "| {} | {} | {} | {} | {}{needs} |\n",
        plain(&row.id),
        row.value.map_or("no data".to_owned(), percent),
        percent_range(row.low, row.high),
        limit(row),
        row.status.word(),
    )
}
