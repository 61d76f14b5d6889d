//! Windows: how single judgements become a firing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::engine::SimDuration;

/// How judgements add up until a gate fires.
///
/// Windows are measured in time wherever the field measures them in time; the counting ones say so.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Window {
    /// The first breach fires.
    Instant,
    /// This many breaching evaluations in a row fire.
    Consecutive(u32),
    /// A breach that is sustained for a time fires.
    Sustained(Sustain),
    /// Counting as analysis runs count: the gate fires when more than so many measurements failed.
    Count(Counting),
}

/// A sustained breach, in the readings that people give to the word.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Sustain {
    /// The length of the window.
    pub over: SimDuration,
    /// What must hold in the window.
    pub mode: SustainMode,
}

/// What must hold over a sustained window.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SustainMode {
    /// Every evaluation breached, from one end of the window to the other.
    Every,
    /// At least this many evaluations inside the window breached.
    AtLeast(u32),
    /// The mean of the values inside a full window breaches the limit.
    Mean,
}

/// Limits on how often measurements may go wrong, counted from the start of the stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Counting {
    /// The gate fires when more breaches than this were seen.
    pub failures: Option<u32>,
    /// The gate is inconclusive when more holds than this were seen.
    pub inconclusive: Option<u32>,
    /// The gate errs when more errors than this were seen in a row.
    pub errors_in_a_row: Option<u32>,
    /// The number of measurements after which the gate is done and passes.
    pub of: Option<u32>,
}
