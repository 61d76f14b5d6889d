//! The parameters of windows that test: what a policy writes after the name of a test.

use libm::{exp, log};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::test::{Boundary, Sides};
use crate::engine::SimDuration;

/// `{sprt: {alternative: 0.03, alpha: 0.05, beta: 0.1}}`: the limit is the rate of the null.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SprtWindow {
    /// The rate that must be noticed, beyond the limit.
    #[serde(deserialize_with = "crate::engine::quantity")]
    #[schemars(with = "crate::engine::Fraction")]
    pub alternative: f64,
    /// The nominal probability of firing on a rate at the limit.
    pub alpha: f64,
    /// The nominal probability of accepting the rate of the alternative.
    pub beta: f64,
}

/// `{msprt: {alpha: 0.01, effect: 0.01}}`, against the control.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct MsprtWindow {
    /// The bound on the probability of ever firing on a harmless release.
    pub alpha: f64,
    /// The size of effect that the test is best at, in the unit of the signal.
    #[serde(deserialize_with = "crate::engine::quantity")]
    #[schemars(with = "crate::engine::Fraction")]
    pub effect: f64,
}

/// `{conditional-e-process: {alpha: 0.01, least: 1.25, most: 10}}`, against the control.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ConditionalWindow {
    /// The bound on the probability of ever firing on a harmless release.
    pub alpha: f64,
    /// The smallest factor, on top of what the limit allows, that is bet on; above 1.
    pub least: f64,
    /// The largest factor that is bet on.
    pub most: f64,
}

/// `{e-process: {rate: 0.1, bet: 0.5, alpha: 0.05}}`, on the breaches of evaluations.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct EProcessWindow {
    /// How often an evaluation of a harmless release may breach.
    #[serde(deserialize_with = "crate::engine::quantity")]
    #[schemars(with = "crate::engine::Fraction")]
    pub rate: f64,
    /// How much is bet on the next breach; at most 1 over the rate.
    pub bet: f64,
    /// The bound on the probability of ever firing on a harmless release.
    pub alpha: f64,
}

/// `{group-sequential: {looks: 5, over: 1h, alpha: 0.01, sides: one, boundary: o-brien-fleming}}`,
/// against the control.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct GroupSequentialWindow {
    /// How many looks are planned.
    pub looks: u32,
    /// The time from the beginning to the last look; looks are equally far apart.
    pub over: SimDuration,
    /// The bound on the probability of firing on a harmless release at any of the looks.
    pub alpha: f64,
    /// Whether the level is meant for one side or for two; the gate fires on the harmful one alone.
    pub sides: Sides,
    /// How the level is spread over the looks.
    pub boundary: Boundary,
}

/// `{bayes: {level: 0.99, failures: 1, successes: 1}}`, against the control.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BayesWindow {
    /// The posterior probability of harm above which the gate fires.
    pub level: f64,
    /// The first shape of the beta prior of both rates.
    pub failures: f64,
    /// The second shape of the prior.
    pub successes: f64,
}

/// `{burn-rate: {short: 5m}}`: the long window is the gate's look-back time, the limit is the burn rate
/// times the error budget.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BurnRateWindow {
    /// The short window, which must be in breach too. The gate's `min-samples` does not bind it.
    pub short: SimDuration,
}

/// `{mann-whitney: {every: 1m, confidence: 0.98, tolerance: 0.25}}`, against the control; the look-back
/// time is cut into readings, of which half must be there.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct MannWhitneyWindow {
    /// The time that one value of a sample covers.
    pub every: SimDuration,
    /// The confidence of the interval of the shift; Kayenta has 98 %.
    pub confidence: f64,
    /// The fraction of the estimated shift that the interval must clear; Kayenta has 0.25.
    pub tolerance: f64,
}

/// `{cusum: {slack: 0.5, limit: 5}}`: the target is the gate's limit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CusumWindow {
    /// How many units beyond the target are let go at each evaluation; half the shift that matters.
    pub slack: f64,
    /// The sum, in units, above which the gate fires.
    pub limit: f64,
    /// One unit, in that of the signal; left out, the standard error of a ratio at the target.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::engine::some_quantity"
    )]
    #[schemars(with = "Option<crate::engine::Quantity>")]
    pub unit: Option<f64>,
}

/// `{ewma: {weight: 0.1, width: 2.7}}`: the target is the gate's limit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct EwmaWindow {
    /// The weight of the newest reading, up to 1.
    pub weight: f64,
    /// The distance of the limit in standard deviations of the average.
    pub width: f64,
    /// One standard deviation of a reading, in the unit of the signal; left out, the standard error of a
    /// ratio at the target.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::engine::some_quantity"
    )]
    #[schemars(with = "Option<crate::engine::Quantity>")]
    pub unit: Option<f64>,
}

impl ConditionalWindow {
    /// How many factors are bet on.
    const BETS: u32 = 16;

    /// Returns the factors that are bet on: as many steps of equal proportion from the least to the
    /// most.
    pub fn ratios(&self) -> Vec<f64> {
        let step = log(self.most / self.least) / f64::from(Self::BETS - 1);
        (0..Self::BETS)
            .map(|i| self.least * exp(step * f64::from(i)))
            .collect()
    }
}
