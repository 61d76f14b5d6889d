//! The world file: everything that a rollout meets and that no policy decides.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sim_core::fleet::Fleet;
use sim_core::operator::Operator;
use sim_core::telemetry::Telemetry;
use sim_core::traffic::Traffic;

/// Hosts, load, measurement and people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct World {
    /// The version of this file format; 1 today.
    #[schemars(range(min = 1, max = 1))]
    pub version: u32,
    /// The name by which people call this world.
    pub name: String,
    /// What the world stands for, in a sentence or two.
    #[serde(default)]
    pub description: String,
    /// The hosts.
    pub fleet: Fleet,
    /// The load.
    pub traffic: Traffic,
    /// The signals, and how they reach the controller.
    pub telemetry: Telemetry,
    /// The people whom a policy asks.
    #[serde(default)]
    pub operators: Vec<Operator>,
}
