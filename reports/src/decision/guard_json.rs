//! The JSON report of a canary guard.

use super::{Findings, GateFlaw, GuardReport, StateValue};
use crate::common::python_text::{Value, dumps, finite};

/// Writes the report as JSON; findings stand at the end. What is no finite number is null.
pub fn guard_json(report: &GuardReport) -> String {
    dumps(&finite(members(report))) + "\n"
}

/// Writes the report as the guard writes it, byte for byte: with `NaN` and `Infinity`, which are no JSON, where
/// the guard has them.
pub fn guard_artifact(report: &GuardReport) -> String {
    let all = members(report);
    let strict = report.findings.is_some();
    dumps(&if strict { finite(all) } else { all }) + "\n"
}

fn members(report: &GuardReport) -> Value {
    let mut members = vec![
        ("status", text(report.status)),
        ("engine", text(&report.engine)),
        ("current_state", current_state(report)),
        ("signals", signals(report)),
        ("thresholds", thresholds(report)),
        ("triggers", triggers(report)),
        ("recommended_fallback", fallback(report)),
    ];
    if let Some(findings) = &report.findings {
        members.extend(findings_members(findings));
    }
    Value::Dict(members)
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn current_state(report: &GuardReport) -> Value {
    let member = |(name, value): &(&'static str, StateValue)| match *value {
        StateValue::Flag(on) => (*name, Value::Bool(on)),
        StateValue::Percent(percent) => (*name, Value::Int(percent)),
    };
    Value::Dict(report.current_state.iter().map(member).collect())
}

fn signals(report: &GuardReport) -> Value {
    let signals = &report.signals;
    Value::Dict(vec![
        ("p95_ms", Value::Float(signals.p95_ms)),
        ("p99_ms", Value::Float(signals.p99_ms)),
        ("bvr", Value::Float(signals.bvr)),
        ("ser", Value::Float(signals.ser)),
        (
            "source_unavailable_rate",
            signals
                .source_unavailable_rate
                .map_or(Value::None, Value::Float),
        ),
    ])
}

fn thresholds(report: &GuardReport) -> Value {
    let thresholds = &report.thresholds;
    Value::Dict(vec![
        ("max_p95_ms", Value::Float(thresholds.max_p95_ms)),
        ("max_p99_ms", Value::Float(thresholds.max_p99_ms)),
        ("bvr", Value::Float(thresholds.bvr)),
        ("ser", Value::Float(thresholds.ser)),
        (
            "max_source_unavailable_rate",
            Value::Float(thresholds.max_source_unavailable_rate),
        ),
    ])
}

fn triggers(report: &GuardReport) -> Value {
    let one = |trigger: &super::Trigger| {
        Value::Dict(vec![
            ("id", text(trigger.id)),
            ("message", text(&trigger.message)),
        ])
    };
    Value::List(report.triggers.iter().map(one).collect())
}

fn fallback(report: &GuardReport) -> Value {
    let updates = report.fallback.env_updates.iter();
    Value::Dict(vec![
        ("step", text(&report.fallback.step)),
        (
            "env_updates",
            Value::Map(
                updates
                    .map(|(key, value)| (key.clone(), text(value)))
                    .collect(),
            ),
        ),
        ("reason", text(&report.fallback.reason)),
    ])
}

/// The members that a strict reading adds to any decision.
pub(super) fn findings_members(findings: &Findings) -> Vec<(&'static str, Value)> {
    vec![
        ("profile", text(&findings.profile)),
        ("held", flaws(&findings.held)),
        (
            "fails_open_in_reference",
            flaws(&findings.fails_open_in_reference),
        ),
        (
            "beyond_document",
            Value::List(
                findings
                    .beyond_document
                    .iter()
                    .map(|gate| text(gate))
                    .collect(),
            ),
        ),
        (
            "reference_exit_code",
            Value::Int(findings.reference_exit_code.into()),
        ),
    ]
}

fn flaws(flaws: &[GateFlaw]) -> Value {
    let one = |flaw: &GateFlaw| {
        Value::Dict(vec![
            ("gate", text(&flaw.gate)),
            ("flaw", text(flaw.flaw)),
            ("detail", text(&flaw.detail)),
        ])
    };
    Value::List(flaws.iter().map(one).collect())
}
