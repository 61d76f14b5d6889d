//! What the gates of a policy promise.

use sim_core::policy::gate::test::Guarantee;

use crate::common::escape::escape;
use crate::common::style::{Style, Tone};
use crate::common::table::{Align, Cell, Table};
use crate::common::wrap::wrap;
use crate::result::GateRow;

/// The gates with their promises, and what the promises rest on.
pub(crate) fn gates_table(rows: &[GateRow]) -> Table {
    let mut table = Table::new(&[
        ("gate", Align::Left),
        ("window", Align::Left),
        ("false-positive guarantee", Align::Left),
    ]);
    for row in rows {
        let tone = match row.guarantee {
            Guarantee::AnyTime { .. } | Guarantee::PlannedLooks { .. } => Tone::Good,
            Guarantee::EachLook { .. } | Guarantee::None => Tone::Faint,
        };
        table.row(vec![
            (&row.id).into(),
            (&row.window).into(),
            Cell::toned(&row.promise, tone),
        ]);
    }
    table
}

/// The table, and a line for each kind of window that says what its promise rests on. A policy of
/// thresholds alone, none of which promises anything, gets one line.
pub(crate) fn gates_text(rows: &[GateRow], style: Style) -> String {
    if rows.iter().all(is_plain) {
        let line = "False positives: fixed thresholds give no statistical guarantee.";
        return match rows {
            [] => String::new(),
            _ => wrap(line, 0, style.columns) + "\n",
        };
    }
    let mut words: Vec<&GateRow> = Vec::new();
    for row in rows.iter().filter(|row| !is_plain(row)) {
        if words.iter().all(|known| known.window != row.window) {
            words.push(row);
        }
    }
    let note = |row: &&GateRow| {
        let text = format!("{}: {}", row.window, row.rests_on);
        style.paint(Tone::Faint, &wrap(&escape(&text), 2, style.columns)) + "\n"
    };
    gates_table(rows).render(style) + &words.iter().map(note).collect::<String>()
}

/// Whether the window is a threshold that tests nothing.
fn is_plain(row: &GateRow) -> bool {
    ["instant", "consecutive", "sustained", "count"].contains(&row.window.as_str())
}
