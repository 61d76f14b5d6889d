//! What a scenario says about the hosts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::engine::{Distribution, Share, SimDuration};

/// The hosts of a scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Fleet {
    /// How many hosts there are.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub hosts: u32,
    /// The regions among which the hosts are spread; none means one region with one zone. It has no effect: hosts
    /// are alike wherever they stand.
    #[serde(default)]
    pub regions: Vec<Region>,
    /// The order in which hosts are updated. It has no effect, as hosts are alike.
    #[serde(default)]
    pub order: UpdateOrder,
    /// The standard deviation of the logarithm of a host's own factor on its signals.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 3.0))]
    pub host_effect: f64,
    /// How a host gets the new version.
    pub update: Update,
    /// How long after this release, once it has taken over, the next one comes, and then each after the one before: they
    /// push old versions out of those that are kept ready (`rollback.keeps`). None means that no other one comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_releases: Option<Distribution>,
}

/// A region of the fleet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Region {
    /// The name of the region.
    pub name: String,
    /// How many zones it has.
    #[schemars(range(min = 1, max = 1000))]
    pub zones: u32,
    /// Its part of the hosts; the parts of all regions add up to 100 %.
    pub part: Share,
}

/// The order in which hosts are updated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UpdateOrder {
    /// A random order, drawn once a rollout.
    #[default]
    Random,
    /// Region by region and zone by zone.
    ByZone,
}

/// How a host gets the new version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Update {
    /// How many hosts are updated at the same time; none means all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub parallel: Option<u32>,
    /// Whether a batch waits for its slowest host before the next batch begins.
    #[serde(default)]
    pub barrier: bool,
    /// How long one host needs.
    pub takes: Distribution,
    /// The standard deviation of the logarithm of a factor that all hosts of a wave share.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 3.0))]
    pub common: f64,
    /// The probability that a host's first try fails.
    #[serde(default, deserialize_with = "crate::engine::quantity")]
    #[schemars(with = "crate::engine::Fraction")]
    pub fails: f64,
    /// How long a failed try blocks the host before the next one.
    #[serde(default)]
    pub timeout: SimDuration,
    /// A few hosts that are much slower than the rest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stragglers: Option<Straggler>,
}

impl Update {
    /// All hosts together, in no time, and none fails.
    pub const AT_ONCE: Self = Self {
        parallel: None,
        barrier: false,
        takes: Distribution::Constant(SimDuration::ZERO),
        common: 0.0,
        fails: 0.0,
        timeout: SimDuration::ZERO,
        stragglers: None,
    };
}

/// Slow hosts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Straggler {
    /// The probability that a host is one.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub probability: f64,
    /// By what factor it is slower.
    #[schemars(range(min = 1.0))]
    pub factor: f64,
}
