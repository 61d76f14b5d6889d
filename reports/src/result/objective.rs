//! The rows of a study about objectives and invariants, and about who led to what went wrong.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One objective: a rate, its limit, and what may be said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectiveRow {
    /// The name, such as `false_rollback`, or the name of a safety promise.
    pub id: String,
    /// The rate that was seen; null where no rollout came to where it matters.
    pub value: Option<f64>,
    /// The lower end of the exact (Clopper-Pearson) 95 % interval of the rate.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// The limit, a fraction.
    pub limit: f64,
    /// On which side of the limit the rate should lie.
    pub bound: BoundWord,
    /// What may be said.
    pub status: ObjectiveStatus,
    /// About how many rollouts more would decide; null where it is decided, or nothing would.
    pub runs_needed: Option<u64>,
    /// With about how many rollouts of each scenario (`-n`) it would be decided; null where it is decided, and where no
    /// number would decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<u64>,
    /// How many rollouts showed the event.
    pub events: u64,
    /// Among how many it is counted.
    pub among: u64,
}

/// A rate without a limit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ToldRow {
    /// The name, such as `ended_before_regression`.
    pub id: String,
    /// The rate.
    pub value: f64,
    /// The lower end of its exact (Clopper-Pearson) 95 % interval.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// How many rollouts showed the event.
    pub events: u64,
    /// Among how many it is counted.
    pub among: u64,
}

/// How often one cause led to one thing that went wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StudyCause {
    /// What went wrong, such as `false_rollback`.
    pub kind: String,
    /// The gate that decided, by its id, or in words what decided in place of a gate.
    pub who: String,
    /// The stage in which it decided; null before the first.
    pub stage: Option<String>,
    /// The size of the sample that it decided on, as a class; null where no sample decided.
    pub samples: Option<String>,
    /// The fewest samples that it decided on.
    pub fewest: Option<u64>,
    /// The most samples that it decided on.
    pub most: Option<u64>,
    /// In how many rollouts.
    pub rollouts: u64,
    /// Among how many it could have happened.
    pub among: u64,
    /// The lower end of the exact (Clopper-Pearson) 95 % interval of this cause's rate.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// The number of the first of these rollouts.
    pub replication: u64,
}

/// On which side of its limit a rate should lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BoundWord {
    /// Not more than the limit.
    AtMost,
    /// Not less than the limit.
    AtLeast,
}

/// What the rollouts say about an objective.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub enum ObjectiveStatus {
    /// It is met: the whole interval lies on the good side of the limit.
    #[serde(rename = "ok")]
    Ok,
    /// These rollouts cannot tell.
    #[serde(rename = "undecided")]
    Undecided,
    /// It is missed: the whole interval lies on the bad side of the limit.
    #[serde(rename = "MISS")]
    Miss,
    /// No rollout came to where it matters: it is neither met nor missed.
    #[serde(rename = "untested")]
    Untested,
    /// Its limit cannot be missed, whatever happens: it says nothing.
    #[serde(rename = "vacuous")]
    Vacuous,
}

impl ObjectiveStatus {
    /// Returns the word that reports use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Undecided => "undecided",
            Self::Miss => "MISS",
            Self::Untested => "untested",
            Self::Vacuous => "vacuous",
        }
    }
}

/// In how many rollouts a safety promise held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InvariantCounts {
    /// The name of the promise.
    pub id: String,
    /// It held.
    pub holds: u64,
    /// It was broken.
    pub violated: u64,
    /// The rollout never came to where it matters.
    pub not_reached: u64,
}

/// The invariant that a rate of a study stands for, so that one event is judged by one limit; none for a rate of its own.
///
/// ```
/// assert_eq!(reports::invariant_of("blast_within"), Some("INV-BLAST"));
/// assert_eq!(reports::invariant_of("false_rollback"), None);
/// ```
#[must_use]
pub fn invariant_of(rate: &str) -> Option<&'static str> {
    match rate {
        "rollback_within_deadline" => Some("INV-ROLLBACK"),
        "blast_within" => Some("INV-BLAST"),
        _ => None,
    }
}
