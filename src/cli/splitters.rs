//! What splits traffic, by product and version: the table, and each one in words.

use reports::{Align, Cell, Style, Table, Tone};
use serde_json::{Value, json};
use sim_core::engine::Share;
use sim_core::traffic::{PresetEntry, Split, expected, presets};

/// The weights that the table shows, in percent.
const SHOWN: [f64; 3] = [0.5, 1.0, 5.0];

/// What one of them reaches.
fn reached(entry: &PresetEntry, percent: f64) -> Share {
    let declared = Share::from_percent(percent).expect("the weights that are shown are shares");
    expected(Split::Preset(entry.preset), declared)
}

/// The table of all presets.
pub fn table(style: Style) -> String {
    let mut table = Table::new(&[
        ("preset", Align::Left),
        ("product", Align::Left),
        ("0.5 %", Align::Right),
        ("1 %", Align::Right),
        ("5 %", Align::Right),
    ]);
    for entry in presets() {
        let product = format!("{} {}", entry.product, entry.version);
        let mut row = vec![Cell::toned(entry.name, Tone::Strong), product.into()];
        row.extend(SHOWN.map(|percent| reached(entry, percent).to_string().into()));
        table.row(row);
    }
    table.render(style)
        + "\nEach product was run with declared weights (2026-11-30); the columns say what a weight reaches on average.\n\
           coalmine explain PRESET says more; a world writes `traffic: {split: {preset: NAME}}`\n"
}

/// The same as data.
pub fn json() -> Value {
    let entry = |entry: &PresetEntry| {
        let reaches = SHOWN.map(|percent| {
            json!({"declared_percent": percent,
            "reached_percent": reached(entry, percent).as_f64() * 100.0})
        });
        json!({"name": entry.name, "product": entry.product, "version": entry.version,
               "words": entry.words, "source": entry.source, "reaches": reaches,
               "split": serde_json::to_value(Split::Preset(entry.preset).spelled()).ok()})
    };
    json!({"schema": "coalmine/list", "version": 1,
           "splitters": presets().map(entry).collect::<Vec<_>>()})
}

/// One preset in words: a title and a text.
pub fn explained(entry: &PresetEntry) -> (String, String) {
    let long = serde_json::to_string(&Split::Preset(entry.preset).spelled()).unwrap_or_default();
    let reaches = SHOWN.map(|percent| format!("{percent} % reaches {}", reached(entry, percent)));
    let text = format!(
        "What splits the traffic of a world: {}. On average {}.\n\nSource: {}; run with declared weights on \
         2026-11-30.\n\nWritten as `traffic: {{split: {{preset: {}}}}}`, which is short for `split: {long}`.",
        entry.words,
        reaches.join(", "),
        entry.source,
        entry.name,
    );
    (format!("{} {}", entry.product, entry.version), text)
}
