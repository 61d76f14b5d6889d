//! The chance of counting: from a level and what it is counted over to a sample.

use super::SignalKind;
use super::sums::Sums;
use crate::engine::{Draws, sample};

/// Below it a beta-binomial cannot be told from a binomial: of a million requests the variance grows by a
/// millionth of itself.
const CORRELATION_MIN: f64 = 1e-12;
/// The smallest shape of a beta distribution that can be drawn from; below it the draw is 0 or 1 as well.
const SHAPE_MIN: f64 = 1e-290;

/// Draws samples of one signal in one population.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sampler {
    last: Option<(u64, f64, sample::Binomial)>,
}

impl Sampler {
    /// Draws bad ones among `n` at the level `mean`, with an intra-class correlation.
    pub fn ratio(&mut self, draws: &mut Draws, n: u64, mean: f64, correlation: f64) -> Sums {
        let p = mean.clamp(0.0, 1.0);
        let bad = if correlation >= CORRELATION_MIN && p > 0.0 && p < 1.0 {
            // A beta of this size has the intra-class correlation 1 / (a + b + 1).
            let size = 1.0 / correlation - 1.0;
            let shape = |part: f64| (part * size).max(SHAPE_MIN);
            sample::beta_binomial(draws, n, shape(p), shape(1.0 - p))
        } else {
            self.binomial(n, p).sample(draws)
        };
        Sums {
            numerator: bad as f64,
            denominator: n as f64,
        }
    }

    /// Takes away the bad ones that nobody hears of.
    pub fn heard(draws: &mut Draws, sums: Sums, unheard: f64) -> Sums {
        if unheard <= 0.0 {
            return sums;
        }
        let lost = sample::binomial(draws, sums.numerator as u64, unheard) as f64;
        Sums {
            numerator: sums.numerator - lost,
            denominator: sums.denominator - lost,
        }
    }

    /// Returns the sampler, made anew only when its parameters have changed.
    fn binomial(&mut self, n: u64, p: f64) -> &sample::Binomial {
        if !matches!(&self.last, Some((known_n, known_p, _)) if (*known_n, *known_p) == (n, p)) {
            self.last = Some((n, p, sample::Binomial::new(n, p)));
        }
        &self.last.as_ref().expect("it was just set").2
    }
}

/// Draws the events of `exposed` host hours at the level `rate`.
pub(super) fn count(draws: &mut Draws, rate: f64, exposed: f64, size: Option<f64>) -> Sums {
    // A summand can take a level below zero, where there is nothing to count.
    let mean = (rate * exposed).max(0.0);
    let events = match size {
        Some(size) => sample::negative_binomial(draws, mean, size),
        None => sample::poisson(draws, mean),
    };
    Sums {
        numerator: events as f64,
        denominator: exposed,
    }
}

/// Draws the mean level of `hosts` samples of single hosts, weighted with their number: one normal
/// draw for all of them.
pub(super) fn gauge(draws: &mut Draws, mean: f64, sd: f64, hosts: f64) -> Sums {
    if hosts <= 0.0 {
        return Sums::default();
    }
    let level = sample::normal(draws, mean, sd / libm::sqrt(hosts));
    Sums {
        numerator: level * hosts,
        denominator: hosts,
    }
}

/// Returns the normal level of a signal; 1 for latencies, whose level is a factor.
pub(crate) fn normal_level(kind: &SignalKind) -> f64 {
    match kind {
        SignalKind::Ratio { base, .. }
        | SignalKind::RatioOfRuns { base, .. }
        | SignalKind::Gauge { base, .. } => *base,
        SignalKind::Count { per_host_hour, .. } => *per_host_hour,
        SignalKind::Latency { .. } => 1.0,
        SignalKind::Heartbeat { silent } => *silent,
        SignalKind::Updates => 0.0,
    }
}
