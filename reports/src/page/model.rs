//! A page as data.

use std::fmt::Debug;

use crate::chart::{Chart, DataTable};
use crate::common::badge::{Badge, Tint, Worst};

/// A whole page.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The kind of report, in words: `Rehearsal report`.
    pub kind: String,
    /// What it is about.
    pub subject: String,
    /// What it was made from.
    pub facts: Vec<PageFact>,
    /// The verdict.
    pub badge: Badge,
    /// The headline numbers.
    pub cards: Vec<Card>,
    /// Where to look first.
    pub worst: Option<Worst>,
    /// Everything else, in order.
    pub sections: Vec<Section>,
}

/// A name and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageFact {
    /// The name.
    pub name: String,
    /// What it stands for.
    pub text: String,
}

impl PageFact {
    /// A fact.
    pub fn new(name: &str, text: impl Into<String>) -> Self {
        let text = text.into();
        let name = name.to_owned();
        Self { name, text }
    }
}

/// A headline number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// What it is.
    pub name: String,
    /// The number.
    pub value: String,
    /// Its interval, if it has one.
    pub interval: String,
    /// The limit and whether it is kept, in words.
    pub note: String,
    /// How it is to be taken.
    pub tint: Tint,
}

/// A part of a page.
#[derive(Clone, Debug, PartialEq)]
pub enum Section {
    /// A chart with its table.
    Chart(Box<Chart>),
    /// A table.
    Table {
        /// The word of the section.
        id: String,
        /// The heading.
        title: String,
        /// What is to be seen.
        lead: String,
        /// The table.
        table: DataTable,
    },
    /// Text as it is, such as a patch.
    Text {
        /// The word of the section.
        id: String,
        /// The heading.
        title: String,
        /// What it is.
        lead: String,
        /// The text.
        text: String,
    },
}

impl Section {
    /// A section with a table.
    pub fn table(id: &str, title: &str, lead: impl Into<String>, table: DataTable) -> Self {
        Self::Table {
            id: id.to_owned(),
            title: title.to_owned(),
            lead: lead.into(),
            table,
        }
    }
}

impl From<Chart> for Section {
    fn from(chart: Chart) -> Self {
        Self::Chart(Box::new(chart))
    }
}
