//! Recovery: what must happen before a release that was taken back may climb again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The conditions of a new attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Recovery {
    /// The role that must acknowledge; none means that nobody is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledge: Option<String>,
    /// Whether the new attempt begins with the first stage again.
    pub fresh_canary: bool,
    /// How many new attempts there may be; 0 means that the rollout ends.
    pub attempts: u32,
}
