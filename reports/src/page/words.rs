//! Tables and sentences of the text reports, on a page.

use crate::chart::{DataCell, DataTable, shown};
use crate::common::style::Tone;
use crate::common::table::{Align, Table};

use super::model::Section;

/// Returns a table of a text report as a section; nothing where it has no rows.
pub fn section(id: &str, title: &str, lead: impl Into<String>, table: &Table) -> Option<Section> {
    (!table.is_empty()).then(|| Section::table(id, title, lead, data(table)))
}

fn data(table: &Table) -> DataTable {
    let aligns: Vec<Align> = table.head().map(|(_, align)| align).collect();
    let cell = |((text, tone), align): ((&str, Tone), &Align)| {
        let side = if *align == Align::Right {
            "num"
        } else {
            "words"
        };
        DataCell {
            text: shown(text),
            class: format!("{side} {}", class(tone)).trim_end().to_owned(),
        }
    };
    DataTable {
        head: table.head().map(|(name, _)| shown(name)).collect(),
        rows: table
            .rows()
            .map(|row| row.zip(&aligns).map(cell).collect())
            .collect(),
    }
}

const fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain | Tone::Strong => "",
        Tone::Good => "good",
        Tone::Bad => "bad",
        Tone::Doubt => "doubt",
        Tone::Faint => "faint",
    }
}
