//! The document kind of these tests.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};
use sim_core::engine::{Share, SimDuration};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A plan.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Plan {
    /// The format of the file.
    pub version: Version,
    /// What the plan is called.
    pub name: String,
    /// What is done in order.
    #[schemars(length(min = 1))]
    pub stages: Vec<Stage>,
    /// What happens when a limit breaks. It happens once.
    #[serde(default)]
    pub action: Action,
    /// Words for whoever reads it.
    #[serde(default)]
    pub notes: Option<String>,
    /// How often a metric is read.
    #[serde(default)]
    pub every: Option<SimDuration>,
    /// Limits by metric.
    #[serde(default)]
    pub limits: BTreeMap<String, Limit>,
    /// The seed of the draws.
    #[serde(default)]
    pub seed: u64,
    /// A colour for charts.
    #[serde(default)]
    pub colour: Option<Colour>,
    /// Whether nothing is really done.
    #[serde(default)]
    pub dry_run: bool,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Stage {
    /// What the stage is called.
    pub name: String,
    /// How much of the fleet has the new version at the end of the stage.
    pub target: Share,
    /// How long the stage lasts at least.
    pub hold: SimDuration,
    /// Hosts changed at a time.
    #[serde(default)]
    #[schemars(range(min = 1, max = 500))]
    pub batch: Option<u16>,
}

/// What to do.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum Action {
    /// Wait for people.
    #[default]
    Pause,
    /// Go on.
    Ignore,
    /// Wait for a while.
    Wait(SimDuration),
    /// Go back.
    RollBack {
        /// How fast.
        within: SimDuration,
        /// Who is told.
        #[serde(default)]
        notify: Vec<String>,
    },
}

/// A limit of a metric.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limit {
    /// The greatest value that is well.
    #[schemars(range(min = 0.0, max = 1e6))]
    pub at_most: f64,
}

/// A colour.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Colour {
    Amber,
    Crimson,
}

/// The number 1, which the schema takes for any number: what slips past it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Version;

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            1 => Ok(Self),
            other => Err(de::Error::custom(format!(
                "version {other} is not supported"
            ))),
        }
    }
}

impl JsonSchema for Version {
    fn schema_name() -> Cow<'static, str> {
        "Version".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer" })
    }
}

/// A plan that uses everything.
pub const GOOD: &str = "\
# What ships on Mondays.
version: 1
name: weekly
stages:
  - name: canary
    target: 1%
    hold: 15m
  - { name: half, target: 0.5, hold: 1h30m, batch: 20 }
action:
  roll-back:
    within: 10m
    notify: [ops, \"grün\"]
every: 30s
limits:
  error-rate: { at-most: 0.02 }
seed: 18446744073709551615
colour: amber
dry-run: true
";
