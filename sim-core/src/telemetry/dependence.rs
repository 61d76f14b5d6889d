//! Serial dependence: how a movement that is resampled from a history holds together in time.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::engine::SimDuration;

/// How the residuals of a history are put together to a new movement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Dependence {
    /// Blocks of the history as it was, from random places.
    Blocks(Blocks),
    /// A slow movement and white noise, driven by the history's own innovations.
    Autoregressive(Autoregressive),
}

/// A circular block bootstrap of a history (Politis and Romano, 1992).
///
/// Inside of a block everything is as it was: the runs, the bursts and the tails. Each block begins at a
/// place that is drawn anew, and the block borders lie at a random phase, so that they coincide in no
/// two replications.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Blocks {
    /// The time from one residual to the next.
    pub step: SimDuration,
    /// The length of a block, a whole number of steps.
    pub block: SimDuration,
    /// The probability that a block is the same in all populations: the share of the movement's
    /// variance that is a common shock, and the correlation between two populations.
    pub shared: f64,
    /// The time of the week of the first residual, counted from Monday 00:00 UTC. Where it is given, each
    /// block comes from about the time of day (30 minutes around) at which it is played, as spreads and
    /// bursts, too, have their hours (Politis, 2001: the seasonal block bootstrap).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begins: Option<SimDuration>,
    /// The history without level and season, in its order and on the scale of the link. What the
    /// chance of counting adds is not in it where the signal's kind draws that chance itself.
    pub residuals: Vec<f64>,
}

/// A slow AR(1) movement and white noise: autocorrelation `slow * memory^lag`.
///
/// It is played in its one-source form, the ARMA(1,1) process
/// `r[k] = memory r[k-1] + a[k] - theta a[k-1]`, whose innovations `a` are drawn from the history's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Autoregressive {
    /// The time from one innovation to the next.
    pub step: SimDuration,
    /// The correlation of the slow movement from one step to the next.
    pub memory: f64,
    /// The share of the variance that is slow; the rest is white. 1 is a pure AR(1).
    #[serde(default = "all")]
    pub slow: f64,
    /// The probability that an innovation is the same in all populations: the correlation between
    /// two of them.
    pub shared: f64,
    /// The innovations of the history, on the scale of the link.
    pub innovations: Vec<f64>,
}

fn all() -> f64 {
    1.0
}

impl Dependence {
    /// Returns the time from one value of the history to the next.
    pub const fn step(&self) -> SimDuration {
        match self {
            Self::Blocks(blocks) => blocks.step,
            Self::Autoregressive(process) => process.step,
        }
    }

    /// Says whether the movement is zero throughout.
    pub fn is_still(&self) -> bool {
        let values = match self {
            Self::Blocks(blocks) => &blocks.residuals,
            Self::Autoregressive(process) => &process.innovations,
        };
        values.iter().all(|value| *value == 0.0)
    }
}

impl Autoregressive {
    /// Returns the moving-average coefficient of the one-source form.
    pub fn theta(&self) -> f64 {
        theta(self.memory, self.slow)
    }

    /// Returns the innovations of `residuals`, which have gone through the process: the errors of the
    /// forecasts one step ahead. The first takes the place of what came before it.
    pub fn innovations_of(residuals: &[f64], memory: f64, slow: f64) -> Vec<f64> {
        let theta = theta(memory, slow);
        let mut last: Option<(f64, f64)> = None;
        let innovation = |residual: &f64| {
            let (before, error) = last.unwrap_or_default();
            let found = residual - memory * before + theta * error;
            last = Some((*residual, found));
            found
        };
        residuals.iter().map(innovation).collect()
    }
}

/// Solves `(memory - theta)(1 - memory theta) = slow memory (1 - 2 memory theta + theta^2)`, the first
/// autocorrelation of an ARMA(1,1) process (Box, Jenkins and Reinsel, section 3.4.3), for the root in
/// [0, memory].
///
/// With `w = slow` and `f = memory` it is `f (1 - w) t^2 - (1 + f^2 (1 - 2 w)) t + f (1 - w) = 0`, whose
/// roots have the product 1.
fn theta(memory: f64, slow: f64) -> f64 {
    let square = memory * (1.0 - slow);
    if square <= 0.0 {
        return 0.0;
    }
    let half = f64::midpoint(1.0, memory * memory * (1.0 - 2.0 * slow));
    let root = libm::sqrt((half * half - square * square).max(0.0));
    // The smaller root, without the loss of digits of a difference.
    square / (half + root)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_source_form_has_the_first_autocorrelation_that_was_declared() {
        for (memory, slow) in [(0.9, 0.3), (0.97, 0.05), (0.5, 0.99), (0.999, 0.5)] {
            let t = theta(memory, slow);
            assert!((0.0..=memory).contains(&t), "{memory} {slow}: {t}");
            let first = (memory - t) * (1.0 - memory * t) / (1.0 - 2.0 * memory * t + t * t);
            assert!(
                (first - slow * memory).abs() < 1e-12,
                "{memory} {slow}: {first}"
            );
        }
    }

    #[test]
    fn an_end_of_the_scale_is_a_pure_process_or_white_noise() {
        assert_eq!(theta(0.9, 1.0), 0.0);
        assert_eq!(theta(0.0, 0.4), 0.0);
        assert!((theta(0.9, 0.0) - 0.9).abs() < 1e-12);
    }

    #[test]
    fn innovations_lead_back_to_the_residuals() {
        let residuals = [0.3, -0.1, 0.25, 0.4, -0.7, 0.0];
        let (memory, slow) = (0.8, 0.6);
        let innovations = Autoregressive::innovations_of(&residuals, memory, slow);
        let (mut value, mut error) = (0.0, 0.0);
        for (residual, innovation) in residuals.iter().zip(innovations) {
            value = memory * value + innovation - theta(memory, slow) * error;
            error = innovation;
            assert!((value - residual).abs() < 1e-12, "{value} {residual}");
        }
    }
}
