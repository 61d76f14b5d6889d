//! Counts: negative binomial regression, and how well it fits.

use sim_core::engine::Key;
use statrs::function::beta::checked_beta_reg;
use statrs::function::gamma::checked_gamma_ur;

use super::golden;
use super::kind::Kind;
use super::season::{Design, Level, dot};
use super::series::Series;
use super::solve::Normal;

/// How counts scatter around their means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CountFit {
    /// The mean count of an interval.
    pub mean: f64,
    /// `a` of the negative binomial: variance = mean + a mean^2.
    pub alpha: f64,
    /// Pearson's statistic over its degrees of freedom: 1 for a Poisson process.
    pub dispersion: f64,
    /// By how much Akaike's criterion prefers the negative binomial to the Poisson law.
    pub aic_gain: f64,
    /// The Kolmogorov-Smirnov distance of the randomised probability integral transform from uniform.
    pub ks: f64,
    /// The same for a Poisson law.
    pub ks_poisson: f64,
}

/// Rounds of reweighting; the scoring of a log-linear model settles in fewer than ten.
const ROUNDS: usize = 12;

/// Returns events per exposure, over all.
pub(super) fn mean_rate(series: &Series) -> f64 {
    let cells = series.values.iter().zip(&series.exposures);
    let kept = cells.filter(|(value, _)| !value.is_nan());
    let (sum, over) = kept.fold((0.0, 0.0), |(s, o), (value, over)| (s + value, o + over));
    sum / over
}

/// Fits level and season of a rate by negative binomial regression with a log link: Fisher scoring,
/// alternating with the moment estimate of `a` (McCullagh and Nelder, section 11.2).
pub(super) fn level(series: &Series, design: &Design) -> Level {
    let mut b = vec![0.0; design.columns];
    b[0] = libm::log(mean_rate(series));
    let mut alpha = 0.0;
    for _ in 0..ROUNDS {
        let mut system = Normal::new(design.columns);
        let (mut excess, mut squares) = (0.0, 0.0);
        for (place, y) in present(series) {
            let over = series.exposures[place];
            let eta = dot(design.row(place), &b).clamp(-30.0, 30.0);
            let mean = libm::exp(eta) * over;
            if mean > 0.0 {
                let working = eta + (y - mean) / mean;
                system.add(design.row(place), working, mean / (1.0 + alpha * mean));
                excess += (y - mean) * (y - mean) - mean;
                squares += mean * mean;
            }
        }
        b = system.solve();
        alpha = (excess / squares).max(0.0);
    }
    design.level(&b)
}

fn present(series: &Series) -> impl Iterator<Item = (usize, f64)> {
    let cells = series.values.iter().copied().enumerate();
    cells.filter(|(_, value)| !value.is_nan())
}

/// Returns Pearson's statistic over its degrees of freedom, around the rates `fitted`.
pub(super) fn dispersion(series: &Series, fitted: &[f64], kind: Kind) -> f64 {
    let (mut sum, mut n) = (0.0, 0.0);
    for (place, y) in present(series) {
        let (over, rate) = (series.exposures[place], fitted[place]);
        let chance = if kind == Kind::Ratio { 1.0 - rate } else { 1.0 };
        let variance = over * rate * chance;
        if variance > 0.0 {
            sum += (y - over * rate) * (y - over * rate) / variance;
            n += 1.0;
        }
    }
    sum / (n - 1.0_f64).max(1.0)
}

/// Says how counts scatter around the means `means`.
pub(super) fn fit(series: &Series, means: &[f64], key: Key) -> CountFit {
    let pairs: Vec<(f64, f64)> = present(series)
        .map(|(place, y)| (y, means[place]))
        .collect();
    let likelihood = |alpha: f64| pairs.iter().map(|&(y, m)| log_nb(y, m, alpha)).sum::<f64>();
    let log_alpha = golden::maximum(-12.0, 5.0, |log_alpha| likelihood(libm::exp(log_alpha)));
    let alpha = libm::exp(log_alpha);
    let poisson: f64 = pairs
        .iter()
        .map(|&(y, m)| y * libm::log(m) - m - libm::lgamma(y + 1.0))
        .sum();
    CountFit {
        mean: mean_rate(series),
        alpha,
        dispersion: dispersion(series, means, Kind::Count),
        aic_gain: 2.0 * (likelihood(alpha) - poisson) - 2.0,
        ks: pit_distance(&pairs, key, |y, m| nb_cdf(y, m, alpha)),
        ks_poisson: pit_distance(&pairs, key, poisson_cdf),
    }
}

/// The logarithm of the negative binomial probability of `y`.
fn log_nb(y: f64, mean: f64, alpha: f64) -> f64 {
    let size = 1.0 / alpha;
    let am = alpha * mean;
    libm::lgamma(y + size) - libm::lgamma(size) - libm::lgamma(y + 1.0) - size * libm::log1p(am)
        + if y > 0.0 {
            y * libm::log(am / (1.0 + am))
        } else {
            0.0
        }
}

fn nb_cdf(y: f64, mean: f64, alpha: f64) -> f64 {
    if y < 0.0 {
        return 0.0;
    }
    let p = 1.0 / (1.0 + alpha * mean);
    checked_beta_reg(1.0 / alpha, y + 1.0, p).unwrap_or(f64::NAN)
}

fn poisson_cdf(y: f64, mean: f64) -> f64 {
    if y < 0.0 {
        return 0.0;
    }
    checked_gamma_ur(y + 1.0, mean).unwrap_or(f64::NAN)
}

/// Returns how far the randomised transform `F(y - 1) + v (F(y) - F(y - 1))` is from uniform
/// (Dunn and Smyth, 1996).
fn pit_distance(pairs: &[(f64, f64)], key: Key, cdf: impl Fn(f64, f64) -> f64) -> f64 {
    let mut draws = key.draws(0, 0, 0);
    let mut transform = |&(y, mean): &(f64, f64)| {
        let (below, at) = (cdf(y - 1.0, mean), cdf(y, mean));
        below + draws.uniform() * (at - below)
    };
    let mut places: Vec<f64> = pairs
        .iter()
        .map(&mut transform)
        .filter(|u| !u.is_nan())
        .collect();
    ks_uniform(&mut places)
}

/// Returns the Kolmogorov-Smirnov distance of a sample from the uniform law.
pub(super) fn ks_uniform(sample: &mut [f64]) -> f64 {
    sample.sort_by(f64::total_cmp);
    let n = sample.len() as f64;
    let distance = |(rank, u): (usize, &f64)| {
        let rank = rank as f64;
        ((rank + 1.0) / n - u).max(u - rank / n)
    };
    sample.iter().enumerate().map(distance).fold(0.0, f64::max)
}
