//! Decisions for people at a terminal.

use super::{Findings, GateFlaw, GuardReport, StageGateReport, WedgeReport};
use crate::common::js_text::to_string;
use crate::common::python_text::fixed;
use crate::{Style, Tone, escape};

/// Writes the decision of a canary guard; `profile` says whose, `read_as` what was recognised.
pub fn guard_text(report: &GuardReport, profile: &str, read_as: &str, style: Style) -> String {
    let (signals, limits) = (&report.signals, &report.thresholds);
    let mut text = head("control-plane", profile, report.status, style);
    text += &format!("  read as {read_as}; one look, so that a breach counts as lasting\n\n");
    let ms = |value| format!("{} ms", fixed(value, 3));
    text += &measured("p95", &ms(signals.p95_ms), &ms(limits.max_p95_ms));
    text += &measured("p99", &ms(signals.p99_ms), &ms(limits.max_p99_ms));
    text += &measured("BVR", &fixed(signals.bvr, 6), &fixed(limits.bvr, 6));
    text += &measured("SER", &fixed(signals.ser, 6), &fixed(limits.ser, 6));
    let unavailable = signals.source_unavailable_rate.map(|rate| fixed(rate, 6));
    let unavailable = unavailable.as_deref().unwrap_or("not measured");
    text += &measured(
        "SOURCE_UNAVAILABLE",
        unavailable,
        &fixed(limits.max_source_unavailable_rate, 6),
    );
    let triggers: Vec<_> = report
        .triggers
        .iter()
        .map(|trigger| trigger.message.clone())
        .collect();
    text += &section("triggers", &triggers);
    let fallback = &report.fallback;
    text += &format!("\nnext step: {} ({})\n", fallback.step, fallback.reason);
    for (key, value) in &fallback.env_updates {
        text += &format!("  {key}={value}\n");
    }
    text + &report.findings.as_ref().map_or(String::new(), findings)
}

/// Writes the decision of a stage gate.
pub fn stage_gate_text(report: &StageGateReport, profile: &str, style: Style) -> String {
    let verdict = match (report.pass, &report.findings) {
        (true, _) => "pass",
        (false, Some(findings)) if findings.held.len() == report.reasons.len() => "undecided",
        (false, _) => "no pass",
    };
    let stage = escape(&report.stage);
    let mut text = head(&format!("optimize, stage {stage}"), profile, verdict, style);
    if let Some(limits) = &report.thresholds {
        text += &format!(
            "  limits: timeout_rate {}, fallback_rate {}, objective_delta_ratio {}\n",
            to_string(limits.max_timeout_rate),
            to_string(limits.max_fallback_rate),
            to_string(limits.min_objective_delta_ratio),
        );
    }
    text += &section("reasons", &report.reasons);
    text + &report.findings.as_ref().map_or(String::new(), findings)
}

/// Writes what a reader says about a wedge.
pub fn wedge_text(report: &WedgeReport, style: Style) -> String {
    let verdict = match report.valid {
        Some(true) => "valid",
        Some(false) => "not valid",
        None => "undecided",
    };
    let mut text = head("wedge", &report.mode, verdict, style);
    if let Some(hours) = report.total_rollout_duration_hours {
        text += &format!(
            "  planned for {} h, one observation window a stage included\n",
            to_string(hours)
        );
    }
    text += &section("errors", &report.errors);
    text += &section("left open by the document", &report.open);
    text + &section("where the readers disagree", &report.disagreements)
}

fn head(system: &str, profile: &str, verdict: &str, style: Style) -> String {
    let tone = match verdict {
        "healthy" | "pass" | "valid" => Tone::Good,
        "undecided" => Tone::Doubt,
        _ => Tone::Bad,
    };
    format!("{system} ({profile}): {}\n", style.paint(tone, verdict))
}

fn measured(name: &str, value: &str, limit: &str) -> String {
    format!("  {name:<19}{value:>16}   limit {limit}\n")
}

fn section(title: &str, lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let lines: String = lines
        .iter()
        .map(|line| format!("  {}\n", escape(line)))
        .collect();
    format!("\n{title}:\n{lines}")
}

fn findings(findings: &Findings) -> String {
    let line = |flaw: &GateFlaw| format!("{}: {} ({})", flaw.gate, flaw.detail, flaw.flaw);
    let lines = |flaws: &[GateFlaw]| flaws.iter().map(line).collect::<Vec<_>>();
    let exit = findings.reference_exit_code;
    let title = format!("where the reference fails open (it exits with {exit})");
    section("cannot be judged", &lines(&findings.held))
        + &section(&title, &lines(&findings.fails_open_in_reference))
        + &section(
            "judged although the document has no such trigger",
            &findings.beyond_document,
        )
}
