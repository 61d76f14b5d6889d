//! What the gates of a policy promise.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sim_core::policy::Policy;
use sim_core::policy::gate::test::Guarantee;

use crate::escape::escape;
use crate::style::{Style, Tone};
use crate::table::{Align, Cell, Table};
use crate::timeline::wrap;

/// One gate and its promise about firing on a release that is harmless.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GateRow {
    /// The name of the gate.
    pub id: String,
    /// The word of its window, such as `instant` or `msprt`.
    pub window: String,
    /// The promise.
    pub guarantee: Guarantee,
    /// The promise in words: `type I <= 1 % at any time`, `none`.
    pub promise: String,
    /// What the promise rests on, or why there is none.
    pub rests_on: String,
}

/// Returns a row for each gate of `policy`, in its order.
pub fn gate_rows(policy: &Policy) -> Vec<GateRow> {
    let row = |gate: &sim_core::policy::Gate| GateRow {
        id: gate.id.clone(),
        window: gate.window.word().to_owned(),
        guarantee: gate.guarantee(),
        promise: gate.guarantee().to_string(),
        rests_on: gate.window.assumption().to_owned(),
    };
    policy.gates.iter().map(row).collect()
}

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
        let line = "No gate bounds how often it fires on a harmless release (thresholds: none).";
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
