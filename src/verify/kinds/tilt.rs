//! Exponential tilting: tails of the binomial distribution from draws that reach them.

use sim_core::engine::sample::Binomial;

use super::super::effort::Effort;
use super::super::estimate::TrialEstimate;
use super::super::trials::{Trial, TrialSums, sums};

const TILTED: u32 = 7;

/// Binomial draws with probability `drawn` that stand for draws with probability `meant`.
#[derive(Clone, Copy, Debug)]
pub struct Tilt {
    n: f64,
    drawn: f64,
    ln_success: f64,
    ln_failure: f64,
}

impl Tilt {
    /// Draws with probability `drawn` what is meant to have probability `meant`.
    pub fn new(n: f64, meant: f64, drawn: f64) -> Self {
        let ln_success = (meant / drawn).ln();
        let ln_failure = (-meant).ln_1p() - (-drawn).ln_1p();
        Self {
            n,
            drawn,
            ln_success,
            ln_failure,
        }
    }

    /// Tilts `p` up to the share `thr`, whose tail it shall reach every other time. A tail that
    /// begins below `p` needs no tilt.
    pub fn towards(n: u32, p: f64, thr: f64) -> Self {
        Self::new(n.into(), p, thr.clamp(p, f64::midpoint(1.0, p)))
    }

    /// Returns the likelihood ratio of `x`.
    pub fn weight(&self, x: u64) -> f64 {
        let x = x as f64;
        (x * self.ln_success + (self.n - x) * self.ln_failure).exp()
    }

    /// Sums the weights of the draws that `breaches` picks, and their squares.
    pub fn sums(&self, effort: Effort, breaches: impl Fn(u64) -> bool + Sync) -> TrialSums<2> {
        let sampler = Binomial::new(self.n as u64, self.drawn);
        sums(effort, || {
            |trial: Trial| {
                let x = sampler.sample(&mut trial.draws(TILTED));
                let weight = if breaches(x) { self.weight(x) } else { 0.0 };
                [weight, weight * weight]
            }
        })
    }

    /// Estimates the probability of what `breaches` picks.
    pub fn tail(&self, effort: Effort, breaches: impl Fn(u64) -> bool + Sync) -> TrialEstimate {
        self.sums(effort, breaches).of_weighted(|[mean, _]| *mean)
    }
}
