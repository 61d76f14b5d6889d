//! The header of a CSV: which column is what.

use std::ops::Range;

use super::reading::Columns;
use super::timestamp::Timestamp;
use crate::Diagnostic;
use crate::diagnostic::quote::quote;

/// Where each column stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    pub timestamp: usize,
    pub value: usize,
    pub n: Option<usize>,
    pub host: Option<usize>,
    pub version: Option<usize>,
    /// Whether the name of the value says that it counts errors.
    pub are_errors: bool,
    /// Whether the name of the value says percent.
    pub says_percent: bool,
    /// How many columns there are.
    pub width: usize,
    /// Columns that nobody reads.
    pub unused: Vec<String>,
}

/// What other programs call the columns.
const ALIASES: [(&str, &[&str]); 5] = [
    (
        "timestamp",
        &["timestamp", "time", "ts", "date", "datetime"],
    ),
    ("value", &["value"]),
    (
        "n",
        &[
            "n",
            "count",
            "total",
            "requests",
            "request_count",
            "requests_total",
            "total_requests",
            "http_requests_total",
            "hits",
        ],
    ),
    ("host", &["host", "instance", "pod"]),
    ("version", &["version"]),
];

/// What a column of errors is called.
const ERRORS: [&str; 10] = [
    "errors",
    "error_count",
    "errors_total",
    "failed",
    "failures",
    "failed_requests",
    "bad",
    "bad_requests",
    "5xx",
    "http_5xx",
];

/// Reads the header, or says what is missing.
pub(super) fn header(
    cells: &[String],
    line: Range<usize>,
    columns: &Columns,
) -> Result<Header, Box<Diagnostic>> {
    if cells
        .first()
        .is_some_and(|cell| Timestamp::read(cell).is_some())
    {
        return Err(no_header(line).into());
    }
    let optional = |wanted: usize| {
        let (role, aliases) = ALIASES[wanted];
        let Some(chosen) = columns.of(role) else {
            return Ok(aliases.iter().find_map(|name| place(cells, name)));
        };
        let found = place(cells, chosen).map(Some);
        found.ok_or_else(|| absent(chosen, role, cells, line.clone()))
    };
    let time = optional(0)?.ok_or_else(|| absent("timestamp", "timestamp", cells, line.clone()))?;
    let mut header = Header {
        timestamp: time,
        n: optional(2)?,
        host: optional(3)?,
        version: optional(4)?,
        width: cells.len(),
        ..Header::default()
    };
    header.value = value(&mut header, optional(1)?, cells)
        .ok_or_else(|| absent("value", "value", cells, line.clone()))?;
    let name = cells[header.value].to_lowercase();
    header.says_percent = PERCENT.iter().any(|word| name.contains(word));
    header.unused = unused(&header, cells);
    Ok(header)
}

fn no_header(line: Range<usize>) -> Diagnostic {
    let what = "the first line is a row and not a header";
    Diagnostic::error("CM302", line, what)
        .reason("without a header nobody can tell a value from a denominator")
        .help("put `timestamp,value` (and n, host, version where there are such columns) on top")
}

/// The column of the value: the one that is said, that of errors, or the only one that is left.
fn value(header: &mut Header, said: Option<usize>, cells: &[String]) -> Option<usize> {
    let errors = ERRORS.iter().find_map(|name| place(cells, name));
    header.are_errors = said.is_none() && errors.is_some();
    said.or(errors).or_else(|| only_other(header, cells))
}

const PERCENT: [&str; 3] = ["%", "percent", "pct"];

/// The one column besides the time and what is known: a panel with one series names it as it likes.
fn only_other(header: &mut Header, cells: &[String]) -> Option<usize> {
    let known = |header: &Header| {
        let known = [
            Some(header.timestamp),
            header.n,
            header.host,
            header.version,
        ];
        let others = (0..cells.len()).filter(move |at| !known.contains(&Some(*at)));
        others.collect::<Vec<_>>()
    };
    match (known(header)[..].to_vec().as_slice(), header.n) {
        ([only], _) => Some(*only),
        // A panel of counts alone has them as its values.
        ([], Some(n)) => {
            header.n = None;
            Some(n)
        }
        _ => None,
    }
}

/// A column is called by its name or, where labels follow it in braces, by what stands before them.
fn place(cells: &[String], name: &str) -> Option<usize> {
    let is = |cell: &String| cell.trim().eq_ignore_ascii_case(name);
    let bare = |cell: &String| {
        let bare = cell.split('{').next().unwrap_or_default();
        bare.trim().eq_ignore_ascii_case(name)
    };
    let mut cells = cells.iter();
    cells.clone().position(is).or_else(|| cells.position(bare))
}

fn unused(header: &Header, cells: &[String]) -> Vec<String> {
    let used = [
        Some(header.timestamp),
        Some(header.value),
        header.n,
        header.host,
        header.version,
    ];
    let left = cells
        .iter()
        .enumerate()
        .filter(|(at, _)| !used.contains(&Some(*at)));
    left.map(|(_, cell)| cell.trim().to_owned()).collect()
}

fn absent(name: &str, role: &str, cells: &[String], line: Range<usize>) -> Box<Diagnostic> {
    let there: Vec<_> = cells
        .iter()
        .take(8)
        .map(|cell| quote(cell.trim()))
        .collect();
    let message = format!(
        "the header has no column {}; it has {}",
        quote(name),
        there.join(", ")
    );
    let help = if role == "value" {
        "say which column holds what the gate reads, --column value=NAME, and which the number of requests, --column n=NAME".to_owned()
    } else {
        format!("rename the column, or say which it is: --column {role}=NAME")
    };
    Diagnostic::error("CM302", line, message)
        .reason("columns are found by their names and never by their places")
        .help(help)
        .into()
}
