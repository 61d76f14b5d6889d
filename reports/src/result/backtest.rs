//! What a policy would have done in a recorded past, as JSON.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::run::Inputs;

/// What a policy would have done in a recorded past, as `coalmine backtest --format json` writes it.
///
/// Fields are added in later versions, never renamed or taken away within one `version`. Instants are in
/// UTC, as ISO 8601 writes them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BacktestReport {
    /// The kind of document: always `coalmine/backtest`.
    pub schema: String,
    /// The version of this form; 1 today.
    pub version: u32,
    /// The name of the policy.
    pub policy: String,
    /// Which reading of the policy: `as-written`, `as-implemented` or `own`.
    pub profile: String,
    /// What the result was made from.
    pub inputs: Inputs,
    /// The recordings that were played.
    pub histories: Vec<PlayedHistory>,
    /// The time from one start to the next, in seconds.
    pub every_s: f64,
    /// The longest time that one start is followed, in seconds.
    pub horizon_s: f64,
    /// How long after a sample each start lies, in seconds.
    #[serde(default)]
    pub phase_s: f64,
    /// The root of the random draws that say which requests reached the canary.
    #[serde(default)]
    pub seed: u64,
    /// How often every start was played, each time with other requests on the canary; 1 where nothing
    /// was drawn.
    #[serde(default = "one")]
    pub replications: u64,
    /// How many starts there are. They overlap and are not independent.
    pub starts: u64,
    /// How many of them do not overlap: as many as intervals rest on.
    pub windows: u64,
    /// What was decided: for each decision how often.
    pub decisions: Vec<DecisionRow>,
    /// What the numbers of each gate are, by its id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub units: BTreeMap<String, GateUnit>,
    /// Who did it: for each decision but a plain completion the gate, the stage and the samples.
    #[serde(default)]
    pub causes: Vec<CauseRow>,
    /// When something was decided, starts that met the same together.
    pub findings: Vec<FindingRow>,
    /// The signals of which a gate was shown the whole fleet's values where it would have seen those of the
    /// canary: its false alarms are not in the figures.
    #[serde(default)]
    pub unthinned: Vec<UnthinnedSignal>,
    /// The gates that could not be judged, which is never a pass.
    pub inadequate: Vec<InadequateGate>,
    /// What else to know before anybody believes the figures.
    pub notes: Vec<String>,
    /// Whether every start was played; no where the command was interrupted.
    #[serde(default = "complete")]
    pub complete: bool,
    /// Every start.
    pub events: Vec<StartRow>,
}

/// Results from before the command could be interrupted are complete.
const fn complete() -> bool {
    true
}

/// A recording that was played.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlayedHistory {
    /// The signal.
    pub signal: String,
    /// The file.
    pub file: String,
    /// The first sample that was played.
    pub from: String,
    /// The last one.
    pub to: String,
    /// The time from one sample to the next, in seconds.
    pub step_s: f64,
    /// How many steps have a sample.
    pub samples: u64,
    /// How many steps have none: missing data.
    pub missing: u64,
    /// The longest stretches without a sample, the longest first.
    pub gaps: Vec<GapRow>,
}

/// A stretch without samples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GapRow {
    /// The last sample before it.
    pub from: String,
    /// The first one after it.
    pub to: String,
    /// How many steps have no sample.
    pub missing: u64,
}

/// How often something was decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionRow {
    /// The word for what was decided first: `completed`, `completed_late` (a criterion held it for a
    /// while), `rolled_back`, `killed`, `fell_back`, `stepped_back`, `paused`, `held` (still waiting at
    /// the horizon), `unfinished` (the recording ended first) or `aborted`.
    pub decision: String,
    /// After how many starts; the mean over the replications, rounded.
    pub starts: u64,
    /// Their share of all starts in all replications.
    pub share: f64,
    /// The 2.5 % quantile over the replications of that share: what other requests on the canary do to it.
    #[serde(default)]
    pub least: f64,
    /// The 97.5 % quantile.
    #[serde(default)]
    pub most: f64,
    /// In how many windows that do not overlap.
    pub windows: u64,
    /// The lower end of the exact 95 % interval (Clopper-Pearson) of the rate of windows.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// What the numbers of a gate are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GateUnit {
    /// Fractions.
    Share,
    /// Milliseconds.
    Milliseconds,
    /// Something else.
    Number,
}

/// Who did it: what was decided on one gate in one stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CauseRow {
    /// What was decided.
    pub decision: String,
    /// The gate that it was decided on, or that held; null where it was something else.
    pub gate: Option<String>,
    /// The stage in which it was decided.
    pub stage: Option<String>,
    /// The share of all starts in all replications.
    pub share: f64,
    /// What the gate read: the median.
    pub value: Option<f64>,
    /// What it was compared with, where that is a number of the policy.
    pub limit: Option<f64>,
    /// On how many samples: the median; null where the recording does not say.
    pub samples: Option<u64>,
    /// What was wrong with the data at the first, if anything.
    pub flaw: Option<String>,
}

/// A signal of which the canary was shown what the whole fleet has seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnthinnedSignal {
    /// The signal.
    pub signal: String,
    /// Why.
    pub why: String,
    /// The gates that were shown too much.
    pub gates: Vec<String>,
}

/// Starts that met the same: one gate, one decision, without a long time between them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FindingRow {
    /// What was decided.
    pub decision: String,
    /// The gate that it was decided on; null where it was something else.
    pub gate: Option<String>,
    /// When it was first decided, in the time of the recording; for what completed late, when the gate
    /// first held it.
    pub from: String,
    /// When it was last decided.
    pub to: String,
    /// After how many starts.
    pub starts: u64,
    /// What the gate read at the first; null where it read nothing.
    pub value: Option<f64>,
    /// What was wrong with the data at the first, if anything.
    pub flaw: Option<String>,
}

/// A gate that could not be judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InadequateGate {
    /// The gate.
    pub gate: String,
    /// The signal that it reads.
    pub signal: String,
    /// Why it could not be judged.
    pub why: String,
}

/// One start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StartRow {
    /// When the rollout was started, in the time of the recording.
    pub start: String,
    /// What was decided first.
    pub decision: String,
    /// When.
    pub at: String,
    /// How long after the start, in seconds.
    pub after_s: f64,
    /// The stage in which it was decided.
    pub stage: Option<String>,
    /// The gate that it was decided on, or that held.
    pub gate: Option<String>,
    /// What the gate read.
    pub value: Option<f64>,
    /// On how many samples; null where the recording does not say.
    pub samples: Option<u64>,
    /// What was wrong with the data, if anything.
    pub flaw: Option<String>,
    /// In how many replications it was decided so; the row is the first of them.
    #[serde(default = "one")]
    pub replications: u64,
}

const fn one() -> u64 {
    1
}

impl BacktestReport {
    /// What `schema` says.
    pub const SCHEMA: &'static str = "coalmine/backtest";
    /// What `version` says.
    pub const VERSION: u32 = 1;
}
