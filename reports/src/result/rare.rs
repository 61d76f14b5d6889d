//! The probability of a rare event as JSON.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::run::Inputs;

/// How probable a false rollback is that hardly ever happens, as `coalmine simulate --rare --format
/// json` writes it.
///
/// Fields are added in later versions, never renamed or taken away within one `version`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RareReport {
    /// The kind of document: always `coalmine/rare`.
    pub schema: String,
    /// The version of this form; 1 today.
    pub version: u32,
    /// The name of the policy.
    pub policy: String,
    /// Which reading of the policy: `as-written`, `as-implemented` or `own`.
    pub profile: String,
    /// The name of the scenario.
    pub scenario: String,
    /// What is rare: always `false_rollback`.
    pub event: String,
    /// The root seed.
    pub seed: u64,
    /// What the result was made from.
    pub inputs: Inputs,
    /// What the checks say.
    pub status: RareStatus,
    /// The answer; null unless the checks found it sound.
    pub answer: Option<RareEstimate>,
    /// The estimate until somebody stopped the command, which nothing has checked; null otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub so_far: Option<RareEstimate>,
    /// Both estimates and what was counted, whatever the checks say of them.
    pub checks: Vec<RareCheck>,
}

/// What the checks say of an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RareStatus {
    /// All estimates agree.
    Sound,
    /// No rollout was ever taken back.
    Unseen,
    /// Two estimates with different levels disagree.
    LevelsDisagree,
    /// Splitting and plain simulation disagree where both can count.
    PlainDisagrees,
    /// The estimates spread too much for the effort.
    Imprecise,
    /// Somebody stopped the command before the estimate was checked.
    Interrupted,
}

impl RareStatus {
    /// Returns what is to be said.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Sound => "the estimates agree",
            Self::Unseen => "no rollout was ever rolled back: nothing can be said",
            Self::LevelsDisagree => "refused: estimates with different levels disagree",
            Self::PlainDisagrees => "refused: splitting disagrees with plain simulation",
            Self::Imprecise => "refused: the estimates spread too much, play more of them",
            Self::Interrupted => "interrupted before the estimate was checked",
        }
    }
}

/// A probability with its error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RareEstimate {
    /// The mean of independent estimates without bias.
    pub probability: f64,
    /// Its standard error.
    pub error: f64,
    /// The lower end of the 95 % interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// How many independent estimates.
    pub estimates: u64,
    /// How many rollouts, from the start or from a level.
    pub rollouts: u64,
}

/// Something that was estimated in two ways.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RareCheck {
    /// What is compared.
    pub what: String,
    /// The levels of the first way.
    pub levels: Vec<f64>,
    /// The first way.
    pub one: RareEstimate,
    /// The second way.
    pub other: RareEstimate,
    /// By how many standard errors they differ; null where neither has one.
    pub z: Option<f64>,
}

impl RareReport {
    /// The kind of document.
    pub const SCHEMA: &'static str = "coalmine/rare";
    /// The version of the form.
    pub const VERSION: u32 = 1;
}
