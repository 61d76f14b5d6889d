//! Rollback: an ordered sequence of timed steps, and the kill switch.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::engine::{Distribution, SimDuration};

/// How a release is taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rollback {
    /// The time within which the last host must serve the old version, counted from the trigger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<SimDuration>,
    /// What the document estimates for the whole sequence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate: Option<SimDuration>,
    /// How long the old version is kept ready after the new one has taken over, counted from the instant at
    /// which every host of the last stage serves the new version; a later shift back fails. None means always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standby: Option<SimDuration>,
    /// How many old versions are kept ready, whatever their age: the one that this release replaces is let go once so many
    /// releases have come after it (`fleet.next-releases`). With `standby` too, it is there as long as either keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub keeps: Option<u32>,
    /// The steps, first one first.
    #[schemars(length(min = 1))]
    pub steps: Vec<Step>,
}

/// One step of a rollback.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Step {
    /// The name of the step, unique in its sequence.
    pub id: String,
    /// What the step changes.
    pub effect: StepEffect,
    /// How long the step takes, without the time that hosts need.
    pub takes: Distribution,
    /// How often a failed step is tried again.
    #[serde(default)]
    pub retries: u32,
    /// Whether a step that failed for good stops the sequence.
    pub required: bool,
}

/// What a rollback step changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum StepEffect {
    /// Hosts return to the old version, one by one.
    RevertHosts(RevertHosts),
    /// Traffic is pointed to the old version at once, the hosts stay as they are. Needs a standby.
    ShiftTraffic,
    /// The policy's kill switch is thrown, with all that the switch says of itself.
    ThrowKillSwitch,
    /// The configuration or policy bundle of before is put back.
    RestoreConfig,
    /// A deterministic replay is run with this seed.
    Replay {
        /// The seed of the replay, as the document states it; nothing is simulated of it but the step's time.
        seed: u64,
    },
    /// Evidence is captured.
    CaptureEvidence,
    /// The effect of the steps before is confirmed.
    Confirm,
    /// Pending work is cancelled and running work is left to finish.
    DrainQueue,
    /// Somebody is told.
    Publish,
}

/// How hosts are taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RevertHosts {
    /// How many hosts are reverted at the same time; none means all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub parallel: Option<u32>,
    /// How long one host needs.
    pub takes: Distribution,
}

/// A switch that takes a feature out of service without a rollback.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct KillSwitch {
    /// The name of the switch.
    pub id: String,
    /// The settings that the switch writes, as environment variables.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sets: BTreeMap<String, String>,
    /// Whether the setting is honoured at all by the code that reads it.
    pub works: bool,
    /// The time until the last server has read the setting, such as a restart; one time for all of them.
    pub takes: Distribution,
    /// How long a client goes on with the configuration that it has loaded, after the servers have read the
    /// setting. Each client on the new version has a time of its own, so that their share shrinks along this
    /// distribution and the switch is effective when the last of them has forgotten. There are as many clients
    /// as users on the new version where the traffic declares its users (`sticky-users`), otherwise one for
    /// each host or each millionth of the requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_memory: Option<Distribution>,
    /// What is done with work that is queued when the switch is thrown.
    #[serde(default)]
    pub cancels_pending: bool,
}
