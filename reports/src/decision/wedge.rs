//! The decision about a rollout wedge.

use crate::common::python_text::{Value, dumps, finite};

/// What a reading says about a wedge.
#[derive(Clone, Debug, PartialEq)]
pub struct WedgeReport {
    /// Who reads the wedge.
    pub mode: String,
    /// Whether the wedge is valid; none where the text leaves it open.
    pub valid: Option<bool>,
    /// The errors, or the exception with which the reference dies.
    pub errors: Vec<String>,
    /// What the text leaves open.
    pub open: Vec<String>,
    /// Where the other readings disagree, in words.
    pub disagreements: Vec<String>,
    /// The planned hours of the rollout, where they can be added up.
    pub total_rollout_duration_hours: Option<f64>,
}

/// Writes the decision as JSON.
pub fn wedge_json(report: &WedgeReport) -> String {
    let list = |texts: &[String]| Value::List(texts.iter().cloned().map(Value::Text).collect());
    let hours = report
        .total_rollout_duration_hours
        .map_or(Value::None, Value::Float);
    let members = vec![
        ("mode", Value::Text(report.mode.clone())),
        ("valid", report.valid.map_or(Value::None, Value::Bool)),
        ("errors", list(&report.errors)),
        ("open", list(&report.open)),
        ("disagreements", list(&report.disagreements)),
        ("total_rollout_duration_hours", hours),
    ];
    dumps(&finite(Value::Dict(members))) + "\n"
}

/// Writes the decision as Markdown.
pub fn wedge_markdown(report: &WedgeReport) -> String {
    let verdict = match report.valid {
        Some(true) => "valid",
        Some(false) => "not valid",
        None => "left open",
    };
    let mut lines = vec![
        format!("### Rollout wedge, {}", report.mode),
        String::new(),
        format!("- Verdict: **{verdict}**"),
    ];
    for (title, texts) in [
        ("Errors", &report.errors),
        ("Left open", &report.open),
        ("Disagreements", &report.disagreements),
    ] {
        if !texts.is_empty() {
            lines.extend([String::new(), format!("#### {title}")]);
            lines.extend(texts.iter().map(|text| format!("- {text}")));
        }
    }
    lines.join("\n") + "\n"
}
