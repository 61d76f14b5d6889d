//! A stage: how far the release goes, how long it is watched and what must hold.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::engine::{Share, SimDuration};

/// One stage of a rollout.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Stage {
    /// The name of the stage, unique in its policy.
    pub id: String,
    /// The share of the fleet (or of traffic, or of users) that serves the new version.
    pub target: Share,
    /// How the exposure climbs from the stage before to this stage's target.
    pub ramp: Ramp,
    /// The least time for which the stage is observed before it may be left.
    pub observe: SimDuration,
    /// From when the observation is counted.
    pub observe_from: ObservationStart,
    /// After how many observation windows without advancing the rollout pauses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub pause_after_windows: Option<u32>,
    /// The settings under which the stage runs, such as environment variables and feature flags.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sets: BTreeMap<String, String>,
    /// The planned length of the stage, where the document states one; nothing is simulated of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<SimDuration>,
    /// Evidence that must be in order when the stage is entered, by id.
    #[serde(default)]
    pub entry: Vec<String>,
    /// Evidence that must stay in order while the stage lasts, by id.
    #[serde(default)]
    pub hold: Vec<String>,
    /// Gates that must all be healthy for the stage to be left, by id.
    pub criteria: Vec<String>,
    /// Gates that trigger their class's action while the stage lasts, by id.
    pub triggers: Vec<String>,
    /// The role whose approval is needed to leave the stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<String>,
    /// For how long the approval is waited for once it has been asked for, and what is done then; left out, for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval_within: Option<ApprovalLimit>,
}

/// A time limit for an approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ApprovalLimit {
    /// How long somebody has time to answer.
    pub limit: SimDuration,
    /// What is done if nobody has.
    pub then: Unanswered,
}

/// What is done where nobody has approved in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Unanswered {
    /// The rollout stands still.
    Pause,
    /// The release is taken back.
    Rollback,
}

/// How exposure climbs inside a stage.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Ramp {
    /// The whole step at once.
    AtOnce,
    /// Equal increments.
    Linear {
        /// The share that each increment adds.
        step: Share,
        /// The time between two increments.
        every: SimDuration,
    },
    /// Increments that multiply the exposure.
    Exponential {
        /// The factor of each increment; more than 1.
        factor: f64,
        /// The time between two increments.
        every: SimDuration,
    },
    /// Increments that wait for an operator.
    Manual {
        /// The share that each approved increment adds.
        step: Share,
    },
}

/// From when a stage's observation is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ObservationStart {
    /// From the instant at which the stage is entered.
    Entry,
    /// From the instant at which every host of the stage serves the new version.
    Convergence,
}
