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
    let mean = excesses.iter().sum::<f64>() / n;
    let largest = excesses[excesses.len() - 1];
    let index = |t: f64| excesses.iter().map(|y| libm::log1p(t * y)).sum::<f64>() / n;
    let likelihood = |t: f64| {
        let index = index(t);
        // As t goes to 0 the scale goes to the mean.
        let scale = if t.abs() < 1e-9 / mean {
            mean
        } else {
            index / t
        };
        -libm::log(scale) - index - 1.0
    };
    // Below -1 the likelihood is unbounded: an index of -1 is an even law up to its end.
    let negative = golden::maximum(-1.0 / largest * (1.0 - 1e-6), 0.0, |t| {
        if index(t) < -1.0 {
            f64::NEG_INFINITY
        } else {
            likelihood(t)
        }
    });
    let positive = libm::exp(golden::maximum(-12.0, 6.0, |log_t| {
        likelihood(libm::exp(log_t) / mean)
    })) / mean;
    let best = if likelihood(negative) > likelihood(positive) {
        negative
    } else {
        positive
    };
    let index = index(best);
    Some(Tail {
        index,
        error: (1.0 + index).max(0.0) / libm::sqrt(n),
        above,
    })
}
