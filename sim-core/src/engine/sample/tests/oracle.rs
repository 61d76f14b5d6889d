//! The samplers against rand_distr: two implementations, one distribution.

use super::super::*;
use super::{Case, SEED, chi_squared_score, continuous, discrete, draws, repeat, square};
use crate::engine::Draws;
use rand_distr::Distribution as _;

const SAMPLES: usize = 200_000;

/// Compares the cell counts of both by a chi-squared test of homogeneity.
fn check(
    name: &str,
    entity: u32,
    case: &Case,
    ours: impl Fn(&mut Draws) -> f64,
    theirs: impl Fn(&mut Draws) -> f64,
) {
    let (mut left, mut right) = (draws(entity), draws(entity + 1));
    let left = case.count(&repeat(SAMPLES, || ours(&mut left)));
    let right = case.count(&repeat(SAMPLES, || theirs(&mut right)));
    let statistic: f64 = left
        .iter()
        .zip(&right)
        .map(|(a, b)| square(*a as f64 - *b as f64) / (a + b).max(1) as f64)
        .sum();
    let score = chi_squared_score(statistic, (case.cells.len() - 1) as f64);
    assert!(
        score.abs() < 4.0,
        "{name} (seed {SEED}, entity {entity}): {score}"
    );
}

#[test]
fn another_implementation_cannot_be_told_apart() {
    let normal = rand_distr::StandardNormal;
    check("normal", 101, &continuous::NORMAL, standard_normal, |d| {
        normal.sample(d)
    });
    let theirs = rand_distr::Gamma::new(7.5, 0.2).unwrap();
    check(
        "gamma",
        103,
        &continuous::GAMMA_LARGE,
        |d| gamma(d, 7.5, 0.2),
        |d| theirs.sample(d),
    );
    let theirs = rand_distr::Beta::new(2.0, 5.0).unwrap();
    check(
        "beta",
        105,
        &continuous::BETA,
        |d| beta(d, 2.0, 5.0),
        |d| theirs.sample(d),
    );
    let theirs = rand_distr::LogNormal::new(1.2, 0.5).unwrap();
    let ours = |d: &mut Draws| lognormal(d, 1.2, 0.5);
    check("lognormal", 107, &continuous::LOGNORMAL, ours, |d| {
        theirs.sample(d)
    });
    let theirs = rand_distr::Poisson::new(1_000.0).unwrap();
    let ours = |d: &mut Draws| poisson(d, 1_000.0) as f64;
    check("poisson", 109, &discrete::POISSON_THOUSAND, ours, |d| {
        theirs.sample(d)
    });
    let theirs = rand_distr::Binomial::new(100_000, 0.97).unwrap();
    let ours = |d: &mut Draws| binomial(d, 100_000, 0.97) as f64;
    check("binomial", 111, &discrete::BINOMIAL_MOST, ours, |d| {
        theirs.sample(d) as f64
    });
    let theirs = rand_distr::Hypergeometric::new(1_000, 400, 300).unwrap();
    let ours = |d: &mut Draws| hypergeometric(d, 1_000, 400, 300) as f64;
    check(
        "hypergeometric",
        113,
        &discrete::HYPERGEOMETRIC_MANY,
        ours,
        |d| theirs.sample(d) as f64,
    );
}
