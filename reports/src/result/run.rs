//! The result of one rollout as JSON.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sim_core::history::Outcome;

use super::gates::GateRow;
use super::timeline::Timeline;
use super::verdict::Verdict;

/// The result of one rollout, as `coalmine run --format json` writes it.
///
/// Fields are added in later versions, never renamed or taken away within one `version`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunReport {
    /// The kind of document: always `coalmine/run`.
    pub schema: String,
    /// The version of this form; 1 today.
    pub version: u32,
    /// The name of the policy.
    pub policy: String,
    /// Which reading of the policy: `as-written`, `as-implemented` or `own`.
    pub profile: String,
    /// The name of the scenario.
    pub scenario: String,
    /// The root seed.
    pub seed: u64,
    /// The number of the replication under that seed.
    pub replication: u64,
    /// What the result was made from.
    pub inputs: Inputs,
    /// What each gate promises about firing on a harmless release.
    #[serde(default)]
    pub gates: Vec<GateRow>,
    /// How the rollout ended.
    pub outcome: Outcome,
    /// What is to be thought of it: the worst of everything in `reasons`.
    pub verdict: Verdict,
    /// Why the verdict is no better, one sentence each; empty where it is PASS.
    pub reasons: Vec<String>,
    /// Whether the safety promises held.
    pub invariants: Vec<InvariantRow>,
    /// How much of the fleet was declared to serve the new version, and how much did.
    pub exposure: ExposureFigures,
    /// Seconds from the first exposure to a regression until the first trigger that acted; null
    /// where nothing acted or nothing was wrong.
    pub detection_s: Option<f64>,
    /// Seconds from the trigger until the last host served the old version again; null where
    /// nothing was rolled back, or some host never returned.
    pub rollback_s: Option<f64>,
    /// What users suffered.
    pub harm: HarmFigures,
    /// The hash of the history, 16 hexadecimal digits. Equal inputs give equal hashes.
    pub hash: String,
    /// The command that plays this rollout again.
    pub replay: String,
    /// What happened, in order.
    pub events: Vec<EventRow>,
    /// The same as a story that can be drawn, with what the gates read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeline: Option<Timeline>,
    /// The largest share of the fleet that the policy allows to be exposed, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blast_radius_percent: Option<f64>,
}

/// What a result was made from, so that it can be made again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Inputs {
    /// The program and its version.
    pub tool: String,
    /// The policy as it was named on the command line: a library system or a path.
    pub policy: String,
    /// The profile that was chosen, for a library system.
    pub profile: Option<String>,
    /// The scenario as it was named: a library scenario or a path; null for a whole suite.
    pub scenario: Option<String>,
    /// The hash of everything that was read, 16 hexadecimal digits.
    pub digest: String,
    /// How the policy of another product was taken, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lowered: Option<LoweredInputs>,
    /// The program that decided in the place of the policy's gates, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard: Option<GuardInputs>,
}

/// A program that decided in the place of a policy's gates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GuardInputs {
    /// The program and its arguments.
    pub command: String,
    /// How many questions there were, each as often as it came.
    pub questions: u64,
    /// How many of them were different; each was asked once.
    pub different: u64,
    /// What was wrong with the program, and how often; the policy decided then.
    pub faults: Vec<GuardFaultCount>,
    /// Whether the rollouts can be played again: the same question was never seen to be answered differently.
    pub reproducible: bool,
    /// Why not, and what else is to be known.
    pub notes: Vec<String>,
}

/// How often something was wrong with a guard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GuardFaultCount {
    /// What it did, such as `crashed`.
    pub what: String,
    /// How often.
    pub times: u64,
}

/// How the policy of another product was taken: its engine decides, and what its files do not say is assumed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoweredInputs {
    /// Who it is, such as `Rollout checkout of Argo Rollouts`.
    pub subject: String,
    /// Whether it is alerts, which are read as triggers; none where the product's own engine decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_triggers: Option<bool>,
    /// Whether a policy of our own form decided in the place of the product's engine; the notes say what counts otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_own_form: Option<bool>,
    /// The options that said its world, such as `--rps 5`; none where none was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<String>,
    /// What is assumed of the world; empty where a scenario file describes it.
    pub assumed: Vec<String>,
    /// How each metric is understood.
    pub metrics: Vec<UnderstoodMetric>,
    /// What else is to be known, such as weights that are not reached.
    pub notes: Vec<String>,
}

/// How a metric of another product is understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnderstoodMetric {
    /// The name of the metric.
    pub metric: String,
    /// What it is taken to measure.
    pub reads: String,
    /// Whose requests: `canary`, `control` or `fleet` (the query tells no version apart); none for what is not simulated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population: Option<String>,
}

/// One safety promise and whether it held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InvariantRow {
    /// The name of the promise, such as `INV-STAGED`.
    pub id: String,
    /// Whether it held.
    pub status: InvariantStatus,
    /// How far the promise was from being broken, in its own unit (negative once it is broken);
    /// null where it has no distance or was not put to the test.
    pub slack: Option<f64>,
    /// The unit of the slack.
    pub unit: Option<String>,
    /// What was seen, in words.
    pub detail: String,
}

/// Whether a promise held.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum InvariantStatus {
    /// It was put to the test and held.
    Holds,
    /// The run never came to where it matters.
    NotReached,
    /// It was broken.
    Violated,
}

impl InvariantStatus {
    /// Returns the words that reports use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::NotReached => "not reached",
            Self::Violated => "VIOLATED",
        }
    }
}

/// Exposure to the new version, in percent of the fleet.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExposureFigures {
    /// The largest target of the stages that were entered.
    pub declared_max_percent: f64,
    /// The largest share that served the new version at any instant.
    pub reached_max_percent: f64,
}

/// What users suffered, until the world was normal again or the horizon.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HarmFigures {
    /// Requests that the new version served during the rollout, and afterwards while it harmed anybody.
    pub exposed_requests: f64,
    /// The integral of the share of traffic that failed above normal, on whatever version, in minutes: one
    /// minute is one minute of full outage.
    pub exposed_error_minutes: f64,
    /// Jobs of the work queue that were killed because their workers were replaced; left out where there were none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost_jobs: Option<u64>,
    /// How many different users came to the new version; left out where the traffic declares no users.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub users_met: Option<f64>,
    /// How many of them it failed at least once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub users_hurt: Option<f64>,
    /// What a slow request of each latency that users feel counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slow_requests: Vec<SlowFigures>,
}

/// What a slow request counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SlowFigures {
    /// The signal.
    pub signal: String,
    /// From how many milliseconds on a request is slow.
    pub above_ms: f64,
    /// How much it counts, as a part of a failed one.
    pub weight: f64,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventRow {
    /// Seconds of virtual time since the rollout was asked to start.
    pub t_s: f64,
    /// The policy's own code where it has one, else a general word.
    pub code: String,
    /// The stage in which it happened; null before the first.
    pub stage: Option<String>,
    /// What happened, in words.
    pub detail: String,
}

impl RunReport {
    /// Whether a rollback began; [`Self::rollback_s`] is null also where it never ended.
    pub fn rollback_began(&self) -> bool {
        self.events.iter().any(|row| row.code == "rollback-began")
    }

    /// What `schema` says.
    pub const SCHEMA: &str = "coalmine/run";
    /// What `version` says.
    pub const VERSION: u32 = 1;
}
