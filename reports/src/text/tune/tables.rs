//! The tables of a search.

use crate::common::style::Tone;
use crate::common::table::{Align, Cell, Table};
use crate::result::{CandidateRow, ConfirmationRow, TuneReport};
use crate::text::tune::figures::{figure, figure_among, heading, range, short};

/// The most rows of the front that are shown; the JSON has all.
const ROWS_MAX: usize = 12;

/// The Pareto front, the current policy and the recommended one marked.
pub(crate) fn front(report: &TuneReport) -> Table {
    let mut head: Vec<(&str, Align)> = vec![("", Align::Left)];
    let paths = report.variations.iter().map(|it| it.path.as_str());
    let paths: Vec<&str> = paths.collect();
    let paths = short(&paths);
    head.extend(paths.iter().map(|path| (path.as_str(), Align::Right)));
    let objectives = report.objectives.iter();
    head.extend(objectives.map(|word| (heading(word), Align::Right)));
    head.push(("runs", Align::Right));
    let mut table = Table::new(&head);
    let best = report.recommended.as_ref().map(|row| &row.settings);
    for row in rows(report) {
        let is_current = row.settings == report.current.settings;
        let mark = match (best == Some(&row.settings), is_current) {
            (true, true) => "* current",
            (true, false) => "*",
            (false, true) => "current",
            (false, false) => "",
        };
        let mut cells = vec![Cell::toned(mark, Tone::Good)];
        cells.extend(row.settings.iter().map(Cell::new));
        let objectives = report.objectives.iter();
        let figures = objectives.map(|word| figure_among(&row.figures, word));
        cells.extend(figures.map(Cell::new));
        cells.push(row.runs.to_string().into());
        table.row(cells);
    }
    table
}

/// The first of the front, and beside them the recommended, the best and the current one.
fn rows(report: &TuneReport) -> Vec<&CandidateRow> {
    let mut rows: Vec<&CandidateRow> = report.front.iter().take(ROWS_MAX).collect();
    let also = report.recommended.iter().chain(&report.best_so_far);
    for row in also.chain([&report.current]) {
        if rows.iter().all(|known| known.settings != row.settings) {
            rows.push(row);
        }
    }
    rows
}

/// One row for each set of rollouts that the search has not seen.
pub(crate) fn confirmation(report: &TuneReport) -> Table {
    let minimized = report.minimize.as_str();
    let current = format!("{}, current", heading(minimized));
    let mut head = vec![
        ("", Align::Left),
        (current.as_str(), Align::Right),
        ("recommended", Align::Right),
    ];
    head.extend([
        ("difference, 95 % interval", Align::Right),
        ("", Align::Left),
    ]);
    if !report.subject_to.is_empty() {
        head.push(("constraints", Align::Left));
    }
    let mut table = Table::new(&head);
    for row in &report.confirmation {
        table.row(confirmed(row, report));
    }
    table
}

fn confirmed(row: &ConfirmationRow, report: &TuneReport) -> Vec<Cell> {
    let minimized = report.minimize.as_str();
    let tone = match row.word.as_str() {
        "better" => Tone::Good,
        "worse" => Tone::Bad,
        _ => Tone::Plain,
    };
    let mut cells = vec![
        Cell::new(&row.what),
        figure(&row.current, minimized).into(),
        figure(&row.recommended, minimized).into(),
        row.difference
            .map_or(String::new(), |it| range(minimized, &it))
            .into(),
        Cell::toned(&row.word, tone),
    ];
    if !report.subject_to.is_empty() {
        cells.push(row.kept.join(" ").into());
    }
    cells
}

/// One row for each model of the noise.
pub(crate) fn sensitivity(report: &TuneReport) -> Table {
    let limits = report.subject_to.iter();
    let words = limits.filter_map(|text| text.split(['<', '>']).next());
    let mut words: Vec<&str> = words.collect();
    words.push(&report.minimize);
    words.dedup();
    let mut head = vec![("noise model", Align::Left)];
    head.extend(words.iter().map(|word| (heading(word), Align::Right)));
    head.extend([("choice", Align::Left), ("", Align::Left)]);
    let mut table = Table::new(&head);
    for row in &report.sensitivity {
        let tone = if row.word == "same" {
            Tone::Good
        } else {
            Tone::Doubt
        };
        let mut cells = vec![Cell::new(&row.model)];
        let figures = words.iter().map(|word| figure(&row.recommended, word));
        cells.extend(figures.map(Cell::new));
        cells.push(Cell::toned(&row.word, tone));
        cells.push(match &row.choice {
            Some(choice) if row.word != "same" => choice.join(", ").into(),
            _ => "".into(),
        });
        table.row(cells);
    }
    table
}
