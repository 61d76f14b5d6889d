//! The fallback ladder: ordered settings, each safer than the one before.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::engine::Distribution;

/// An ordered fallback ladder; one rung is taken for each sustained breach.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Ladder {
    /// The rungs, first one first.
    #[schemars(length(min = 1))]
    pub rungs: Vec<Rung>,
    /// The name of the state in which no rung is left.
    pub exhausted: String,
    /// The role that is paged when no rung is left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalate_to: Option<String>,
}

/// One rung: a setting that is switched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rung {
    /// The name of the rung, unique in its ladder.
    pub id: String,
    /// The settings that the rung writes, as environment variables.
    pub sets: BTreeMap<String, String>,
    /// Why this rung comes at this place.
    #[serde(default)]
    pub reason: String,
    /// The time from the decision until the setting has taken effect.
    pub takes: Distribution,
}
