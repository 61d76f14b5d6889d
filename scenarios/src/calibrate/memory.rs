//! Serial dependence: a slow movement and white noise, and what they leave over.

use sim_core::telemetry::Autoregressive;
use statrs::function::gamma::checked_gamma_ur;

use super::dynamics::{mean, variance};

/// The memory of a series: autocorrelation `slow * memory^lag`.
#[derive(Clone, Debug, PartialEq)]
pub struct MemoryFit {
    /// The autocorrelation from one value to the next.
    pub first: f64,
    /// The autocorrelation over twelve steps.
    pub twelfth: f64,
    /// The correlation of the slow movement from one step to the next.
    pub memory: f64,
    /// The share of the variance that is slow.
    pub slow: f64,
    /// The excess kurtosis of the innovations: 0 for a normal law.
    pub kurtosis: f64,
    /// The probability of innovations as correlated as these if they were white (Ljung and Box, 12
    /// lags).
    pub white: f64,
}

const LAGS: usize = 24;
const LJUNG_BOX_LAGS: usize = 12;
/// The longest memory that a model may have.
const MEMORY_MAX: f64 = 0.999;

/// Returns the autocorrelation at `lag`, over the pairs that are there.
pub(super) fn correlation(values: &[f64], lag: usize) -> f64 {
    let centre = mean(values.iter().copied());
    let pairs = values.iter().zip(values.iter().skip(lag));
    let product = mean(pairs.map(|(a, b)| (a - centre) * (b - centre)));
    let found = product / variance(values);
    if found.is_finite() { found } else { 0.0 }
}

/// Fits the autocorrelations of the first lags by least squares: a grid over the memory, and the best
/// share for each.
pub(super) fn fit(residuals: &[f64], filled: &[f64]) -> MemoryFit {
    let correlations: Vec<f64> = (1..=LAGS).map(|lag| correlation(residuals, lag)).collect();
    let share = |memory: f64| {
        let powers = || (1..=LAGS).map(|lag| libm::pow(memory, lag as f64));
        let top = powers().zip(&correlations).map(|(power, r)| power * r);
        let top: f64 = top.sum();
        (top / powers().map(|power| power * power).sum::<f64>()).clamp(0.0, 1.0)
    };
    let error = |memory: f64| {
        let share = share(memory);
        let miss = |(lag, r): (usize, &f64)| r - share * libm::pow(memory, (lag + 1) as f64);
        let misses = correlations.iter().enumerate().map(miss);
        misses.map(|miss| miss * miss).sum::<f64>()
    };
    // Memories are spread evenly in the logarithm of the time that they last.
    let grid = (1..=200).map(|k| 1.0 - libm::pow(10.0, -3.0 * f64::from(k) / 200.0));
    let best = grid.min_by(|a, b| error(*a).total_cmp(&error(*b)));
    let memory = best.unwrap_or(0.0).min(MEMORY_MAX);
    let slow = share(memory);
    let innovations = Autoregressive::innovations_of(filled, memory, slow);
    MemoryFit {
        first: correlations[0],
        twelfth: correlations[11],
        memory,
        slow,
        kurtosis: kurtosis(&innovations),
        white: ljung_box(&innovations),
    }
}

fn kurtosis(values: &[f64]) -> f64 {
    let (centre, spread) = (mean(values.iter().copied()), variance(values));
    let fourth = values.iter().map(|value| libm::pow(value - centre, 4.0));
    mean(fourth) / (spread * spread) - 3.0
}

/// The p-value of Ljung and Box's statistic; the model has taken two degrees of freedom.
fn ljung_box(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let term = |lag: usize| {
        let r = correlation(values, lag);
        r * r / (n - lag as f64)
    };
    let statistic = n * (n + 2.0) * (1..=LJUNG_BOX_LAGS).map(term).sum::<f64>();
    checked_gamma_ur((LJUNG_BOX_LAGS - 2) as f64 / 2.0, statistic / 2.0).unwrap_or(0.0)
}

/// Fills what is missing with the residual of the same time of another day, the nearest first.
pub(super) fn filled(residuals: &[f64], per_day: usize) -> Vec<f64> {
    let days = residuals.len() / per_day + 1;
    let other = |place: usize| {
        let nearest = (1..=days).flat_map(|day| {
            [
                place.checked_sub(day * per_day),
                Some(place + day * per_day),
            ]
        });
        let values = nearest.filter_map(|place| residuals.get(place?).copied());
        values
            .into_iter()
            .find(|value| !value.is_nan())
            .unwrap_or(0.0)
    };
    let value = |(place, value): (usize, &f64)| if value.is_nan() { other(place) } else { *value };
    residuals.iter().enumerate().map(value).collect()
}
