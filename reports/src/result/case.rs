//! A case as JSON: a rehearsal that breaks a promise, and what each of its faults did.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sim_core::history::Outcome;

use super::run::{EventRow, InvariantStatus};

/// A case, as `coalmine explain CASE --format json` writes it.
///
/// Fields are added in later versions, never renamed or taken away within one `version`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseReport {
    /// The kind of document: always `coalmine/case`.
    pub schema: String,
    /// The version of this form; 1 today.
    pub version: u32,
    /// The name of the policy.
    pub policy: String,
    /// Which reading of the policy: `as-written`, `as-implemented` or `own`.
    pub profile: String,
    /// The promise, by its code.
    pub promise: String,
    /// The promise in words.
    pub title: String,
    /// The unit of margins; null where the promise has none.
    pub unit: Option<String>,
    /// Seconds of virtual time until it was broken first.
    pub broken_at_s: Option<f64>,
    /// The rollout with all faults.
    pub whole: CaseShowing,
    /// The same rollout without any fault.
    pub bare: CaseShowing,
    /// The faults, each with what the rollout comes to without it.
    pub faults: Vec<CaseFault>,
    /// Where a reading that decided covers time before the stage that it decided about: which, and what users
    /// suffered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_reading: Option<String>,
    /// How large the case is, and how large it was when it was found.
    pub size: CaseSize,
    /// The hash of the history, 16 hexadecimal digits.
    pub hash: String,
    /// The command that plays the case again.
    pub replay: String,
    /// The command by which it was found, where there is one.
    pub found_by: Option<String>,
    /// What happened, in order.
    pub events: Vec<EventRow>,
}

/// What a rollout came to, as far as one promise is concerned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseShowing {
    /// How the promise fared.
    pub status: InvariantStatus,
    /// What happened, as a sentence without a full stop.
    pub detail: String,
    /// The least margin that was left, negative where the promise was broken by so much.
    pub slack: Option<f64>,
    /// How the rollout ended.
    pub outcome: Outcome,
    /// Seconds until a trigger acted; null where nothing acted or nothing was wrong.
    pub detection_s: Option<f64>,
    /// Seconds from the trigger until the last host was back; null where that never was.
    pub rollback_s: Option<f64>,
    /// The largest percentage that served the new version.
    pub reached_max_percent: f64,
    /// The minutes of full outage that users had of it.
    pub error_minutes: f64,
}

/// One fault of a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseFault {
    /// What the case calls it.
    pub id: String,
    /// The fault, by its name in the catalogue.
    pub name: String,
    /// The layer on which it sits.
    pub layer: String,
    /// What happens, as a sentence without a full stop.
    pub what: String,
    /// When it happens, in words.
    pub when: String,
    /// Its parameters that are not the catalogue's own, as JSON.
    pub parameters: String,
    /// Seconds of virtual time until it first changed something; null where it never did.
    pub showed_at_s: Option<f64>,
    /// The rollout without it, with all the others.
    pub without: CaseShowing,
    /// Whether the promise is kept without it.
    pub needed: bool,
    /// What it cost, in words; empty where it cost nothing.
    pub cost: String,
    /// How much of the margin it took; null where the promise has none to compare.
    pub margin: Option<f64>,
    /// Where the two rollouts part; null where they never do.
    pub parting: Option<CaseParting>,
}

/// The first thing that happens otherwise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseParting {
    /// Seconds of virtual time until it happens.
    pub at_s: f64,
    /// What happens next with the fault; null where nothing more does.
    pub with: Option<EventRow>,
    /// What happens next without it; null where nothing more does.
    pub without: Option<EventRow>,
}

/// How large a case is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseSize {
    /// The faults when it was found.
    pub faults_found: u32,
    /// The faults that are left.
    pub faults: u32,
    /// The hosts.
    pub hosts: u32,
    /// The stages.
    pub stages: u32,
    /// Seconds of virtual time after which the play ends.
    pub horizon_s: f64,
    /// How many rehearsals were played to make it so small.
    pub replays: u32,
}

impl CaseReport {
    /// The kind of document.
    pub const SCHEMA: &'static str = "coalmine/case";
    /// The version of the form.
    pub const VERSION: u32 = 1;
}
