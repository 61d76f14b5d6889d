//! Paper: event codes, the audit trail and the response packet that a policy demands.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::engine::SimDuration;

/// What a policy wants written down.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Paper {
    /// The policy's own codes for what happens.
    #[serde(default)]
    pub codes: Codes,
    /// The fields of every row of the audit trail.
    #[serde(default)]
    pub audit: Vec<AuditField>,
    /// The fields of the response packet that follows a rollback or a stop.
    #[serde(default)]
    pub packet: Vec<PacketField>,
    /// The sections of the message to users inside the packet.
    #[serde(default)]
    pub message: Vec<MessageSection>,
    /// The fields of the incident note or record that follows a rollback.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub incident: Vec<String>,
    /// The artifacts that decisions and incidents must leave behind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub artifacts: Vec<String>,
    /// The metrics and panels that people watch.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub watched: Vec<String>,
    /// Who owns the policy, and who looks after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub governance: Option<Governance>,
}

/// Who owns a policy and how it is looked after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Governance {
    /// The role that owns the policy.
    pub owner: String,
    /// The roles that must review a change of the policy.
    #[serde(default)]
    pub reviewers: Vec<String>,
    /// How often the effectiveness of the policy is audited; none means never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audited_every: Option<SimDuration>,
}

/// A policy's own codes for its events; an empty one means that the general word is used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Codes {
    /// A stage was left for the next one.
    pub advanced: Option<String>,
    /// The rollout paused.
    pub paused: Option<String>,
    /// The release was rolled back.
    pub rolled_back: Option<String>,
    /// The rollout is complete.
    pub completed: Option<String>,
}

/// A field of an audit row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AuditField {
    /// When.
    Timestamp,
    /// Which stage, at which target.
    StageAndTarget,
    /// Which event.
    EventCode,
    /// Who, for what a person did.
    Operator,
    /// The metrics at the decision.
    MetricSnapshot,
}

/// A field of the response packet (RaptorQ policy, Operator Response Packet).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PacketField {
    /// What was seen.
    Symptom,
    /// How far the release had reached.
    ExposureScope,
    /// Which levers are affected.
    AffectedLevers,
    /// What was done.
    MitigationExecuted,
    /// How to see it again.
    ReplayCommand,
    /// Where the artifacts are.
    ArtifactPath,
    /// When the next news comes.
    Eta,
    /// What users are told.
    UserImpactMessageTemplate,
}

/// A section of the message to users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MessageSection {
    /// What was seen.
    Symptom,
    /// Who is affected.
    UserScope,
    /// What was done.
    MitigationInPlace,
    /// What serves users now.
    CurrentFallbackMode,
    /// When the next news comes.
    NextUpdateEta,
}
