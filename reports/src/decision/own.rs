//! What a policy's gates say about one look at given metrics.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::common::escape::escape;
use crate::common::style::{Style, Tone};
use crate::common::table::{Align, Cell, Table};

/// What the gates of one stage decide on given metrics, as `coalmine decide POLICY --format json` writes it.
///
/// What is no finite number is null: JSON has no word for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnDecision {
    /// The kind of document: always `coalmine/decide`.
    pub schema: String,
    /// The version of this form; 1 today.
    pub version: u32,
    /// The name of the policy.
    pub policy: String,
    /// The stage whose gates were asked.
    pub stage: String,
    /// `go-on`, `hold` or what the policy does: `rollback`, `pause`, `kill`, `step-back`, `next-rung`.
    pub decision: String,
    /// The gate that decided; null where all let the rollout pass.
    pub gate: Option<String>,
    /// What every gate says, in the order of the policy.
    pub gates: Vec<OwnGate>,
    /// What one look cannot say.
    pub notes: Vec<String>,
}

/// What one gate says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnGate {
    /// The gate.
    pub gate: String,
    /// `criterion`, `trigger` or both.
    pub role: String,
    /// What it read.
    pub value: Option<f64>,
    /// On how many samples; null where the metrics do not say.
    pub samples: Option<u64>,
    /// What the value was compared with.
    pub limit: Option<f64>,
    /// `pass`, `breach`, `hold` or `error`.
    pub says: String,
    /// What is wrong with the data, if anything.
    pub flaw: Option<String>,
}

/// Returns the decision as text.
pub fn own_text(report: &OwnDecision, style: Style) -> String {
    let tone = match report.decision.as_str() {
        "go-on" => Tone::Good,
        "hold" => Tone::Doubt,
        _ => Tone::Bad,
    };
    let why = report
        .gate
        .as_deref()
        .map_or(String::new(), |gate| format!(" ({})", escape(gate)));
    let head = format!(
        "{}: stage {}: {}{why}",
        escape(&report.policy),
        escape(&report.stage),
        style.paint(tone, &report.decision.replace('-', " "))
    );
    let notes: String = report
        .notes
        .iter()
        .map(|note| format!("note: {}\n", escape(note)))
        .collect();
    format!("{head}\n\n{}{notes}", table(report).render(style))
}

/// Returns the decision as Markdown.
pub fn own_markdown(report: &OwnDecision) -> String {
    let cell = |text: &str| escape(text).replace('\\', "\\\\").replace('|', "\\|");
    let mut text = format!(
        "### {}: stage {}: {}\n\n| gate | role | read | limit | samples | says |\n|---|---|--:|--:|--:|---|\n",
        cell(&report.policy),
        cell(&report.stage),
        report.decision.replace('-', " ")
    );
    for gate in &report.gates {
        let row = cells(gate).map(|text| cell(&text));
        text += &format!("| {} |\n", row.join(" | "));
    }
    text
}

fn table(report: &OwnDecision) -> Table {
    let mut table = Table::new(&[
        ("gate", Align::Left),
        ("role", Align::Left),
        ("read", Align::Right),
        ("limit", Align::Right),
        ("samples", Align::Right),
        ("says", Align::Left),
    ]);
    for gate in &report.gates {
        let [name, role, read, limit, samples, says] = cells(gate);
        let tone = match gate.says.as_str() {
            "pass" => Tone::Good,
            "hold" => Tone::Doubt,
            _ => Tone::Bad,
        };
        table.row(vec![
            name.into(),
            role.into(),
            read.into(),
            limit.into(),
            samples.into(),
            Cell::toned(says, tone),
        ]);
    }
    table
}

fn cells(gate: &OwnGate) -> [String; 6] {
    let figure = |value: Option<f64>| {
        value.map_or(String::new(), crate::text::backtest::tables::significant)
    };
    [
        gate.gate.clone(),
        gate.role.clone(),
        gate.flaw.clone().unwrap_or_else(|| figure(gate.value)),
        figure(gate.limit),
        gate.samples
            .map_or(String::new(), |count| count.to_string()),
        gate.says.clone(),
    ]
}
