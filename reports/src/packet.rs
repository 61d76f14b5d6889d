//! The response packet and the incident note of a rollout, as Markdown.

use sim_core::Experiment;
use sim_core::policy::{MessageSection, PacketField};

use crate::account::{Account, sequence};
use crate::escape::escape;

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
pub fn packet(experiment: &Experiment, account: &Account, artifact: &str) -> String {
    let paper = &experiment.policy.paper;
    let fields = if paper.packet.is_empty() {
        &FIELDS[..]
    } else {
        &paper.packet
    };
    let mut text = String::from("## Response packet\n\n");
    for &field in fields {
        let name = serde_json::to_value(field).expect("a field is a word");
        let name = name.as_str().expect("a field is a word").to_owned();
        let content = content(field, experiment, account, artifact);
        text += &format!("### {name}\n\n{content}\n\n");
    }
    text
}

fn content(
    field: PacketField,
    experiment: &Experiment,
    account: &Account,
    artifact: &str,
) -> String {
    match field {
        PacketField::Symptom => escape(&account.symptom).into_owned(),
        PacketField::ExposureScope => escape(&account.exposure).into_owned(),
        PacketField::AffectedLevers => escape(&account.levers).into_owned(),
        PacketField::MitigationExecuted => {
            let planned = format!("Planned: {}.\n", sequence(experiment));
            let steps = account
                .mitigation
                .iter()
                .map(|step| format!("\n1. {}", escape(step)));
            planned + &steps.collect::<String>()
        }
        PacketField::ReplayCommand => format!("`{}`", escape(&account.replay)),
        PacketField::ArtifactPath => format!("`{}`", escape(artifact)),
        PacketField::Eta => account.eta.clone(),
        PacketField::UserImpactMessageTemplate => message(experiment, account),
    }
}

/// The message to users, section by section.
fn message(experiment: &Experiment, account: &Account) -> String {
    let paper = &experiment.policy.paper;
    let sections = if paper.message.is_empty() {
        &SECTIONS[..]
    } else {
        &paper.message
    };
    let line = |section: &MessageSection| {
        let (title, content) = match section {
            MessageSection::Symptom => ("Symptom", &account.symptom),
            MessageSection::UserScope => ("User scope", &account.impact),
            MessageSection::MitigationInPlace => (
                "Mitigation in place",
                account
                    .mitigation
                    .last()
                    .expect("an account names at least one"),
            ),
            MessageSection::CurrentFallbackMode => ("Current fallback mode", &account.fallback),
            MessageSection::NextUpdateEta => ("Next update ETA", &account.eta),
        };
        format!("- **{title}**: {}", escape(content))
    };
    sections.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Returns the incident note: the fields that the policy names, each filled in as far as the
/// rollout tells; empty where the policy asks for none.
pub fn incident_note(experiment: &Experiment, account: &Account, artifact: &str) -> String {
    let fields = &experiment.policy.paper.incident;
    if fields.is_empty() {
        return String::new();
    }
    let line = |field: &String| {
        let content = answer(field, account, artifact);
        format!("- {}: {}\n", escape(field), escape(&content))
    };
    format!(
        "## Incident note\n\n{}",
        fields.iter().map(line).collect::<String>()
    )
}

/// What the rollout tells about a field that a policy names in its own words.
fn answer(field: &str, account: &Account, artifact: &str) -> String {
    let field = field.to_lowercase();
    let asks = |words: &[&str]| words.iter().any(|word| field.contains(word));
    if asks(&["stage"]) {
        account.stage.clone()
    } else if asks(&["trigger", "symptom", "snapshot"]) {
        account.symptom.clone()
    } else if asks(&["observed", "timestamp"]) {
        account.first_observed.clone()
    } else if asks(&["kill"]) {
        account.kill_switch.clone()
    } else if asks(&["rollback", "mitigation", "config"]) {
        account.mitigation.join("; ")
    } else if asks(&["impact", "customer", "user"]) {
        account.impact.clone()
    } else if asks(&["owner", "eta"]) {
        format!("{}, {}", account.owner, account.eta)
    } else if asks(&["artifact", "link", "log"]) {
        format!("{artifact}, {}", account.replay)
    } else {
        "to be filled in by a person".to_owned()
    }
}
