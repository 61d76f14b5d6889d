//! The response packet and the incident note of a rollout, as Markdown.

use sim_core::Experiment;
use sim_core::policy::{MessageSection, PacketField};

use crate::common::markdown::{code, plain};
use crate::history::incident_facts::{IncidentFacts, sequence};

/// Every field that a packet can have, in the order of the RaptorQ policy.
const FIELDS: [PacketField; 8] = [
    PacketField::Symptom,
    PacketField::ExposureScope,
    PacketField::AffectedLevers,
    PacketField::MitigationExecuted,
    PacketField::ReplayCommand,
    PacketField::ArtifactPath,
    PacketField::Eta,
    PacketField::UserImpactMessageTemplate,
];

/// Every section that the message to users can have.
const SECTIONS: [MessageSection; 5] = [
    MessageSection::Symptom,
    MessageSection::UserScope,
    MessageSection::MitigationInPlace,
    MessageSection::CurrentFallbackMode,
    MessageSection::NextUpdateEta,
];

/// Returns the response packet: the fields that the policy demands, or all of them where it demands
/// none. `artifact` says where the result of the rollout is kept.
pub fn incident_packet(experiment: &Experiment, facts: &IncidentFacts, artifact: &str) -> String {
    let mut text = String::from("## Response packet\n\n");
    for &field in fields(experiment) {
        let name = field_name(field);
        let content = content(field, experiment, facts, artifact);
        text += &format!("### {name}\n\n{content}\n\n");
    }
    text
}

/// The fields that the policy demands, or all of them where it demands none.
pub(crate) fn fields(experiment: &Experiment) -> &[PacketField] {
    match &experiment.policy.paper.packet[..] {
        [] => &FIELDS,
        demanded => demanded,
    }
}

/// The name of a field as policies write it.
pub(crate) fn field_name(field: PacketField) -> String {
    let name = serde_json::to_value(field).expect("a field is a word");
    name.as_str().expect("a field is a word").to_owned()
}

fn content(
    field: PacketField,
    experiment: &Experiment,
    facts: &IncidentFacts,
    artifact: &str,
) -> String {
    match field {
        PacketField::Symptom => plain(&facts.symptom),
        PacketField::ExposureScope => plain(&facts.exposure),
        PacketField::AffectedLevers => plain(&facts.levers),
        PacketField::MitigationExecuted => {
            let planned = format!("Planned: {}.\n", plain(&sequence(experiment)));
            let steps = facts
                .mitigation
                .iter()
                .map(|step| format!("\n1. {}", plain(step)));
            planned + &steps.collect::<String>()
        }
        PacketField::ReplayCommand => code(&facts.replay),
        PacketField::ArtifactPath => code(artifact),
        PacketField::Eta => plain(&facts.eta),
        PacketField::UserImpactMessageTemplate => message(experiment, facts),
    }
}

/// The message to users, section by section.
fn message(experiment: &Experiment, facts: &IncidentFacts) -> String {
    let line = |&part: &MessageSection| {
        let (title, content) = section(part, facts);
        format!("- **{title}**: {}", plain(content))
    };
    let lines: Vec<_> = sections(experiment).iter().map(line).collect();
    lines.join("\n")
}

/// The sections that the policy demands of the message, or all of them where it demands none.
pub(crate) fn sections(experiment: &Experiment) -> &[MessageSection] {
    match &experiment.policy.paper.message[..] {
        [] => &SECTIONS,
        demanded => demanded,
    }
}

/// The title of a section and what it says of this rollout.
pub(crate) fn section(part: MessageSection, facts: &IncidentFacts) -> (&'static str, &str) {
    match part {
        MessageSection::Symptom => ("Symptom", &facts.symptom),
        MessageSection::UserScope => ("User scope", &facts.impact),
        MessageSection::MitigationInPlace => {
            let last = facts.mitigation.last();
            let last = last.expect("the facts name at least one");
            ("Mitigation in place", last)
        }
        MessageSection::CurrentFallbackMode => ("Current fallback mode", &facts.fallback),
        MessageSection::NextUpdateEta => ("Next update ETA", &facts.eta),
    }
}

/// Returns the incident note: the fields that the policy names, each filled in as far as the
/// rollout tells; empty where the policy asks for none.
pub fn incident_note(experiment: &Experiment, facts: &IncidentFacts, artifact: &str) -> String {
    let fields = &experiment.policy.paper.incident;
    if fields.is_empty() {
        return String::new();
    }
    let line = |field: &String| {
        let content = answer(field, facts, artifact);
        format!("- {}: {}\n", plain(field), plain(&content))
    };
    format!(
        "## Incident note\n\n{}",
        fields.iter().map(line).collect::<String>()
    )
}

/// What the rollout tells about a field that a policy names in its own words.
fn answer(field: &str, facts: &IncidentFacts, artifact: &str) -> String {
    let field = field.to_lowercase();
    let asks = |words: &[&str]| words.iter().any(|word| field.contains(word));
    if asks(&["stage"]) {
        facts.stage.clone()
    } else if asks(&["trigger", "symptom", "snapshot"]) {
        facts.symptom.clone()
    } else if asks(&["observed", "timestamp"]) {
        facts.first_observed.clone()
    } else if asks(&["kill"]) {
        facts.kill_switch.clone()
    } else if asks(&["rollback", "mitigation", "config"]) {
        facts.mitigation.join("; ")
    } else if asks(&["impact", "customer", "user"]) {
        facts.impact.clone()
    } else if asks(&["owner", "eta"]) {
        format!("{}, {}", facts.owner, facts.eta)
    } else if asks(&["artifact", "link", "log"]) {
        format!("{artifact}, {}", facts.replay)
    } else {
        "to be filled in by a person".to_owned()
    }
}
