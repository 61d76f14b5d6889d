//! Distributions of delays, as files write them.

use super::mixture::{lognormal_cdf, normal_cdf};
use super::{exponential, lognormal, normal};
use crate::engine::{Draws, SimDuration};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How a delay is distributed.
///
/// Call [`Distribution::check`] on what comes from a file: sampling from parameters that it
/// refuses panics or has no meaning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Distribution {
    /// Always the same delay.
    Constant(SimDuration),
    /// Any delay between two bounds, each equally likely.
    Uniform {
        /// The shortest delay.
        low: SimDuration,
        /// The longest delay.
        high: SimDuration,
    },
    /// Memoryless waiting.
    Exponential {
        /// The mean delay.
        mean: SimDuration,
    },
    /// Mostly near the median, with a long tail above it.
    Lognormal {
        /// The delay that half of the draws exceed.
        median: SimDuration,
        /// The standard deviation of the logarithm; 0.5 is moderate, above 1 heavy.
        sigma: f64,
    },
    /// A normal distribution cut off below zero.
    NormalPositive {
        /// The mean before the cut.
        mean: SimDuration,
        /// The standard deviation before the cut.
        sd: SimDuration,
    },
    /// One of the measured delays, each equally likely.
    Empirical {
        /// The measured delays, in any order.
        values: Vec<SimDuration>,
    },
}

/// Why the parameters of a distribution make no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DistributionError {
    /// The lower bound is above the upper one.
    BoundsCrossed,
    /// Sigma is negative or not finite.
    BadSigma,
    /// There are no measured values.
    NoValues,
}

impl fmt::Display for DistributionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BoundsCrossed => "`low` is above `high`",
            Self::BadSigma => "`sigma` is negative or not finite",
            Self::NoValues => "`values` is empty",
        })
    }
}

impl std::error::Error for DistributionError {}

impl Distribution {
    /// Says whether the parameters make sense.
    ///
    /// # Errors
    /// The first of [`DistributionError`]'s cases that applies.
    pub fn check(&self) -> Result<(), DistributionError> {
        match self {
            Self::Uniform { low, high } if low > high => Err(DistributionError::BoundsCrossed),
            Self::Lognormal { sigma, .. } if !(sigma.is_finite() && *sigma >= 0.0) => {
                Err(DistributionError::BadSigma)
            }
            Self::Empirical { values } if values.is_empty() => Err(DistributionError::NoValues),
            _ => Ok(()),
        }
    }

    /// Draws a delay, rounded to the nanosecond and at most [`SimDuration::MAX`].
    ///
    /// # Panics
    /// When [`Distribution::check`] refuses bounds or values.
    pub fn sample(&self, draws: &mut Draws) -> SimDuration {
        match self {
            Self::Constant(delay) => *delay,
            Self::Uniform { low, high } => uniform(draws, *low, *high),
            Self::Exponential { mean } => {
                SimDuration::from_nanos_f64(exponential(draws, nanos(*mean)))
            }
            Self::Lognormal { median, sigma } => median.mul_f64(lognormal(draws, 0.0, *sigma)),
            Self::NormalPositive { mean, sd } => normal_positive(draws, nanos(*mean), nanos(*sd)),
            Self::Empirical { values } => values[draws.below(values.len() as u64) as usize],
        }
    }

    /// Returns the delay that is exceeded with this probability, which lies between 0 and 1.
    ///
    /// # Panics
    /// When there are no measured values.
    pub fn exceeded_with(&self, probability: f64) -> SimDuration {
        let p = probability.clamp(f64::MIN_POSITIVE, 1.0);
        match self {
            Self::Constant(delay) => *delay,
            Self::Uniform { low, high } => *low + (*high - *low).mul_f64(1.0 - p),
            Self::Exponential { mean } => mean.mul_f64(-libm::log(p)),
            Self::Lognormal { median, sigma } => median.mul_f64(libm::exp(sigma * upper_normal(p))),
            Self::NormalPositive { mean, sd } => {
                let cut = normal_cdf(-nanos(*mean), nanos(*sd));
                let z = upper_normal(p * (1.0 - cut));
                SimDuration::from_nanos_f64((nanos(*mean) + nanos(*sd) * z).max(0.0))
            }
            Self::Empirical { values } => {
                let mut values = values.clone();
                values.sort_unstable();
                let place = ((1.0 - p) * values.len() as f64) as usize;
                values[place.min(values.len() - 1)]
            }
        }
    }

    /// Returns the probability of a delay of at most `x`.
    pub fn cdf(&self, x: SimDuration) -> f64 {
        match self {
            Self::Constant(delay) => f64::from(u8::from(x >= *delay)),
            Self::Uniform { low, high } => {
                let part = x
                    .min(*high)
                    .checked_sub(*low)
                    .map_or(0.0, |part| nanos(part) + 1.0);
                part / (nanos(*high - *low) + 1.0)
            }
            Self::Exponential { mean } if mean.is_zero() => 1.0,
            Self::Exponential { mean } => -libm::expm1(-nanos(x) / nanos(*mean)),
            Self::Lognormal { median, .. } if median.is_zero() => 1.0,
            Self::Lognormal { median, sigma } => {
                lognormal_cdf(nanos(x) / nanos(*median), 0.0, *sigma)
            }
            Self::NormalPositive { mean, sd } => {
                let cut = normal_cdf(-nanos(*mean), nanos(*sd));
                let below = normal_cdf(nanos(x) - nanos(*mean), nanos(*sd));
                if cut < 1.0 {
                    (below - cut) / (1.0 - cut)
                } else {
                    1.0
                }
            }
            Self::Empirical { values } => {
                values.iter().filter(|value| **value <= x).count() as f64 / values.len() as f64
            }
        }
    }
}

/// Returns what a standard normal variate exceeds with probability `p`.
///
/// A first guess within 4.5e-4 (Abramowitz and Stegun, 26.2.23), made exact by Newton's method.
fn upper_normal(p: f64) -> f64 {
    if p >= 1.0 {
        return f64::NEG_INFINITY;
    }
    let tail = p.min(1.0 - p);
    let t = libm::sqrt(-2.0 * libm::log(tail));
    let above = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let below = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    let mut z = t - above / below;
    for _ in 0..3 {
        let density = libm::exp(-0.5 * z * z) / libm::sqrt(2.0 * std::f64::consts::PI);
        z += (normal_cdf(-z, 1.0) - tail) / density;
    }
    if p < 0.5 { z } else { -z }
}

fn nanos(duration: SimDuration) -> f64 {
    duration.as_nanos() as f64
}

fn uniform(draws: &mut Draws, low: SimDuration, high: SimDuration) -> SimDuration {
    assert!(low <= high, "the bounds of a uniform delay are not crossed");
    let nanos = match (high - low).as_nanos().checked_add(1) {
        Some(choices) => draws.below(choices),
        None => draws.next_u64(),
    };
    low + SimDuration::from_nanos(nanos)
}

/// Draws until the result is not negative: at most two tries on average, as `mean` is >= 0.
fn normal_positive(draws: &mut Draws, mean: f64, sd: f64) -> SimDuration {
    loop {
        let nanos = normal(draws, mean, sd);
        if nanos >= 0.0 {
            return SimDuration::from_nanos_f64(nanos);
        }
    }
}
