//! One rollout as a story that can be drawn.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::verdict::Verdict;

/// One rollout: its stages, what it reached, what was read, and what happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Timeline {
    /// The name of the scenario.
    pub scenario: String,
    /// The root seed.
    pub seed: u64,
    /// The number of the replication under that seed.
    pub replication: u64,
    /// How the rollout ended.
    pub outcome: String,
    /// What is to be thought of it.
    pub verdict: Verdict,
    /// Why the verdict is no better.
    pub reasons: Vec<String>,
    /// The command that plays it again.
    pub replay: String,
    /// When the rollout ended, in seconds.
    pub end_s: f64,
    /// The stages that were entered, in order.
    pub stages: Vec<StageSpan>,
    /// The share of the fleet that served the new version: each holds until the next.
    pub exposure: Vec<ExposureStep>,
    /// What gates read, for each gate that fired or came closest to it.
    pub readings: Vec<Readings>,
    /// Faults, triggers and actions.
    pub marks: Vec<TimelineMark>,
}

/// A stage of a rollout.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StageSpan {
    /// The name of the stage.
    pub stage: String,
    /// The share of the fleet that it is meant to reach, in percent.
    pub target_percent: f64,
    /// When it was entered, in seconds.
    pub from_s: f64,
    /// When it was left.
    pub to_s: f64,
}

/// A change of the exposure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExposureStep {
    /// When, in seconds.
    pub t_s: f64,
    /// The share of the fleet that serves the new version from then on, in percent.
    pub percent: f64,
}

/// What a gate read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Readings {
    /// The name of the gate.
    pub gate: String,
    /// In what it reads: `fraction`, `ms`, or empty.
    pub unit: String,
    /// Its limit; null where it is relative, and each reading has its own.
    pub limit: Option<f64>,
    /// What it read, in order.
    pub points: Vec<ReadingPoint>,
}

/// One reading of a gate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadingPoint {
    /// When, in seconds.
    pub t_s: f64,
    /// The value; null where there was none.
    pub value: Option<f64>,
    /// What a relative limit came to; null where the limit is a number, or what it refers to could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<f64>,
}

/// Something that happened and matters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TimelineMark {
    /// When, in seconds.
    pub t_s: f64,
    /// What kind of thing it is.
    pub kind: MarkKind,
    /// What happened, in words.
    pub text: String,
}

/// The kinds of things that are marked in a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MarkKind {
    /// Something goes wrong.
    Fault,
    /// A gate fires, or a limit is exceeded.
    Trigger,
    /// Something is done about it.
    Action,
    /// The rollout is over.
    End,
}
