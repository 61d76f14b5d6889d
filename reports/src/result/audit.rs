//! A row of the audit trail.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One row of the audit trail (Rollout Wedge Policy, Audit Trail). No field is ever empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditRow {
    /// When, in virtual time.
    pub timestamp: String,
    /// The stage and the share of the fleet that it aims at.
    pub stage_and_target: String,
    /// The policy's own code where it has one, else a general word.
    pub event_code: String,
    /// Who decided: a person, or the controller.
    pub operator: String,
    /// What each gate had read last.
    pub metric_snapshot: String,
}
