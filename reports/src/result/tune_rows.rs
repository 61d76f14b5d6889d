//! The rows of a search.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A candidate that fresh seeds did not confirm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectedRow {
    /// The value of each variation.
    pub settings: Vec<String>,
    /// The fresh replications of each scenario.
    pub runs: u64,
    /// For each constraint, whether it is met there: `ok`, `MISS` or `undecided`.
    pub kept: Vec<String>,
}

/// A figure with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FigureRow {
    /// The figure.
    pub value: f64,
    /// The lower end; null where it is not known.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// Of a rate: over how many rollouts, which are those that count for it; null for what is no rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub among: Option<u64>,
}

/// A combination that is no sound policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RefusedRow {
    /// The value of each variation.
    pub settings: Vec<String>,
    /// The code of the finding.
    pub code: String,
    /// What is wrong.
    pub why: String,
}

/// The recommendation against the policy as it is, on rollouts that the search did not see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmationRow {
    /// What is new: the seeds, the scenarios, the size of the effects, the load.
    pub what: String,
    /// How many scenarios there are.
    pub scenarios: u64,
    /// The replications of each.
    pub runs: u64,
    /// The figures of the policy as it is.
    pub current: BTreeMap<String, FigureRow>,
    /// Those of the recommendation.
    pub recommended: BTreeMap<String, FigureRow>,
    /// The recommendation less the policy as it is, in what was minimised.
    pub difference: Option<FigureRow>,
    /// `better`, `worse`, or `no difference` where none was shown.
    pub word: String,
    /// For each constraint, whether the recommendation keeps it: `ok`, `MISS` or `undecided`.
    pub kept: Vec<String>,
}

/// What another model of the noise would choose among the finalists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SensitivityRow {
    /// The model.
    pub model: String,
    /// The replications of each scenario.
    pub runs: u64,
    /// The figures of the recommendation under this model.
    pub recommended: BTreeMap<String, FigureRow>,
    /// Whether the recommendation seems to keep the constraints.
    pub keeps: bool,
    /// What this model would choose; null where nothing seems to keep the constraints.
    pub choice: Option<Vec<String>>,
    /// What the recommendation costs more than that choice, in what was minimised.
    pub regret: Option<FigureRow>,
    /// `same`, `statistically indistinguishable`, `changes`, or `none meets the constraints`.
    pub word: String,
}
