//! Many rollouts for people.

mod brief;
pub(crate) mod parts;
pub(crate) mod verdict;

use std::collections::BTreeMap;

use crate::common::escape::escape;
use crate::common::style::{Style, Tone};
use crate::common::wrap::wrap;
use crate::result::{ObjectiveRow, ObjectiveStatus, StudyReport};
use crate::text::causes::study_causes;
use crate::text::gates::gates_text;
use crate::text::lowered::lowered_text;
use crate::text::study::brief::study_brief;
use crate::text::study::parts::{deciding, objectives, scenarios, title, untried};
use crate::text::study::verdict::completion;

/// Returns a study as text: in 25 lines, or all its tables where the style wants every detail: scenarios,
/// objectives, promises, and where to look first.
pub fn study_text(report: &StudyReport, style: Style) -> String {
    let lowered = lowered_text(&report.inputs, style);
    let text = if style.detail {
        tables(report, style)
    } else {
        study_brief(report, style)
    };
    if lowered.is_empty() {
        text
    } else {
        lowered + "\n" + &text
    }
}

fn tables(report: &StudyReport, style: Style) -> String {
    let parts = [
        style.paint(
            Tone::Strong,
            &wrap(
                &escape(&(title(report) + &completion(report))),
                0,
                style.columns,
            ),
        ) + "\n",
        scenarios(report).render(style),
        objectives(&report.objectives).render(style)
            + &needs(report, style)
            + &left_out(report, style),
        causes(report, style),
        gates_text(&report.gates, style),
        broken(report, style),
        worst(report, style),
        format!("hash {}\n", report.hash),
    ];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

/// Who led to what went wrong, a line for each kind.
pub(crate) fn causes(report: &StudyReport, style: Style) -> String {
    let lines = study_causes(report).into_iter();
    let lines = lines.map(|line| wrap(&escape(&line), 2, style.columns) + "\n");
    lines.collect()
}

/// What would decide the undecided.
fn needs(report: &StudyReport, style: Style) -> String {
    let open = report
        .objectives
        .iter()
        .filter(|row| row.status == ObjectiveStatus::Undecided);
    let need = |row: &ObjectiveRow| format!("{} {}", deciding(row), row.id);
    let needs: Vec<_> = open.map(need).collect();
    if needs.is_empty() {
        return String::new();
    }
    let text = format!("undecided: {}", needs.join("; "));
    style.paint(Tone::Doubt, &wrap(&escape(&text), 2, style.columns)) + "\n"
}

/// Which scenarios are not in the rates over all of them, a line for each set.
fn left_out(report: &StudyReport, style: Style) -> String {
    let mut sets: BTreeMap<&[String], Vec<&str>> = BTreeMap::new();
    for (rate, names) in &report.left_out {
        sets.entry(names).or_default().push(rate);
    }
    let line = |(names, rates): (&[String], Vec<&str>)| {
        let (rates, names) = (rates.join(" and "), names.join(", "));
        let text =
            format!("excluded from {rates}, as these scenarios expect another outcome: {names}");
        let text = wrap(&escape(&text), 2, style.columns);
        format!("{}\n", style.paint(Tone::Faint, &text))
    };
    sets.into_iter().map(line).collect()
}

/// The promises that were broken, and those that were not even tried.
fn broken(report: &StudyReport, style: Style) -> String {
    let mut text = String::new();
    for row in report.invariants.iter().filter(|row| row.violated > 0) {
        let word = style.paint(Tone::Bad, "VIOLATED");
        text += &format!("{} {word} in {} rollouts\n", escape(&row.id), row.violated);
    }
    let untried: Vec<_> = untried(report).collect();
    if !untried.is_empty() {
        let line = format!("not exercised: {}", untried.join(", "));
        let line = wrap(&escape(&line), 2, style.columns);
        text += &format!("{}\n", style.paint(Tone::Faint, &line));
    }
    text
}

fn worst(report: &StudyReport, style: Style) -> String {
    let mut text = String::new();
    for failure in &report.worst {
        let kind = style.paint(Tone::Bad, &escape(&failure.kind));
        let title = format!(
            "worst {kind} ({} in {})",
            failure.count,
            escape(&failure.scenario)
        );
        text += &format!("{title}\n  {}\n", escape(&failure.replay));
    }
    text
}
