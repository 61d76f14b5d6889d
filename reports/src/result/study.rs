//! The result of many rollouts as JSON.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gates::GateRow;
use super::objective::{InvariantCounts, ObjectiveRow, ObjectiveStatus, StudyCause, ToldRow};
use super::quantity::Quantities;
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
    /// The share of the fleet at which the policy completes, in percent, where it is not the whole fleet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completes_at_percent: Option<f64>,
    /// The root seed.
    pub seed: u64,
    /// How many rollouts were played.
    pub runs: u64,
    /// Whether every rollout that was asked for was played.
    pub complete: bool,
    /// How much of a study in shards it tells of, where some are missing: then nothing in it is a verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partial: Option<PartialShare>,
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
    /// The hash of each block of 64 rollouts, so that a divergence can be found; beyond 4194304 rollouts of a
    /// scenario, of each block of 128, 256, ..., so that there are at most 65536.
    pub blocks: Vec<String>,
    /// The scenarios of a suite; empty for a single scenario.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scenarios: Vec<StudyReport>,
}

/// How much of a study in shards a result tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartialShare {
    /// How many shards were there.
    pub shards: u64,
    /// How many there are.
    pub of: u64,
    /// How many rollouts were asked for.
    pub runs: u64,
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
    /// Makes it the result of some of the shards of a study: it keeps its figures and their intervals, and no
    /// objective counts as met or missed.
    #[must_use]
    pub fn in_part(mut self, share: PartialShare) -> Self {
        for row in &mut self.objectives {
            if matches!(row.status, ObjectiveStatus::Ok | ObjectiveStatus::Miss) {
                row.status = ObjectiveStatus::Undecided;
            }
            row.runs_needed = None;
            row.decided_at = None;
        }
        let each = self.scenarios.len().max(1) as u64;
        let inside = PartialShare {
            runs: share.runs / each,
            ..share
        };
        let scenarios = self.scenarios.into_iter();
        self.scenarios = scenarios.map(|one| one.in_part(inside)).collect();
        self.partial = Some(share);
        self
    }

    /// What `schema` says.
    pub const SCHEMA: &str = "coalmine/simulate";
    /// What `version` says.
    pub const VERSION: u32 = 1;
    /// What `scenario` says for a whole suite.
    pub const SUITE: &str = "suite";
    /// How many rollouts share a hash in `blocks`, where there are not very many of them.
    pub const BLOCK: u64 = 64;
    /// There are never more blocks.
    pub const BLOCKS_MAX: u64 = 1 << 16;

    /// Returns how many of `runs` rollouts of one scenario share a hash: [`Self::BLOCK`], doubled until there are no
    /// more than [`Self::BLOCKS_MAX`] blocks, so that a result does not grow with the rollouts behind it.
    pub const fn block_of(runs: u64) -> u64 {
        let mut block = Self::BLOCK;
        while runs.div_ceil(block) > Self::BLOCKS_MAX {
            block *= 2;
        }
        block
    }
}
