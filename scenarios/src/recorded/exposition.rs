//! Lines of samples: `promtool tsdb dump` and OpenMetrics text.

use std::collections::BTreeMap;

use super::defects::Defects;
use super::labelled::{LabelledSeries, rows as of_series};
use super::number::value;
use super::rows::Rows;
use super::timestamp::Timestamp;
use crate::Diagnostic;
use crate::diagnostic::quote::quote;

/// The most series that are told apart.
const SERIES_MAX: usize = 20_000;

/// A sample as it stands in a line.
struct Line<'t> {
    name: String,
    labels: BTreeMap<String, String>,
    rest: &'t str,
}

/// Says whether a text is of such lines: the first that is no comment has labels in braces and two words
/// behind them, or it begins with a comment of OpenMetrics.
pub(super) fn is_one(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let Some(first) = lines.next() else {
        return false;
    };
    if ["# TYPE ", "# HELP ", "# UNIT "]
        .iter()
        .any(|word| first.starts_with(word))
    {
        return true;
    }
    line(first).is_some_and(|found| found.rest.split_whitespace().count() == 2)
        && (first.starts_with('{') || first.contains('{'))
}

/// The name that a line declares to be a counter.
fn declared_counter(line: &str) -> Option<String> {
    let (name, kind) = line.strip_prefix("# TYPE ")?.split_once(' ')?;
    (kind == "counter").then(|| name.to_owned())
}

/// Reads all samples.
pub(super) fn rows(text: &str, found: &mut Defects) -> Rows {
    let mut counters: Vec<String> = Vec::new();
    let mut all: BTreeMap<(String, BTreeMap<String, String>), LabelledSeries> = BTreeMap::new();
    let mut start = 0;
    for raw in text.split('\n') {
        let span = start..start + raw.len();
        start += raw.len() + 1;
        let trimmed = raw.trim();
        counters.extend(declared_counter(trimmed));
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let Some((line, time, number)) = sample(trimmed) else {
            found.row("CM303", &span, |it| no_sample(it, trimmed));
            continue;
        };
        let key = (line.name.clone(), line.labels.clone());
        let known = all.entry(key).or_insert_with(|| LabelledSeries {
            name: line.name,
            labels: line.labels,
            ..LabelledSeries::default()
        });
        known.samples.push((time, number));
        if all.len() > SERIES_MAX {
            break;
        }
    }
    let counted = all.into_values().map(|one| LabelledSeries {
        is_counter: is_counter(&one.name, &counters),
        ..one
    });
    of_series(counted.collect(), found)
}

fn no_sample(mut it: Diagnostic, line: &str) -> Diagnostic {
    let begins: String = line.chars().take(60).collect();
    it.message = format!("{} is no sample with a time", quote(&begins));
    it.help("a line is `name{label=\"value\"} NUMBER TIME`; samples without a time are one scrape and no history: promtool tsdb dump writes both")
}

fn is_counter(name: &str, counters: &[String]) -> bool {
    let is_it = |known: &String| name.strip_suffix("_total") == Some(known) || name == known;
    name.ends_with("_total") || counters.iter().any(is_it)
}

fn sample(text: &str) -> Option<(Line<'_>, Timestamp, Option<f64>)> {
    let found = line(text)?;
    let mut words = found.rest.split_whitespace();
    let (number, time) = (words.next()?, words.next()?);
    let read = value(number).filter(|read| read.unit.is_empty())?;
    let time = Timestamp::read(time)?.0;
    let number = (!read.is_absent).then_some(read.number);
    Some((found, time, number))
}

/// Takes name and labels off a line.
fn line(text: &str) -> Option<Line<'_>> {
    let brace = text.find('{');
    let blank = text.find(char::is_whitespace)?;
    let Some(open) = brace.filter(|open| *open < blank) else {
        return Some(Line {
            name: text[..blank].to_owned(),
            labels: BTreeMap::new(),
            rest: &text[blank..],
        });
    };
    let (mut labels, rest) = labels(&text[open + 1..])?;
    let own = text[..open].trim().to_owned();
    let name = labels
        .remove("__name__")
        .filter(|_| own.is_empty())
        .unwrap_or(own);
    Some(Line { name, labels, rest })
}

/// Reads `key="value", ...}` and returns what is behind it.
fn labels(mut text: &str) -> Option<(BTreeMap<String, String>, &str)> {
    let mut all = BTreeMap::new();
    loop {
        text = text.trim_start_matches([' ', ',']);
        if let Some(rest) = text.strip_prefix('}') {
            return Some((all, rest));
        }
        let (key, rest) = text.split_once('=')?;
        let rest = rest.trim_start().strip_prefix('"')?;
        let mut value = String::new();
        let mut letters = rest.char_indices();
        let end = loop {
            match letters.next()? {
                (at, '"') => break at + 1,
                (_, '\\') => value.push(match letters.next()?.1 {
                    'n' => '\n',
                    other => other,
                }),
                (_, other) => value.push(other),
            }
        };
        all.insert(key.trim().to_owned(), value);
        text = &rest[end..];
    }
}
