//! Ratios: the beta-binomial law, and averages that pretend to be counts.

use super::golden;
use super::kind::Kind;
use super::refusal::Refusal;
use super::series::Series;

/// How a ratio scatters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatioFit {
    /// The fraction.
    pub p: f64,
    /// The intra-class correlation: the variance is `n p (1 - p) (1 + (n - 1) rho)`.
    pub rho: f64,
    /// The binomial chi-square statistic over its degrees of freedom: 1 for a binomial law.
    pub dispersion: f64,
    /// The median denominator.
    pub n: f64,
}

/// How many standard errors below 1 the statistic must be to prove an average.
const SURE: f64 = 3.0;
/// The most intervals that the likelihood is taken over; they are picked evenly.
const INTERVALS_MAX: usize = 4000;

/// Fits `p` and `rho` by maximum likelihood, one after the other.
pub(super) fn fit(series: &Series, dispersion: f64) -> Result<RatioFit, Refusal> {
    let exposures = series.exposures.iter().copied();
    let cells = series.values.iter().copied().zip(exposures);
    let pairs: Vec<(f64, f64)> = cells.filter(|(x, n)| !x.is_nan() && *n > 0.0).collect();
    let error = libm::sqrt(2.0 / pairs.len() as f64);
    if dispersion < 1.0 - SURE * error {
        return Err(too_even(dispersion));
    }
    let every = pairs.len().div_ceil(INTERVALS_MAX);
    let picked: Vec<(f64, f64)> = pairs.iter().copied().step_by(every).collect();
    let sum = |of: fn(&(f64, f64)) -> f64| picked.iter().map(of).sum::<f64>();
    let (x, n) = (sum(|cell| cell.0), sum(|cell| cell.1));
    let mut logit = libm::log(x / (n - x).max(0.5));
    let mut log_rho = -6.0;
    for _ in 0..2 {
        let p = expit(logit);
        log_rho = golden::maximum(-18.0, -0.1, |rho| likelihood(&picked, p, libm::exp(rho)));
        let rho = libm::exp(log_rho);
        let at = |logit| likelihood(&picked, expit(logit), rho);
        logit = golden::maximum(logit - 1.0, logit + 1.0, at);
    }
    let mut sizes: Vec<f64> = pairs.iter().map(|(_, n)| *n).collect();
    sizes.sort_by(f64::total_cmp);
    Ok(RatioFit {
        p: expit(logit),
        rho: libm::exp(log_rho),
        dispersion,
        n: sizes[sizes.len() / 2],
    })
}

fn too_even(dispersion: f64) -> Refusal {
    let message = format!(
        "the ratio varies less than chance allows: chi2/df is {dispersion:.2}, a sound count has 1 or more"
    );
    Refusal::new("CM324", message)
        .reason("each value is an average over several intervals, or n is not its denominator")
        .help(
            "export bad and all requests of each interval: sum(increase(...[1m])) at a step of 1m",
        )
}

fn expit(logit: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-logit))
}

/// The beta-binomial log-likelihood without the binomial coefficients, with `a + b = 1 / rho - 1`.
fn likelihood(pairs: &[(f64, f64)], p: f64, rho: f64) -> f64 {
    let size = 1.0 / rho - 1.0;
    let (a, b) = (p * size, (1.0 - p) * size);
    let gamma = libm::lgamma;
    let constant = gamma(size) - gamma(a) - gamma(b);
    let one = |&(x, n): &(f64, f64)| gamma(x + a) + gamma(n - x + b) - gamma(n + size) + constant;
    pairs.iter().map(one).sum()
}

/// Refuses counts that vary less than independent events do.
pub(super) fn enough_variance(kind: Kind, dispersion: f64, n: usize) -> Result<(), Refusal> {
    if kind != Kind::Count || dispersion >= 1.0 - SURE * libm::sqrt(2.0 / n as f64) {
        return Ok(());
    }
    let message = format!(
        "the values vary less than counts do: variance / mean is {dispersion:.2}, independent events have 1 or more"
    );
    Err(Refusal::new("CM330", message)
        .reason("averages, speeds and capacities look so; a model of counts would invent noise")
        .help("say --kind gauge"))
}
