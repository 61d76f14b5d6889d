//! The header of a CSV: which column is what.

use std::ops::Range;

use super::reader::Columns;
use super::timestamp::Timestamp;
use crate::Diagnostic;
use crate::quote::quote;

/// Where each column stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    pub timestamp: usize,
    pub value: usize,
    pub n: Option<usize>,
    pub host: Option<usize>,
    pub version: Option<usize>,
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
    ("n", &["n", "count", "total"]),
    ("host", &["host", "instance", "pod"]),
    ("version", &["version"]),
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
        let what = "the first line is a row and not a header";
        return Err(Diagnostic::error("CM302", line, what)
            .reason("without a header nobody can tell a value from a denominator")
            .help(
                "put `timestamp,value` (and n, host, version where there are such columns) on top",
            )
            .into());
    }
    let optional = |wanted: usize| {
        let (role, aliases) = ALIASES[wanted];
        let known = |name: &&str| place(cells, name);
        match columns.of(role) {
            Some(chosen) => match place(cells, chosen) {
                None => Err(absent(chosen, role, cells, line.clone())),
                found => Ok(found),
            },
            None => Ok(aliases.iter().find_map(known)),
        }
    };
    let needed = |wanted: usize| {
        let role = ALIASES[wanted].0;
        let found = optional(wanted)?;
        found.ok_or_else(|| absent(role, role, cells, line.clone()))
    };
    let mut header = Header {
        timestamp: needed(0)?,
        value: needed(1)?,
        n: optional(2)?,
        host: optional(3)?,
        version: optional(4)?,
        width: cells.len(),
        unused: Vec::new(),
    };
    header.unused = unused(&header, cells);
    Ok(header)
}

fn place(cells: &[String], name: &str) -> Option<usize> {
    let is = |cell: &String| cell.trim().eq_ignore_ascii_case(name);
    cells.iter().position(is)
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
    let one = cells.first().is_some_and(|cell| cell.contains([';', '\t']));
    let help = if one && cells.len() == 1 {
        "separate the columns with commas, and write decimals with a point".to_owned()
    } else {
        format!("rename the column, or say which it is: --column {role}=NAME")
    };
    Diagnostic::error("CM302", line, message)
        .reason("columns are found by their names and never by their places")
        .help(help)
        .into()
}
