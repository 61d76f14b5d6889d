//! What a study measures, with its distribution.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Times, exposure and harm over the rollouts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quantities {
    /// Seconds from the beginning of a regression, as users met it, until it was acted upon, over the
    /// rollouts of bad releases that met it.
    pub detection_s: Quantity,
    /// Seconds from the trigger until the last host was back, over the rollouts that rolled back.
    pub rollback_s: Quantity,
    /// The largest share of the fleet that served the new version, in percent.
    pub reached_max_percent: Quantity,
    /// Requests that the new version served.
    pub exposed_requests: Quantity,
    /// Minutes of full outage that the errors amount to; without the rollouts of bad releases that ended
    /// before the regression began.
    pub exposed_error_minutes: Quantity,
    /// Whom it hurts; left out where the traffic declares no users and their visits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub users: Option<UsersFigures>,
}

/// Different users who are hurt: at least one of their requests failed because of the new version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UsersFigures {
    /// The share of all users whom one rollout hurts, in percent.
    pub hurt_percent: f64,
    /// The share whom at least 1, 2, ... 10 of ten rollouts hurt, in percent. The same users meet every release first where the
    /// split says so (`salt: fixed`), other ones otherwise. Who comes first is told apart at shares that policies are made of.
    pub in_ten_percent: Vec<f64>,
}

/// A quantity over many rollouts.
///
/// Quantiles are nearest-rank over all rollouts where the quantity matters, and those where it never
/// came (nothing detected, never rolled back) stand above every number: a quantile among them is
/// null. Values are kept to four digits, rounded down, so that shares of a study merge exactly.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// In how many rollouts the quantity has a value.
    pub count: u64,
    /// In how many it should have had one, but never came.
    pub never: u64,
    /// The mean of the values; null without any.
    pub mean: Option<f64>,
    /// The median.
    pub p50: Option<f64>,
    /// The 95 % quantile.
    pub p95: Option<f64>,
    /// The 99 % quantile.
    pub p99: Option<f64>,
    /// The largest value.
    pub max: Option<f64>,
    /// The 95 % interval of each quantile above, for quantities that are times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intervals: Option<QuantileIntervals>,
    /// The distribution, for quantities that are times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distribution: Option<Distribution>,
}

/// Between which values a quantile lies, with at least 95 % confidence (order statistics). An end is null where
/// the value may never come, and the upper one where so few values do not bound it.
///
/// The ends are order statistics, so that nothing is assumed about the distribution; an end is null
/// where it falls among the rollouts in which the value never came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuantileIntervals {
    /// The ends of the median's interval.
    pub p50: [Option<f64>; 2],
    /// Those of the 95 % quantile.
    pub p95: [Option<f64>; 2],
    /// Those of the 99 % quantile.
    pub p99: [Option<f64>; 2],
}

/// How many rollouts had a value up to each of some points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Distribution {
    /// Half the width of the 95 % band around the shares (A. Dvoretzky, J. Kiefer, J. Wolfowitz, Ann.
    /// Math. Stat. 27, 1956, with the constant of P. Massart, Ann. Prob. 18, 1990).
    pub band: f64,
    /// The points, from the smallest value to the largest.
    pub points: Vec<DistributionPoint>,
}

/// A point of a distribution.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DistributionPoint {
    /// The value.
    pub value: f64,
    /// How many rollouts had this value or less.
    pub count: u64,
}
