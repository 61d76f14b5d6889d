//! The result of a search for better thresholds as JSON.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::objective::StudyCause;
use super::run::Inputs;
use super::tune_rows::{ConfirmationRow, FigureRow, RefusedRow, RejectedRow, SensitivityRow};

/// The result of a search, as `coalmine tune --format json` writes it.
///
/// Fields are added in later versions, never renamed or taken away within one `version`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TuneReport {
    /// The kind of document: always `coalmine/tune`.
    pub schema: String,
    /// The version of this form; 2 today.
    pub version: u32,
    /// The name of the policy.
    pub policy: String,
    /// Which reading of the policy: `as-written`, `as-implemented` or `own`.
    pub profile: String,
    /// The root seed.
    pub seed: u64,
    /// What the result was made from.
    pub inputs: Inputs,
    /// The command that makes the same result again, whatever the time that this one took.
    pub again: String,
    /// What was varied.
    pub variations: Vec<VariationRow>,
    /// The figure that was minimised.
    pub minimize: String,
    /// The constraints.
    pub subject_to: Vec<String>,
    /// The figures in which the front is drawn.
    pub objectives: Vec<String>,
    /// How the search went.
    pub search: SearchFigures,
    /// What became of it.
    pub status: TuneStatus,
    /// The policy as it is.
    pub current: CandidateRow,
    /// Whether the current policy is Pareto-optimal.
    pub current_on_front: bool,
    /// What is recommended; the policy as it is where nothing is better.
    pub recommended: Option<CandidateRow>,
    /// What seems best where nothing can be recommended: it was not shown to meet the constraints, or fresh
    /// seeds did not confirm that it does.
    #[serde(default)]
    pub best_so_far: Option<CandidateRow>,
    /// Where no candidate meets the constraints, the one that comes nearest.
    #[serde(default)]
    pub nearest: Option<NearestRow>,
    /// Candidates that met the constraints in the search and were not shown to do so on fresh seeds.
    #[serde(default)]
    pub rejected: Vec<RejectedRow>,
    /// What went wrong in the search under the policy as it is, the one that is recommended or seems best, and
    /// the nearest of the others, with what led to it.
    #[serde(default)]
    pub causes: Vec<CandidateCauses>,
    /// The Pareto front of the candidates that may meet the constraints, best first in what was minimised.
    pub front: Vec<CandidateRow>,
    /// Every candidate that was played, in the order of the variations.
    pub candidates: Vec<CandidateRow>,
    /// Combinations that are no sound policy.
    pub refused: Vec<RefusedRow>,
    /// The recommendation against the policy as it is, where the search did not look.
    pub confirmation: Vec<ConfirmationRow>,
    /// What other models of the noise would choose.
    pub sensitivity: Vec<SensitivityRow>,
    /// The change of the policy's file as a unified diff; empty where nothing changes.
    pub patch: String,
}

/// What became of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TuneStatus {
    /// A candidate meets the constraints on fresh seeds too, and is better than the current policy, or the
    /// current policy does not meet them.
    Better,
    /// The current policy meets the constraints, and no candidate was shown to be better.
    Keep,
    /// Every candidate breaks a constraint.
    Infeasible,
    /// The budget did not suffice to show that what seems best meets the constraints, or fresh seeds did not
    /// confirm that it does.
    Undecided,
    /// Somebody stopped the search.
    Interrupted,
}

impl TuneStatus {
    /// Returns the word that reports use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Keep => "keep",
            Self::Infeasible => "infeasible",
            Self::Undecided => "undecided",
            Self::Interrupted => "interrupted",
        }
    }
}

/// Numbers that change together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VariationRow {
    /// The path as it was given.
    pub path: String,
    /// The numbers in the file.
    pub places: Vec<PlaceRow>,
    /// The values that were tried.
    pub values: Vec<String>,
}

/// A number in the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceRow {
    /// The full path.
    pub path: String,
    /// What is written there.
    pub written: String,
}

/// How a search went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchFigures {
    /// The scenarios that were played.
    pub scenarios: Vec<String>,
    /// The scenarios that were kept for the confirmation.
    pub held_out: Vec<String>,
    /// The scenarios whose ending no threshold is asked to change, with the reason.
    pub left_out: Vec<LeftOut>,
    /// How many candidates were played, the policy as it is included.
    pub candidates: u64,
    /// How many combinations cannot differ from one of these.
    pub equal: u64,
    /// How many rollouts were played.
    pub rollouts: u64,
    /// After each look, the replications of each scenario and how many candidates were left.
    pub looks: Vec<LookRow>,
    /// The rule by which candidates were dropped.
    pub rule: String,
    /// The probability of a wrong decision, over all candidates and looks.
    pub error: f64,
}

/// One look at the race.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LookRow {
    /// The replications of each scenario.
    pub runs: u64,
    /// How many candidates were left after it.
    pub left: u64,
    /// How many rollouts were played up to here.
    pub rollouts: u64,
}

/// A scenario that does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeftOut {
    /// The scenario.
    pub scenario: String,
    /// Why.
    pub why: String,
}

/// One candidate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CandidateRow {
    /// The value of each variation.
    pub settings: Vec<String>,
    /// How it stands: `recommended`; `meets the constraints`; `undecided`, so far; `worse`, significantly and
    /// in what was minimised, than one that meets them; `not confirmed` on fresh seeds; or `breaks` and the
    /// constraint.
    pub standing: String,
    /// The replications of each scenario.
    pub runs: u64,
    /// The figures, by their words; rates as fractions, times in seconds, harm in minutes.
    pub figures: BTreeMap<String, FigureRow>,
}

/// A candidate that comes nearest to meeting the constraints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NearestRow {
    /// The candidate.
    pub candidate: CandidateRow,
    /// The constraint that it exceeds most.
    pub binding: String,
    /// How many times that limit its figure is; null where nothing is allowed.
    pub used: Option<f64>,
    /// The gates that act and were not varied, those that led to most of what exceeds the limit first.
    pub not_varied: Vec<String>,
}

/// What went wrong under a candidate in the search, and what led to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CandidateCauses {
    /// The value of each variation.
    pub settings: Vec<String>,
    /// In how many rollouts each thing went wrong, such as `false_rollback`.
    pub wrong: BTreeMap<String, u64>,
    /// What led to it in the first of them; `among` is how many of the kind were looked at.
    pub causes: Vec<StudyCause>,
}

impl TuneReport {
    /// The kind of document.
    pub const SCHEMA: &str = "coalmine/tune";
    /// The version of the form.
    pub const VERSION: u32 = 2;
}
