//! The tail of latencies: a generalised Pareto law above the 95th percentile.

use super::golden;

/// A generalised Pareto law above a threshold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tail {
    /// The tail index: 0 falls off like an exponential, above 0 like a power (the mean of excesses is
    /// infinite from 1 on), below 0 ends somewhere, as time-outs make it.
    pub index: f64,
    /// Its standard error.
    pub error: f64,
    /// The threshold.
    pub above: f64,
}

/// The fewest values above the threshold.
const EXCEEDING_MIN: usize = 50;

/// Fits excesses over the 95th percentile of sorted values by the profile likelihood in `t = index / scale`
/// (Grimshaw, 1993): `index = mean log(1 + t y)`.
pub(super) fn fit(sorted: &[f64]) -> Option<Tail> {
    let from = sorted.len() * 95 / 100;
    let above = sorted[from - 1];
    let excesses: Vec<f64> = sorted[from..]
        .iter()
        .map(|x| x - above)
        .filter(|y| *y > 0.0)
        .collect();
    if excesses.len() < EXCEEDING_MIN {
        return None;
    }
    let n = excesses.len() as f64;
    let profile = Profile {
        mean: excesses.iter().sum::<f64>() / n,
        excesses,
    };
    let index = profile.index(profile.best());
    Some(Tail {
        index,
        error: (1.0 + index).max(0.0) / libm::sqrt(n),
        above,
    })
}

/// The likelihood of excesses, of which `t` alone is free.
struct Profile {
    /// Rising.
    excesses: Vec<f64>,
    mean: f64,
}

impl Profile {
    fn index(&self, t: f64) -> f64 {
        let logs = self.excesses.iter().map(|y| libm::log1p(t * y));
        logs.sum::<f64>() / self.excesses.len() as f64
    }

    fn likelihood(&self, t: f64) -> f64 {
        let index = self.index(t);
        // As t goes to 0 the scale goes to the mean.
        let scale = if t.abs() < 1e-9 / self.mean {
            self.mean
        } else {
            index / t
        };
        -libm::log(scale) - index - 1.0
    }

    /// The likeliest `t`.
    fn best(&self) -> f64 {
        let largest = self.excesses[self.excesses.len() - 1];
        // Below -1 the likelihood is unbounded: an index of -1 is an even law up to its end.
        let negative = golden::maximum(-1.0 / largest * (1.0 - 1e-6), 0.0, |t| {
            if self.index(t) < -1.0 {
                f64::NEG_INFINITY
            } else {
                self.likelihood(t)
            }
        });
        let positive = libm::exp(golden::maximum(-12.0, 6.0, |log_t| {
            self.likelihood(libm::exp(log_t) / self.mean)
        })) / self.mean;
        if self.likelihood(negative) > self.likelihood(positive) {
            negative
        } else {
            positive
        }
    }
}
