//! The Markdown summary of a canary guard, for the hand-over to an operator.

use super::{Findings, GuardReport};
use crate::common::python_text::fixed;

/// Writes the summary as the guard writes it, byte for byte; findings stand at the end.
pub fn guard_markdown(report: &GuardReport) -> String {
    let mut lines = vec![
        "### Canary Rollout Guard".to_owned(),
        String::new(),
        format!("- Status: **{}**", report.status),
        format!("- Engine: `{}`", report.engine),
    ];
    lines.extend(measurements(report));
    lines.extend([String::new(), "#### Triggers".to_owned()]);
    lines.extend(
        report
            .triggers
            .iter()
            .map(|trigger| format!("- {}", trigger.message)),
    );
    if report.triggers.is_empty() {
        lines.push("- None".into());
    }
    lines.extend(fallback(report));
    if let Some(findings) = &report.findings {
        lines.extend(findings_lines(findings));
    }
    lines.join("\n") + "\n"
}

fn measurements(report: &GuardReport) -> [String; 4] {
    let (signals, thresholds) = (&report.signals, &report.thresholds);
    let latency = |name: &str, value: f64, limit: f64| {
        format!(
            "- {name}: `{}ms` (budget `{}ms`)",
            fixed(value, 3),
            fixed(limit, 3)
        )
    };
    let rate = |name: &str, value: f64, limit: f64| {
        format!(
            "- {name}: `{}` (threshold `{}`)",
            fixed(value, 6),
            fixed(limit, 6)
        )
    };
    [
        latency("p95", signals.p95_ms, thresholds.max_p95_ms),
        latency("p99", signals.p99_ms, thresholds.max_p99_ms),
        rate("BVR", signals.bvr, thresholds.bvr),
        rate("SER", signals.ser, thresholds.ser),
    ]
}

fn fallback(report: &GuardReport) -> Vec<String> {
    let fallback = &report.fallback;
    let mut lines = vec![
        String::new(),
        "#### Recommended Fallback".to_owned(),
        format!("- Step: `{}`", fallback.step),
        format!("- Reason: {}", fallback.reason),
    ];
    if !fallback.env_updates.is_empty() {
        lines.push("- Env updates:".into());
        lines.extend(
            fallback
                .env_updates
                .iter()
                .map(|(key, value)| format!("  - `{key}={value}`")),
        );
    }
    lines
}

/// The sections that a strict reading adds to any decision.
pub(super) fn findings_lines(findings: &Findings) -> Vec<String> {
    let mut lines = vec![
        String::new(),
        "#### Gates that could not be judged".to_owned(),
    ];
    let flaw =
        |flaw: &super::GateFlaw| format!("- `{}`: {} ({})", flaw.gate, flaw.detail, flaw.flaw);
    let listed = |flaws: &[super::GateFlaw]| {
        if flaws.is_empty() {
            vec!["- None".to_owned()]
        } else {
            flaws.iter().map(flaw).collect()
        }
    };
    lines.extend(listed(&findings.held));
    lines.extend([
        String::new(),
        "#### Where the reference fails open".to_owned(),
    ]);
    lines.extend(listed(&findings.fails_open_in_reference));
    lines
}
