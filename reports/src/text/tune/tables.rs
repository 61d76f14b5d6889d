//! The tables of a search.

use crate::common::style::Tone;
use crate::common::table::{Align, Cell, Table};
use crate::result::{CandidateRow, TuneReport};
use crate::text::tune::figures::{figure, heading, range, short};

/// The most rows of the front that are shown; the JSON has all.
const ROWS_MAX: usize = 12;

/// The Pareto front, the current policy and the recommended one marked.
pub(crate) fn front(report: &TuneReport) -> Table {
    let mut head: Vec<(&str, Align)> = vec![("", Align::Left)];
    let paths: Vec<&str> = report
        .variations
        .iter()
        .map(|it| it.path.as_str())
        .collect();
    let paths = short(&paths);
    head.extend(paths.iter().map(|path| (path.as_str(), Align::Right)));
    head.extend(
        report
            .objectives
            .iter()
            .map(|word| (heading(word), Align::Right)),
    );
    head.push(("runs", Align::Right));
    let mut table = Table::new(&head);
    let best = report.recommended.as_ref().map(|row| &row.settings);
    let mut rows: Vec<(&CandidateRow, bool)> = report
        .front
        .iter()
        .take(ROWS_MAX)
        .map(|row| (row, true))
        .collect();
    let also = report.recommended.iter().chain(&report.best_so_far);
    for row in also.chain([&report.current]) {
        if rows.iter().all(|(known, _)| known.settings != row.settings) {
            rows.push((row, false));
        }
    }
    for (row, _) in rows {
        let is_current = row.settings == report.current.settings;
        let mark = match (best == Some(&row.settings), is_current) {
            (true, true) => "* current",
            (true, false) => "*",
            (false, true) => "current",
            (false, false) => "",
        };
        let mut cells = vec![Cell::toned(mark, Tone::Good)];
        cells.extend(row.settings.iter().map(Cell::new));
        cells.extend(
            report
                .objectives
                .iter()
                .map(|word| Cell::new(figure(&row.figures, word))),
        );
        cells.push(row.runs.to_string().into());
        table.row(cells);
    }
    table
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
        table.row(cells);
    }
    table
}

/// One row for each model of the noise.
pub(crate) fn sensitivity(report: &TuneReport) -> Table {
    let mut words: Vec<&str> = report
        .subject_to
        .iter()
        .filter_map(|text| text.split(['<', '>']).next())
        .collect();
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
        cells.extend(
            words
                .iter()
                .map(|word| Cell::new(figure(&row.recommended, word))),
        );
        cells.push(Cell::toned(&row.word, tone));
        cells.push(match &row.choice {
            Some(choice) if row.word != "same" => choice.join(", ").into(),
            _ => "".into(),
        });
        table.row(cells);
    }
    table
}
