//! Goodness of fit: cells, mean and variance of every sampler against exact tables.

use super::super::*;
use super::{Case, SEED, chi_squared_score, continuous, discrete, draws, repeat, square};
use crate::engine::Draws;

const SAMPLES: usize = 200_000;

/// Scores beyond this would be met once in 16,000 tests by a perfect sampler.
const SCORE_MAX: f64 = 4.0;

fn check(name: &str, entity: u32, case: &Case, sample: impl Fn(&mut Draws) -> f64) {
    let mut draws = draws(entity);
    let samples = repeat(SAMPLES, || sample(&mut draws));
    let n = SAMPLES as f64;

    let counts = case.count(&samples);
    let statistic: f64 = counts
        .iter()
        .zip(case.cells)
        .map(|(count, cell)| square(*count as f64 - n * cell) / (n * cell))
        .sum();
    let fit = chi_squared_score(statistic, (case.cells.len() - 1) as f64);

    let mean = samples.iter().map(|x| x - case.mean).sum::<f64>() / n;
    let mean_score = mean / (case.variance / n).sqrt();

    // The mean is known, so the variance of (x - mean)^2 is that of a fourth moment.
    let variance = samples.iter().map(|x| square(x - case.mean)).sum::<f64>() / n;
    let variance_spread = case.variance * ((case.excess_kurtosis + 2.0) / n).sqrt();
    let variance_score = (variance - case.variance) / variance_spread;

    for (what, score) in [
        ("fit", fit),
        ("mean", mean_score),
        ("variance", variance_score),
    ] {
        // A very good fit is as suspicious as a bad one.
        assert!(
            score.abs() < SCORE_MAX,
            "{name} (seed {SEED}, entity {entity}): {what} {score}"
        );
    }
}

#[test]
fn continuous_samplers_follow_their_distributions() {
    use continuous::*;
    check("normal", 1, &NORMAL, standard_normal);
    check("exponential", 2, &EXPONENTIAL, |d| exponential(d, 3.0));
    check("lognormal", 3, &LOGNORMAL, |d| lognormal(d, 1.2, 0.5));
    check("gamma 0.5", 4, &GAMMA_HALF, |d| gamma(d, 0.5, 2.0));
    check("gamma 0.01", 5, &GAMMA_TINY, |d| gamma(d, 0.01, 1.0));
    check("gamma 7.5", 6, &GAMMA_LARGE, |d| gamma(d, 7.5, 0.2));
    check("chi-squared 999", 7, &CHI_SQUARED, |d| {
        chi_squared(d, 999.0)
    });
    check("beta 2 5", 8, &BETA, |d| beta(d, 2.0, 5.0));
    check("beta 0.5 0.5", 9, &BETA_ARCSINE, |d| beta(d, 0.5, 0.5));
    check("beta 0.2 3", 10, &BETA_SKEW, |d| beta(d, 0.2, 3.0));
    check("950th of 1000", 11, &ORDER_STATISTIC, |d| {
        order_statistic(d, 1_000, 950)
    });
}

#[test]
fn poisson_counts_follow_their_distribution() {
    use discrete::*;
    check("poisson 0.1", 21, &POISSON_TENTH, |d| {
        poisson(d, 0.1) as f64
    });
    check("poisson 9.9", 22, &POISSON_9_9, |d| poisson(d, 9.9) as f64);
    check("poisson 10.5", 23, &POISSON_10_5, |d| {
        poisson(d, 10.5) as f64
    });
    check("poisson 1000", 24, &POISSON_THOUSAND, |d| {
        poisson(d, 1_000.0) as f64
    });
    check("poisson 1e12", 25, &POISSON_HUGE, |d| {
        poisson(d, 1e12) as f64
    });
}

#[test]
fn binomial_counts_follow_their_distribution() {
    use discrete::*;
    let check = |name, entity, case, n, p| {
        check(name, entity, case, |d| binomial(d, n, p) as f64);
    };
    check("binomial 15 0.01", 31, &BINOMIAL_FEW, 15, 0.01);
    check(
        "binomial 1000 0.0095",
        32,
        &BINOMIAL_INVERSION,
        1_000,
        0.0095,
    );
    check(
        "binomial 1000 0.0105",
        33,
        &BINOMIAL_REJECTION,
        1_000,
        0.0105,
    );
    check("binomial 40 0.5", 34, &BINOMIAL_EVEN, 40, 0.5);
    check("binomial 1e5 0.97", 35, &BINOMIAL_MOST, 100_000, 0.97);
    check(
        "binomial 1e12 0.3",
        36,
        &BINOMIAL_HUGE,
        1_000_000_000_000,
        0.3,
    );
}

#[test]
fn overdispersed_counts_follow_their_distributions() {
    use discrete::*;
    let size_3 = |d: &mut Draws| negative_binomial(d, 10.0, 3.0) as f64;
    check("negative binomial 10 3", 41, &NEGATIVE_BINOMIAL, size_3);
    let size_fifth = |d: &mut Draws| negative_binomial(d, 4.0, 0.2) as f64;
    check(
        "negative binomial 4 0.2",
        42,
        &NEGATIVE_BINOMIAL_BURSTY,
        size_fifth,
    );
    let shared = |d: &mut Draws| beta_binomial(d, 50, 2.0, 6.0) as f64;
    check("beta-binomial 50 2 6", 43, &BETA_BINOMIAL, shared);
}

#[test]
fn draws_without_replacement_follow_their_distribution() {
    use discrete::*;
    let check = |name, entity, case, total, marked, drawn| {
        check(name, entity, case, |d| {
            hypergeometric(d, total, marked, drawn) as f64
        });
    };
    check(
        "hypergeometric 100 10 20",
        51,
        &HYPERGEOMETRIC_FEW,
        100,
        10,
        20,
    );
    check(
        "hypergeometric 100 90 85",
        52,
        &HYPERGEOMETRIC_FLIPPED,
        100,
        90,
        85,
    );
    check(
        "hypergeometric 1000 400 300",
        53,
        &HYPERGEOMETRIC_MANY,
        1_000,
        400,
        300,
    );
    check(
        "hypergeometric 1e6 1e5 2e4",
        54,
        &HYPERGEOMETRIC_LARGE,
        1_000_000,
        100_000,
        20_000,
    );
}

#[test]
fn the_normal_tail_beyond_the_ziggurat_has_its_probability_and_shape() {
    // Beyond r = 3.6541528853610088: mpmath gives 2 sf(r), the mean excess pdf(r) / sf(r) - r,
    // and the variance of the excess 1 + r h - h^2 with h = pdf(r) / sf(r).
    let (edge, probability) = (3.654_152_885_361_009, 2.580_324_876_539_01e-4);
    let (excess_mean, excess_variance): (f64, f64) =
        (0.242_886_186_287_464, 0.053_463_042_074_063_6);
    let mut draws = draws(61);
    let n = 2_000_000;
    let tail = repeat(n, || standard_normal(&mut draws).abs() - edge);
    let tail: Vec<f64> = tail.into_iter().filter(|excess| *excess > 0.0).collect();
    let (n, hits) = (n as f64, tail.len() as f64);
    let score = (hits - n * probability) / (n * probability).sqrt();
    assert!(score.abs() < SCORE_MAX, "seed {SEED}, entity 61: {score}");
    let mean = tail.iter().sum::<f64>() / hits;
    let score = (mean - excess_mean) / (excess_variance / hits).sqrt();
    assert!(score.abs() < SCORE_MAX, "seed {SEED}, entity 61: {score}");
}
