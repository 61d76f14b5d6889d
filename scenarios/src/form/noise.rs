//! The noise model file: how one signal behaves when nothing is wrong, as fitted from its history.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sim_core::engine::SimDuration;
use sim_core::telemetry::{Noise, SignalKind};

/// The normal value of a signal, the chance of its counting, and how it moves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NoiseModel {
    /// The version of this file format; 1 today.
    #[schemars(range(min = 1, max = 1))]
    pub version: u32,
    /// The name by which people call this model.
    pub name: String,
    /// What the model stands for, in a sentence or two.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// What kind of number the signal is, its normal value and the chance of counting. The normal value is
    /// the arithmetic mean over time, whatever moves the signal.
    pub kind: SignalKind,
    /// How the signal moves beyond the chance of counting: season, and dependence in time.
    #[serde(default)]
    pub noise: Noise,
    /// The history that the model was fitted from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fitted_from: Option<FittedFrom>,
}

/// Facts about the history of a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FittedFrom {
    /// The name of the source: a file or a query.
    pub source: String,
    /// When the history begins, as it says so itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub begins: String,
    /// How long the history is.
    pub span: SimDuration,
    /// The time from one sample to the next.
    pub step: SimDuration,
    /// How many samples there are.
    pub samples: u64,
    /// A hash of the history's bytes, so that a model can be told from one of other data.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub digest: String,
}
