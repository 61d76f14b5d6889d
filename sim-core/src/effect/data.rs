//! Changes of data on their way from the hosts to a gate.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::engine::{Share, SimDuration};
use crate::policy::gate::{Measure, Population};

/// A change of the data about one signal, or about all of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DataChange {
    /// The signal; none means all signals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<String>,
    /// Whose data; none means everybody's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population: Option<Population>,
}

/// A change of a part of the data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Part {
    /// Which data.
    #[serde(default)]
    pub of: DataChange,
    /// The part of them, at full strength.
    pub share: Share,
}

/// Samples that arrive after the others of their scrape.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Straggling {
    /// Which data.
    #[serde(default)]
    pub of: DataChange,
    /// The part of each scrape that is late, at full strength.
    pub share: Share,
    /// How much later it arrives.
    pub by: SimDuration,
}

/// Samples of one population that carry the label of another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Mislabel {
    /// The signal; none means all signals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<String>,
    /// Whose samples: `canary` or `control`.
    pub from: Population,
    /// Under whose label they are found: `canary` or `control`.
    pub to: Population,
    /// The part of the samples, at full strength.
    pub share: Share,
    /// Whether they are found under their own label as well.
    #[serde(default)]
    pub copied: bool,
}

/// Values that are read otherwise than they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Misread {
    /// Which data.
    #[serde(default)]
    pub of: DataChange,
    /// What is asked of the signal, where not every question about it is answered wrongly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<Measure>,
    /// How a value is read.
    pub reads: Misreading,
}

/// How a value is read.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Misreading {
    /// Whatever it is, as this number, in the unit of the signal.
    Constant(
        #[serde(deserialize_with = "crate::engine::quantity")]
        #[schemars(with = "crate::engine::Quantity")]
        f64,
    ),
    /// Whatever it is, as more than any number.
    Infinite,
    /// Multiplied: a wrong unit, or a wrong sign where the factor is negative.
    Times(f64),
    /// Rounded to the nearest multiple of this step, in the unit of the signal.
    Rounded(
        #[serde(deserialize_with = "crate::engine::quantity")]
        #[schemars(with = "crate::engine::Quantity")]
        f64,
    ),
}

impl Misreading {
    /// Returns what `value` is read as at a strength between 0 and 1.
    pub fn of(self, value: f64, strength: f64) -> f64 {
        match self {
            Self::Constant(constant) => constant,
            Self::Infinite => f64::INFINITY,
            Self::Times(factor) => value * (1.0 + (factor - 1.0) * strength),
            Self::Rounded(step) => {
                let step = step * strength;
                libm::round(value / step) * step
            }
        }
    }

    /// Whether every value is read as it is.
    pub fn is_neutral(self) -> bool {
        match self {
            Self::Constant(_) | Self::Infinite => false,
            Self::Times(factor) => factor == 1.0,
            Self::Rounded(step) => step == 0.0,
        }
    }
}
