//! The decision of a stage gate that judges three rates.

use super::Findings;
use super::guard_json::findings_members;
use super::guard_markdown::findings_lines;
use crate::common::python_text::{Value, dumps};

/// What a stage gate decided.
#[derive(Clone, Debug, PartialEq)]
pub struct StageGateReport {
    /// The stage.
    pub stage: String,
    /// Whether the gate lets the rollout pass.
    pub pass: bool,
    /// Every breach in words.
    pub reasons: Vec<String>,
    /// The limits of the stage; none where the stage has none.
    pub thresholds: Option<StageThresholds>,
    /// What a strict reading adds.
    pub findings: Option<Findings>,
}

/// The limits of a stage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StageThresholds {
    /// The largest share of runs that time out.
    pub max_timeout_rate: f64,
    /// The largest share of runs that fall back.
    pub max_fallback_rate: f64,
    /// The least relative change of the objective.
    pub min_objective_delta_ratio: f64,
}

/// Writes the decision as JSON.
pub fn stage_gate_json(report: &StageGateReport) -> String {
    let reasons = report
        .reasons
        .iter()
        .map(|reason| Value::Text(reason.clone()))
        .collect();
    let mut members = vec![
        ("stage", Value::Text(report.stage.clone())),
        ("pass", Value::Bool(report.pass)),
        ("reasons", Value::List(reasons)),
    ];
    if let Some(limits) = &report.thresholds {
        let limits = vec![
            ("max_timeout_rate", Value::Float(limits.max_timeout_rate)),
            ("max_fallback_rate", Value::Float(limits.max_fallback_rate)),
            (
                "min_objective_delta_ratio",
                Value::Float(limits.min_objective_delta_ratio),
            ),
        ];
        members.push(("thresholds", Value::Dict(limits)));
    }
    if let Some(findings) = &report.findings {
        members.extend(findings_members(findings));
    }
    dumps(&Value::Dict(members)) + "\n"
}

/// Writes the decision as Markdown.
pub fn stage_gate_markdown(report: &StageGateReport) -> String {
    let mut lines = vec![
        format!("### Rollout gate: stage `{}`", report.stage),
        String::new(),
        format!(
            "- Decision: **{}**",
            if report.pass { "pass" } else { "no pass" }
        ),
        String::new(),
        "#### Reasons".to_owned(),
    ];
    lines.extend(report.reasons.iter().map(|reason| format!("- {reason}")));
    if report.reasons.is_empty() {
        lines.push("- None".into());
    }
    if let Some(findings) = &report.findings {
        lines.extend(findings_lines(findings));
    }
    lines.join("\n") + "\n"
}
