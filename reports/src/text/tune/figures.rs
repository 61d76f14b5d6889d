//! The figures of a search in the units of their metrics.

use std::collections::BTreeMap;

use crate::common::figure::{count, percent, span};
use crate::result::FigureRow;

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

/// The same for a table: a rate with the number of rollouts that it is over.
pub(crate) fn figure_among(figures: &BTreeMap<String, FigureRow>, word: &str) -> String {
    let among = figures.get(word).and_then(|row| row.among);
    let among = among.map_or(String::new(), |among| format!(" of {among}"));
    figure(figures, word) + &among
}

pub(crate) fn say(word: &str, value: f64) -> String {
    match word {
        "harm" => signed(value, minutes),
        "duration" | "detection" | "detection_p50" | "detection_p95" => signed(value, span),
        _ => signed(value, percent),
    }
}

/// Minutes with three significant digits, however few they are.
pub(crate) fn minutes(value: f64) -> String {
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
pub(crate) fn signed(value: f64, say: impl Fn(f64) -> String) -> String {
    if value < 0.0 {
        format!("-{}", say(-value))
    } else {
        say(value)
    }
}

pub(crate) fn range(word: &str, row: &FigureRow) -> String {
    let value = say(word, row.value);
    match (row.low, row.high) {
        (Some(low), Some(high)) => format!("{value} [{}, {}]", say(word, low), say(word, high)),
        _ => value,
    }
}
