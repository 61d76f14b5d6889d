//! What a scenario says about people and evidence.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::engine::{Distribution, SimDuration};
use crate::policy::EvidenceState;

/// A role and how its people answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Operator {
    /// The role that policies name.
    pub role: String,
    /// Who answers; the name in the audit trail.
    #[serde(default)]
    pub name: String,
    /// How long an answer takes.
    pub answers_in: Distribution,
    /// The probability that no answer ever comes.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub silent: f64,
}

/// The state of a piece of evidence from some instant on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct EvidenceChange {
    /// The evidence, by the id that the policy gives it.
    pub evidence: String,
    /// From when.
    #[serde(default)]
    pub from: SimDuration,
    /// How it is from then on.
    pub state: EvidenceState,
}
