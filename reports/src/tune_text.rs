//! A search for better thresholds, for people.

use std::collections::BTreeMap;

use crate::escape::escape;
use crate::figure::{count, percent, span, three};
use crate::style::{Style, Tone};
use crate::table::{Align, Cell, Table};
use crate::timeline::wrap;
use crate::tune_json::{CandidateRow, FigureRow, NearestRow, RejectedRow, TuneReport, TuneStatus};

/// The most rows of the front that are shown; the JSON has all.
const ROWS_MAX: usize = 12;

/// Returns the Pareto front, the recommendation, its validation and its sensitivity.
pub fn tune_text(report: &TuneReport, style: Style) -> String {
    let line = |text: &str| wrap(&escape(text), 2, style.columns) + "\n";
    let mut text = style.paint(Tone::Strong, line(&title(report)).trim_end()) + "\n";
    text += &line(&searched(report));
    for note in notes(report) {
        text += &style.paint(Tone::Faint, line(&note).trim_end());
        text.push('\n');
    }
    text += &format!("\n{}", front(report).render(style));
    text += &format!("\n{}", paint(report, style));
    for (title, table) in [
        (unseen(report), confirmation(report)),
        (
            "sensitivity to the noise model".to_owned(),
            sensitivity(report),
        ),
    ] {
        if !table.is_empty() {
            text += &format!(
                "\n{}\n{}",
                style.paint(Tone::Strong, &title),
                table.render(style)
            );
        }
    }
    text + &format!(
        "\n{}\n",
        line(&format!("again: {}", report.again)).trim_end()
    )
}

fn paint(report: &TuneReport, style: Style) -> String {
    let tone = match report.status {
        TuneStatus::Better | TuneStatus::Keep => Tone::Good,
        TuneStatus::Infeasible => Tone::Bad,
        TuneStatus::Undecided | TuneStatus::Interrupted => Tone::Doubt,
    };
    let lines = verdict(report);
    let lines = lines
        .iter()
        .map(|line| style.paint(tone, &wrap(&escape(line), 2, style.columns)) + "\n");
    lines.collect()
}

/// Whom the report is about and how much was played.
pub(crate) fn title(report: &TuneReport) -> String {
    let search = &report.search;
    format!(
        "{} ({}): {} candidates, {} scenarios, {} rollouts simulated, seed {}",
        report.policy,
        report.profile,
        search.candidates,
        search.scenarios.len(),
        search.rollouts,
        report.seed
    )
}

/// What was asked.
pub(crate) fn searched(report: &TuneReport) -> String {
    let subject = if report.subject_to.is_empty() {
        "no constraint".to_owned()
    } else {
        report.subject_to.join(", ")
    };
    format!("minimize {} subject to {subject}", report.minimize)
}

/// What was not played, and why.
pub(crate) fn notes(report: &TuneReport) -> Vec<String> {
    let search = &report.search;
    let mut notes = Vec::new();
    if search.equal > 0 {
        notes.push(format!(
            "{} combinations are equivalent to one of these and were not simulated",
            search.equal
        ));
    }
    if let Some(first) = report.refused.first() {
        let many = report.refused.len();
        let why = format!("{} {}", first.code, first.why);
        notes.push(format!(
            "{many} combinations are not valid policies, the first: {why}"
        ));
    }
    if report.minimize == "harm" && report.candidates.iter().all(is_harmless) {
        let note = "no candidate did any harm: none of the signals that a bad release spoils harms users; \
                    try --minimize detection";
        notes.push(note.to_owned());
    }
    if !search.left_out.is_empty() {
        let each = search
            .left_out
            .iter()
            .map(|it| format!("{} ({})", it.scenario, it.why));
        notes.push(format!(
            "not counted: {}",
            each.collect::<Vec<_>>().join(", ")
        ));
    }
    notes
}

fn is_harmless(row: &CandidateRow) -> bool {
    row.figures.get("harm").is_none_or(|harm| harm.value == 0.0)
}

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

/// The shortest ends of the paths that tell them apart.
pub(crate) fn short(paths: &[&str]) -> Vec<String> {
    let end = |path: &str, parts: usize| {
        let all: Vec<&str> = path.split('.').collect();
        all[all.len().saturating_sub(parts)..].join(".")
    };
    let shortest = |path: &&str| {
        let alone = |parts: &usize| {
            let same = paths
                .iter()
                .filter(|other| end(other, *parts) == end(path, *parts));
            same.count() == 1
        };
        (1..10)
            .find(alone)
            .map_or((*path).to_owned(), |parts| end(path, parts))
    };
    paths.iter().map(shortest).collect()
}

/// The words of a metric as the head of a column.
pub(crate) fn heading(word: &str) -> &str {
    match word {
        "false_rollback" => "false rb",
        "stalled_release" => "stalled",
        "missed_regression" => "missed",
        "harm" => "harm min",
        "detection_p50" => "detect p50",
        "detection_p95" => "detect p95",
        "rollback_within_deadline" => "in deadline",
        "blast_within" => "in blast",
        other => other,
    }
}

/// A figure in the unit of its metric.
pub(crate) fn figure(figures: &BTreeMap<String, FigureRow>, word: &str) -> String {
    figures
        .get(word)
        .map_or(String::new(), |row| say(word, row.value))
}

pub(crate) fn say(word: &str, value: f64) -> String {
    match word {
        "harm" => signed(value, minutes),
        "duration" | "detection" | "detection_p50" | "detection_p95" => signed(value, span),
        _ => signed(value, percent),
    }
}

/// Minutes with three significant digits, however few they are.
fn minutes(value: f64) -> String {
    match value {
        v if v > 0.0 && v < 1e-6 => format!("{v:.2e}"),
        v if v > 0.0 && v < 0.1 => {
            let decimals = (2 - v.log10().floor() as i32) as usize;
            format!("{v:.decimals$}")
        }
        v => count(v),
    }
}

/// Figures are made for what is not negative; differences can be.
fn signed(value: f64, say: impl Fn(f64) -> String) -> String {
    if value < 0.0 {
        format!("-{}", say(-value))
    } else {
        say(value)
    }
}

/// How much was simulated that the search has not seen.
pub(crate) fn unseen(report: &TuneReport) -> String {
    let mut runs: Vec<u64> = report.confirmation.iter().map(|row| row.runs).collect();
    runs.sort_unstable();
    runs.dedup();
    let runs: Vec<_> = runs.iter().map(u64::to_string).collect();
    format!(
        "held-out validation ({} rollouts of each scenario)",
        runs.join(" or ")
    )
}

/// What is recommended, in sentences.
pub(crate) fn verdict(report: &TuneReport) -> Vec<String> {
    let mut lines = vec![headline(report)];
    lines.extend(report.nearest.iter().flat_map(|near| nearest(report, near)));
    lines.extend(report.rejected.iter().map(|row| rejected(report, row)));
    let shown = report.recommended.as_ref().or(report.best_so_far.as_ref());
    let other = shown.filter(|row| row.settings != report.current.settings);
    lines.extend(other.map(|row| change(report, row)));
    let near = report.candidates.iter().filter(|row| is_near(row)).count();
    if near > 0 && report.recommended.is_some() {
        lines.push(format!(
            "{near} other candidates are statistically indistinguishable from it"
        ));
    }
    if report.current_on_front {
        lines.push("the current settings are Pareto-optimal".to_owned());
    }
    lines
}

/// A candidate that may meet the constraints and was not shown to be worse.
fn is_near(row: &CandidateRow) -> bool {
    row.standing == "undecided" || row.standing == "meets the constraints"
}

fn headline(report: &TuneReport) -> String {
    let best = report.best_so_far.as_ref();
    match (&report.status, &report.recommended, best) {
        (TuneStatus::Interrupted, ..) => "interrupted: nothing is recommended".to_owned(),
        (TuneStatus::Infeasible, ..) => {
            format!("no candidate meets {}", report.subject_to.join(" and "))
        }
        (TuneStatus::Keep, ..) => {
            "keep the current settings: no candidate was shown to be better".to_owned()
        }
        (_, Some(row), _) => format!("recommended: {}", named(report, row)),
        (_, None, Some(row)) => format!(
            "undecided, nothing is recommended; best so far: {}",
            named(report, row)
        ),
        (_, None, None) => "undecided: no candidate seems to meet the constraints".to_owned(),
    }
}

/// Who comes nearest, what it exceeds, and which gates nobody asked about.
fn nearest(report: &TuneReport, near: &NearestRow) -> Vec<String> {
    let word = near.binding.split(['<', '>']).next().unwrap_or_default();
    let times = match near.used {
        Some(used) => format!("{} times the limit", three(used)),
        None => "where none is allowed".to_owned(),
    };
    let row = &near.candidate;
    let mut lines = vec![format!(
        "nearest: {}, with {word} {} ({times}); binding constraint: {}",
        named(report, row),
        figure(&row.figures, word),
        near.binding
    )];
    if !near.not_varied.is_empty() {
        let first = &near.not_varied[0];
        lines.push(format!(
            "not varied: {}; try --vary 'gates.{first}.limit=FROM..TO'",
            near.not_varied.join(", ")
        ));
    }
    lines
}

fn rejected(report: &TuneReport, row: &RejectedRow) -> String {
    let open = report.subject_to.iter().zip(&row.kept);
    let open = open.filter(|(_, kept)| *kept != "ok");
    let open: Vec<_> = open
        .map(|(limit, kept)| format!("{limit} is {kept}"))
        .collect();
    let settings: Vec<_> = report
        .variations
        .iter()
        .zip(&row.settings)
        .map(|(variation, value)| format!("{} = {value}", variation.path))
        .collect();
    format!(
        "not recommended: {}, as {} on {} fresh rollouts of each scenario",
        settings.join(", "),
        open.join(" and "),
        row.runs
    )
}

pub(crate) fn named(report: &TuneReport, row: &CandidateRow) -> String {
    let pairs = report.variations.iter().zip(&row.settings);
    pairs
        .map(|(variation, value)| format!("{} = {value}", variation.path))
        .collect::<Vec<_>>()
        .join(", ")
}

/// From the current figures to the recommended ones.
fn change(report: &TuneReport, row: &CandidateRow) -> String {
    let asked = report
        .subject_to
        .iter()
        .filter_map(|text| text.split(['<', '>']).next());
    let mut words: Vec<&str> = vec![&report.minimize];
    words.extend(asked);
    words.dedup();
    let say = |word: &&str| {
        let from = figure(&report.current.figures, word);
        let to = figure(&row.figures, word);
        let (before, after) = (report.current.figures.get(*word)?, row.figures.get(*word)?);
        let relative = (after.value / before.value - 1.0) * 100.0;
        let relative = if relative.is_finite() {
            format!(" ({relative:+.0} %)")
        } else {
            String::new()
        };
        Some(format!("{word} {from} -> {to}{relative}"))
    };
    words.iter().filter_map(say).collect::<Vec<_>>().join(", ")
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

pub(crate) fn range(word: &str, row: &FigureRow) -> String {
    let value = say(word, row.value);
    match (row.low, row.high) {
        (Some(low), Some(high)) => format!("{value} [{}, {}]", say(word, low), say(word, high)),
        _ => value,
    }
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
