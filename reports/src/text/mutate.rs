//! A campaign against mutants as text and as Markdown.

use crate::common::escape::escape;
use crate::common::figure::percent;
use crate::common::style::{Style, Tone};
use crate::common::table::{Align, Cell, Table};
use crate::common::wrap::wrap;
use crate::result::{MutantRow, MutateReport, MutateScore, MutateStatus};

/// Returns the score and the survivors as text; in detail also what caught the mutants of each operator.
pub fn mutate_text(report: &MutateReport, style: Style) -> String {
    let mut parts = vec![
        style.paint(Tone::Strong, &wrap(&title(report), 0, style.columns)) + "\n",
        scores(report).render(style),
    ];
    let survivors: String = sentences(report)
        .map(|line| wrap(&line, 0, style.columns) + "\n")
        .collect();
    if !survivors.is_empty() {
        parts.push(survivors);
    }
    if style.detail {
        parts.push(operators(report).render(style));
    }
    let tone = match report.status {
        MutateStatus::Met => Tone::Good,
        MutateStatus::Missed => Tone::Bad,
        MutateStatus::Interrupted => Tone::Doubt,
    };
    parts.push(style.paint(tone, &wrap(&verdict(report), 0, style.columns)) + "\n");
    parts.join("\n")
}

pub(crate) fn title(report: &MutateReport) -> String {
    let title = format!(
        "{} ({}), scenario {}: {} mutants, {} rehearsals, {} rollouts, seed {}",
        report.policy,
        report.profile,
        report.scenario,
        report.mutants.len(),
        report.rehearsals,
        report.runs,
        report.seed
    );
    escape(&title).into_owned()
}

pub(crate) fn scores(report: &MutateReport) -> Table {
    let mut table = Table::new(&[
        ("mutants", Align::Left),
        ("caught", Align::Right),
        ("of", Align::Right),
        ("share", Align::Right),
        ("asked for", Align::Right),
        ("", Align::Left),
    ]);
    let mut row = |name: &str, score: &MutateScore| {
        let (word, tone) = if score.is_met() {
            ("ok", Tone::Good)
        } else {
            ("MISS", Tone::Bad)
        };
        table.row(vec![
            name.into(),
            score.caught.to_string().into(),
            score.of.to_string().into(),
            percent(score.share()).into(),
            percent(score.goal).into(),
            Cell::toned(word, tone),
        ]);
    };
    row("that count", &report.score);
    row("critical", &report.critical);
    table
}

/// What nobody would notice, the critical ones first.
pub(crate) fn sentences(report: &MutateReport) -> impl Iterator<Item = String> {
    let mut rows: Vec<&MutantRow> = report.mutants.iter().collect();
    rows.sort_by_key(|row| !row.critical);
    let line = |row: &MutantRow| {
        let sentence = row.sentence.as_ref()?;
        let critical = if row.critical { "CRITICAL: " } else { "" };
        let why = row.why.as_deref().unwrap_or("unknown");
        let line = format!("{critical}{sentence} ({}: {why})", row.operator);
        Some(escape(&line).into_owned())
    };
    let lines: Vec<String> = rows.into_iter().filter_map(line).collect();
    lines.into_iter()
}

/// Each operator with what became of its mutants.
pub(crate) fn operators(report: &MutateReport) -> Table {
    let mut table = Table::new(&[
        ("operator", Align::Left),
        ("caught", Align::Right),
        ("missed", Align::Right),
        ("masked", Align::Right),
        ("equivalent", Align::Right),
        ("unviable", Align::Right),
        ("by", Align::Left),
    ]);
    let names = operator_names(report);
    for name in names {
        table.row(operator_cells(report, name));
    }
    table
}

fn operator_names(report: &MutateReport) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for row in &report.mutants {
        if !names.contains(&row.operator.as_str()) {
            names.push(&row.operator);
        }
    }
    names
}

fn operator_cells(report: &MutateReport, name: &str) -> Vec<Cell> {
    let rows: Vec<_> = report
        .mutants
        .iter()
        .filter(|row| row.operator == name)
        .collect();
    let count = |verdict: &str| {
        let count = rows.iter().filter(|row| row.verdict == verdict).count();
        Cell::new(if count == 0 {
            String::new()
        } else {
            count.to_string()
        })
    };
    let mut by: Vec<&str> = rows
        .iter()
        .filter_map(|row| row.promise.as_deref())
        .collect();
    by.sort_unstable();
    by.dedup();
    let verdicts = ["caught", "missed", "masked", "equivalent", "unviable"].map(count);
    let mut cells = vec![name.into()];
    cells.extend(verdicts);
    cells.push(by.join(" ").into());
    cells
}

pub(crate) fn verdict(report: &MutateReport) -> String {
    let through = report.count("missed") + report.count("masked");
    match report.status {
        MutateStatus::Met => format!("the rehearsals notice what counts; {through} got through"),
        MutateStatus::Missed => {
            format!("{through} mutants got through: the rehearsals do not notice enough")
        }
        MutateStatus::Interrupted => {
            "interrupted: not every mutant was played to its end".to_owned()
        }
    }
}
