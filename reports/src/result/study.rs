//! The result of many rollouts as JSON.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gates::GateRow;
use super::run::Inputs;
use super::timeline::Timeline;

/// The result of many rollouts, as `coalmine simulate --format json` writes it.
///
/// For a whole suite `scenario` is `suite`, the objectives are those over all scenarios, and
/// `scenarios` holds one report of the same form for each. Fields are added in later versions,
/// never renamed or taken away within one `version`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StudyReport {
    /// The kind of document: always `coalmine/simulate`.
    pub schema: String,
    /// The version of this form; 1 today.
    pub version: u32,
    /// The name of the policy.
    pub policy: String,
    /// Which reading of the policy: `as-written`, `as-implemented` or `own`.
    pub profile: String,
    /// The name of the scenario, or `suite`.
    pub scenario: String,
    /// Whether the release that is rolled out deserves to be; null for a suite.
    pub release: Option<ScenarioKind>,
    /// The root seed.
    pub seed: u64,
    /// How many rollouts were played.
    pub runs: u64,
    /// Whether every rollout that was asked for was played.
    pub complete: bool,
    /// What the result was made from.
    pub inputs: Inputs,
    /// What each gate promises about firing on a harmless release; inside a suite only at the top.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<GateRow>,
    /// What was wanted, and what may be said about it.
    pub objectives: Vec<ObjectiveRow>,
    /// Rates that have no limit and say how the others are to be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<ToldRow>,
    /// Who led to what went wrong: which gate, in which stage, on how many samples.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<StudyCause>,
    /// For a rate of a suite, the scenarios that are made to end otherwise and are not counted in it.
    #[serde(default)]
    pub left_out: BTreeMap<String, Vec<String>>,
    /// How the rollouts ended: how many each way.
    pub outcomes: BTreeMap<String, u64>,
    /// How many rollouts got each verdict.
    pub verdicts: BTreeMap<String, u64>,
    /// The safety promises: in how many rollouts they held.
    pub invariants: Vec<InvariantCounts>,
    /// Times, exposure and harm over the rollouts.
    pub quantities: Quantities,
    /// For each kind of failure the worst rollout, with the command that plays it again.
    pub worst: Vec<Failure>,
    /// The limits that the policy itself sets; inside a suite only at the top.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<LimitFigures>,
    /// How the exposure that was reached developed; left out for a suite, whose scenarios have their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exposure: Option<ExposureBands>,
    /// One rollout in full: the one to look at first, or, where nothing failed, an ordinary one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeline: Option<Timeline>,
    /// The hash of the hashes of all rollouts in order, 16 hexadecimal digits.
    pub hash: String,
    /// The hash of each block of 64 rollouts, so that a divergence can be found.
    pub blocks: Vec<String>,
    /// The scenarios of a suite; empty for a single scenario.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scenarios: Vec<StudyReport>,
}

/// Whether a release deserves to be rolled out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ScenarioKind {
    /// It does: anything but completion is a mistake.
    Good,
    /// It does not: completion is a mistake.
    Bad,
}

impl ScenarioKind {
    /// Returns the word that reports use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
        }
    }
}

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

/// Times, exposure and harm over the rollouts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quantities {
    /// Seconds from the beginning of a regression, as users met it, until it was acted upon, over the
    /// rollouts of bad releases that met it.
    pub detection_s: Quantity,
    /// Seconds from the trigger until the last host was back, over the rollouts that rolled back.
    pub rollback_s: Quantity,
    /// The largest share of the fleet that served the new version, in percent.
    pub reached_max_percent: Quantity,
    /// Requests that the new version served.
    pub exposed_requests: Quantity,
    /// Minutes of full outage that the errors amount to; without the rollouts of bad releases that ended
    /// before the regression began.
    pub exposed_error_minutes: Quantity,
}

/// A quantity over many rollouts.
///
/// Quantiles are nearest-rank over all rollouts where the quantity matters, and those where it never
/// came (nothing detected, never rolled back) stand above every number: a quantile among them is
/// null. Values are kept to four digits, rounded down, so that shares of a study merge exactly.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// In how many rollouts the quantity has a value.
    pub count: u64,
    /// In how many it should have had one, but never came.
    pub never: u64,
    /// The mean of the values; null without any.
    pub mean: Option<f64>,
    /// The median.
    pub p50: Option<f64>,
    /// The 95 % quantile.
    pub p95: Option<f64>,
    /// The 99 % quantile.
    pub p99: Option<f64>,
    /// The largest value.
    pub max: Option<f64>,
    /// The 95 % interval of each quantile above, for quantities that are times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intervals: Option<QuantileIntervals>,
    /// The distribution, for quantities that are times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distribution: Option<Distribution>,
}

/// Between which values a quantile lies, with at least 95 % confidence (order statistics). An end is null where
/// the value may never come, and the upper one where so few values do not bound it.
///
/// The ends are order statistics, so that nothing is assumed about the distribution; an end is null
/// where it falls among the rollouts in which the value never came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuantileIntervals {
    /// The ends of the median's interval.
    pub p50: [Option<f64>; 2],
    /// Those of the 95 % quantile.
    pub p95: [Option<f64>; 2],
    /// Those of the 99 % quantile.
    pub p99: [Option<f64>; 2],
}

/// How many rollouts had a value up to each of some points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Distribution {
    /// Half the width of the 95 % band around the shares (A. Dvoretzky, J. Kiefer, J. Wolfowitz, Ann.
    /// Math. Stat. 27, 1956, with the constant of P. Massart, Ann. Prob. 18, 1990).
    pub band: f64,
    /// The points, from the smallest value to the largest.
    pub points: Vec<DistributionPoint>,
}

/// A point of a distribution.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DistributionPoint {
    /// The value.
    pub value: f64,
    /// How many rollouts had this value or less.
    pub count: u64,
}

/// The limits that a policy sets itself.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitFigures {
    /// Within how many seconds a rollback must be over.
    pub rollback_s: Option<f64>,
    /// What the 99 % quantile of the rollback leaves of that; negative where it takes longer.
    pub rollback_slack_p99_s: Option<f64>,
    /// The largest share of the fleet that may serve the new version, in percent.
    pub reached_max_percent: Option<f64>,
}

/// How the exposure that was reached developed over many rollouts, in percent of the fleet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExposureBands {
    /// The length of a step in seconds; each point holds for at least one.
    pub step_s: f64,
    /// When the last step ends, in seconds.
    pub end_s: f64,
    /// A point for every step in which something changes.
    pub points: Vec<ExposurePoint>,
}

/// What was reached during a step: in each rollout the largest share in it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExposurePoint {
    /// When the step begins, in seconds.
    pub t_s: f64,
    /// The 5 % quantile over the rollouts.
    pub p5: f64,
    /// The lower quartile.
    pub p25: f64,
    /// The median.
    pub p50: f64,
    /// The upper quartile.
    pub p75: f64,
    /// The 95 % quantile.
    pub p95: f64,
    /// The largest.
    pub max: f64,
    /// The mean.
    pub mean: f64,
}

/// The worst rollout of one kind of failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// The kind: the name of an objective or of a safety promise.
    pub kind: String,
    /// The scenario in which it happened.
    pub scenario: String,
    /// How many rollouts of that scenario failed in this way.
    pub count: u64,
    /// The number of the worst of them.
    pub replication: u64,
    /// The command that plays it again.
    pub replay: String,
}

impl StudyReport {
    /// What `schema` says.
    pub const SCHEMA: &str = "coalmine/simulate";
    /// What `version` says.
    pub const VERSION: u32 = 1;
    /// What `scenario` says for a whole suite.
    pub const SUITE: &str = "suite";
    /// How many rollouts share a hash in `blocks`.
    pub const BLOCK: u64 = 64;
}
