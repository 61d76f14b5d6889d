//! How much of what can go wrong a campaign has played.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the combinations of faults that touch how a bad release is dealt with have shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChaosLineage {
    /// The bad release, by the name of its fault.
    pub release: String,
    /// How many faults the policy is to withstand and touch how it is dealt with.
    pub faults: u64,
    /// The most faults of one combination.
    pub depth: u32,
    /// How many combinations there are.
    pub combinations: u64,
    /// How many were played.
    pub played: u64,
    /// How many were left out because a smaller one in them breaks a promise already.
    pub left_out: u64,
    /// The promises that the release breaks with no fault at all; they count against no combination.
    pub anyway: Vec<String>,
    /// The combinations that break a promise and hold no smaller one that does.
    pub breaking: Vec<ChaosCombination>,
}

/// A combination of faults and what it breaks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChaosCombination {
    /// The faults, by name.
    pub faults: Vec<String>,
    /// The promises, by code.
    pub promises: Vec<String>,
}

/// How large a fault may get before a promise breaks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChaosFrontier {
    /// The fault.
    pub fault: String,
    /// What of it is larger or smaller.
    pub knob: String,
    /// The largest size at which nothing broke, in seconds or as a fraction.
    pub holds: f64,
    /// The next size, at which something did; null where nothing did up to `holds`.
    pub breaks: Option<f64>,
    /// The size up to which the policy declares to withstand it; null where it declares none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared: Option<f64>,
    /// The unit of sizes: `s`, or `fraction`.
    pub unit: String,
    /// The promises that broke first.
    pub promises: Vec<String>,
    /// How many rehearsals were played for it.
    pub runs: u64,
}

/// How much of what can happen has happened in the rehearsals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChaosCoverage {
    /// One row for each kind of thing that can be covered.
    pub reaches: Vec<ChaosReach>,
    /// The faults that can show in no situation of this policy, and why: they are on no map.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub left_off: BTreeMap<String, String>,
    /// How many ways through the policy the rehearsals took.
    pub ways: u64,
    /// Good and Turing's estimate of the probability that the next rehearsal takes a way that none has
    /// taken.
    pub missing_mass: f64,
    /// What it stays below with probability 0.95.
    pub missing_mass_bound: f64,
}

/// How much of one kind of thing was covered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChaosReach {
    /// The kind, in the plural.
    pub of: String,
    /// How many can be reached.
    pub reachable: u64,
    /// How many of them were.
    pub reached: u64,
    /// Those that were not, by name.
    pub missing: Vec<String>,
    /// How many more were seen that only faults can bring about.
    pub beyond: u64,
}
