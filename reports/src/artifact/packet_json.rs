//! The operator's response packet as JSON, for whatever checks that every field is there.

use serde_json::{Map, Value, json};
use sim_core::Experiment;
use sim_core::policy::PacketField;

use crate::history::incident_facts::{IncidentFacts, sequence};
use crate::markdown::incident_packet::{field_name, fields, section, sections};

/// Returns the response packet as one JSON object: the fields that the policy demands, in its order, or
/// all eight where it demands none. The message to users is an object with its sections.
pub fn packet_json(experiment: &Experiment, facts: &IncidentFacts, artifact: &str) -> String {
    let value = |field| match field {
        PacketField::Symptom => json!(facts.symptom),
        PacketField::ExposureScope => json!(facts.exposure),
        PacketField::AffectedLevers => json!(levers(experiment)),
        PacketField::MitigationExecuted => json!({
            "planned": sequence(experiment),
            "executed": facts.mitigation,
        }),
        PacketField::ReplayCommand => json!(facts.replay),
        PacketField::ArtifactPath => json!(artifact),
        PacketField::Eta => json!(facts.eta),
        PacketField::UserImpactMessageTemplate => message(experiment, facts),
    };
    let packet: Map<_, _> = fields(experiment)
        .iter()
        .map(|&field| (field_name(field), value(field)))
        .collect();
    serde_json::to_string_pretty(&packet).expect("a packet has text keys") + "\n"
}

/// The levers one by one; a policy without a scope is its own lever.
fn levers(experiment: &Experiment) -> Vec<&str> {
    let policy = &experiment.policy;
    if policy.scope.is_empty() {
        return vec![&policy.name];
    }
    policy.scope.iter().map(String::as_str).collect()
}

fn message(experiment: &Experiment, facts: &IncidentFacts) -> Value {
    let told = sections(experiment).iter().map(|&part| {
        let (title, content) = section(part, facts);
        (title.to_owned(), json!(content))
    });
    Value::Object(told.collect())
}
