//! An operating characteristic as JSON.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::run::Inputs;

/// How a policy answers to stronger and weaker effects of a release, as `coalmine curve --format
/// json` writes it.
///
/// Effects are factors on what the scenario declares. Fields are added in later versions, never
/// renamed or taken away within one `version`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CurveReport {
    /// The kind of document: always `coalmine/curve`.
    pub schema: String,
    /// The version of this form; 1 today.
    pub version: u32,
    /// The name of the policy.
    pub policy: String,
    /// Which reading of the policy: `as-written`, `as-implemented` or `own`.
    pub profile: String,
    /// The name of the scenario.
    pub scenario: String,
    /// The root seed, the same for all effects.
    pub seed: u64,
    /// How many rollouts of each effect were played.
    pub runs: u64,
    /// What the result was made from.
    pub inputs: Inputs,
    /// What an effect of 1 is: each scaled effect in words.
    pub scaled: Vec<String>,
    /// Effects of the release that cannot be scaled: as declared, and absent at 0.
    pub fixed: Vec<String>,
    /// Whether every effect was played; no where the command was interrupted.
    #[serde(default = "complete")]
    pub complete: bool,
    /// The points, from the weakest to the strongest effect.
    pub points: Vec<CurvePoint>,
    /// Further effects that were simulated to bracket the minimum detectable ones, from the weakest on.
    #[serde(default)]
    pub refined: Vec<CurvePoint>,
    /// The minimum detectable effects: the least that are acted upon with a given probability.
    pub detectable: Vec<Detectable>,
}

/// Results from before a part of a curve was reported are complete.
const fn complete() -> bool {
    true
}

/// One effect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CurvePoint {
    /// The factor on the declared effects.
    pub effect: f64,
    /// The share of rollouts in which the release was acted upon: neither completed nor left alone, and no
    /// users left on it. At 0 these are false actions.
    pub acted: f64,
    /// The lower end of its exact 95 % interval (Clopper-Pearson).
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// In how many rollouts.
    pub events: u64,
    /// Among how many: those that met the regression; null in results from before they were told apart, where
    /// all counted.
    #[serde(default)]
    pub among: Option<u64>,
    /// How many others ended before the regression began.
    #[serde(default)]
    pub ended_before_regression: u64,
    /// How many others were stopped by a signal that the regression does not change.
    #[serde(default)]
    pub stopped_by_chance: u64,
    /// The same share on the closest curve that never falls.
    pub fitted: f64,
    /// Half of these rollouts are acted upon within so many seconds of the beginning of the regression; null
    /// where fewer are.
    pub delay_p50_s: Option<f64>,
    /// The same for 95 % of them.
    pub delay_p95_s: Option<f64>,
}

/// The minimum detectable effect at a power: the least that is acted upon with that probability.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Detectable {
    /// The probability.
    pub power: f64,
    /// The effect, between the two simulated effects around the crossing; null where `place` is not
    /// `within`.
    pub effect: Option<f64>,
    /// The lower end of its 95 % interval: the strongest simulated effect up to which every rate is
    /// shown to be below the power; null where even the weakest may have it.
    pub low: Option<f64>,
    /// The upper end: the weakest simulated effect from which on every rate is shown to be above the
    /// power; null where even the strongest may lack it.
    pub high: Option<f64>,
    /// Where the effect lies among those that were simulated.
    #[serde(default)]
    pub place: DetectablePlace,
    /// The same in the units of the signals.
    #[serde(default)]
    pub signals: Vec<DetectableSignal>,
}

/// Where a minimum detectable effect lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DetectablePlace {
    /// Between two effects that were simulated.
    #[default]
    Within,
    /// Below the weakest one.
    Below,
    /// Above the strongest one.
    Above,
    /// Nobody knows: no rollout met the regression.
    Untested,
}

/// A minimum detectable effect on one signal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DetectableSignal {
    /// The signal.
    pub signal: String,
    /// Whether the change is added to the level of the signal, or multiplies it.
    pub adds: bool,
    /// The unit of the level: `fraction`, `ms`, `per host hour`, or empty.
    pub unit: String,
    /// The change; null where the effect is.
    pub value: Option<f64>,
    /// The lower end of its 95 % interval; null where that of the effect is.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
}

impl DetectableSignal {
    /// The unit of what is a share.
    pub const FRACTION: &'static str = "fraction";
}

impl CurveReport {
    /// The kind of document.
    pub const SCHEMA: &'static str = "coalmine/curve";
    /// The version of the form.
    pub const VERSION: u32 = 1;
}
