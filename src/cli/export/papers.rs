//! Papers for people and for those who audit them.

use reports::artifact;
use scenarios::adapter::Json;
use sim_core::policy::Profile;

use super::artifact::Artifact;
use super::played::ExportInput;
use crate::cli::failure::Failure;
use crate::cli::output::Format;
use crate::decide::optimize::{METRICS, decide};

pub fn packet(input: &ExportInput) -> Artifact {
    let (experiment, facts) = (input.experiment(), &input.facts);
    let kept = &input.kept;
    Artifact(vec![
        (Format::Json, artifact::packet_json(experiment, facts, kept)),
        (
            Format::Markdown,
            reports::incident_packet(experiment, facts, kept),
        ),
    ])
}

pub fn log(input: &ExportInput) -> Artifact {
    let lines = artifact::log_lines(&input.played.report, &input.kept);
    Artifact(vec![(Format::Jsonl, lines)])
}

pub fn audit(input: &ExportInput) -> Artifact {
    let (experiment, history) = (input.experiment(), &input.played.run.history);
    let trail = reports::audit_trail(experiment, history);
    Artifact(vec![
        (Format::Jsonl, artifact::audit_lines(experiment, history)),
        (Format::Markdown, reports::audit_markdown(&trail)),
    ])
}

pub fn incident(input: &ExportInput) -> Result<Artifact, Failure> {
    let note = reports::incident_note(input.experiment(), &input.facts, &input.kept);
    if note.is_empty() {
        let what = "the policy asks for no incident note";
        return Err(Failure::input(what).help("name its fields under paper: incident:"));
    }
    Ok(Artifact(vec![(Format::Markdown, note)]))
}

pub fn checklist(input: &ExportInput) -> Artifact {
    let experiment = input.experiment();
    let mut record = artifact::checklist(experiment, &input.played.run.history);
    let profile = match experiment.policy.profile {
        Profile::Own => Profile::AsWritten,
        shipped => shipped,
    };
    for entry in &mut record.stages {
        entry.gate_evaluation = evaluation(profile, &entry.stage, &entry.gates);
    }
    Artifact(vec![
        (Format::Json, artifact::checklist_json(&record)),
        (Format::Markdown, artifact::checklist_markdown(&record)),
    ])
}

/// What the optimise gate says of a stage that it knows, where all three of its metrics were read.
fn evaluation(
    profile: Profile,
    stage: &str,
    gates: &[artifact::GateResult],
) -> Option<serde_json::Value> {
    let metric = |name: &&str| {
        let read = gates.iter().find(|gate| gate.signal == **name)?;
        Some(((*name).to_owned(), Json::Float(read.value?)))
    };
    let members: Vec<_> = METRICS.iter().filter_map(metric).collect();
    if members.len() < METRICS.len() {
        return None;
    }
    let decision = decide(profile, stage, &Json::Object(members)).ok()?;
    let text = reports::decision::stage_gate_json(&decision.report);
    serde_json::from_str(&text).ok()
}
