//! Rows as they stand in a recording, before anybody has judged them.

use std::collections::BTreeMap;
use std::ops::Range;

use super::timestamp::Timestamp;

/// One row, with the bytes that it was read from.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub span: Range<usize>,
    pub time: Timestamp,
    /// None where the recording has none; NaN or infinite where it says so.
    pub value: Option<f64>,
    pub n: Option<f64>,
    pub host: Option<u32>,
    pub version: Option<u32>,
}

impl Row {
    /// What tells one series from another.
    pub const fn key(&self) -> (Option<u32>, Option<u32>) {
        (self.host, self.version)
    }
}

/// All rows of a recording.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    pub list: Vec<Row>,
    pub hosts: Labels,
    pub versions: Labels,
    pub unit: Option<String>,
    /// Whether the values count errors, as the form or a name says.
    pub are_errors: bool,
    /// Whether a name says percent.
    pub says_percent: bool,
}

/// Names in the order of their first appearance.
#[derive(Clone, Debug, Default)]
pub(super) struct Labels {
    known: BTreeMap<String, u32>,
    pub list: Vec<String>,
}

impl Labels {
    /// Returns the number of a name; an empty one has none.
    pub fn number(&mut self, name: &str) -> Option<u32> {
        if name.is_empty() {
            return None;
        }
        if let Some(&known) = self.known.get(name) {
            return Some(known);
        }
        let number = self.list.len() as u32;
        self.known.insert(name.to_owned(), number);
        self.list.push(name.to_owned());
        Some(number)
    }
}
