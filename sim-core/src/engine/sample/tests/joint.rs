//! Samplers of several numbers, of mixtures and of measured values.

use super::super::*;
use super::{DISTANCE_MAX, SEED, chi_squared_score, draws, kolmogorov_distance, repeat, square};
use std::collections::BTreeMap;

#[test]
fn every_outcome_of_a_small_multinomial_has_its_probability() {
    let weights = [4.0, 0.0, 6.0, 10.0];
    let (p, n) = ([0.2, 0.0, 0.3, 0.5], 100_000);
    let mut draws = draws(201);
    let mut counts = BTreeMap::new();
    for _ in 0..n {
        let mut out = [9; 4];
        multinomial(&mut draws, 3, &weights, &mut out);
        *counts.entry(out).or_insert(0_u32) += 1;
    }
    assert_eq!(
        counts.len(),
        10,
        "three things in three buckets fall out in ten ways"
    );
    let factorial = [1.0, 1.0, 2.0, 6.0];
    let statistic: f64 = counts
        .iter()
        .map(|(out, count)| {
            let ways = 6.0 / out.iter().map(|k| factorial[*k as usize]).product::<f64>();
            let cells = out
                .iter()
                .zip(p)
                .map(|(k, p)| [1.0, p, p * p, p * p * p][*k as usize]);
            let expect = f64::from(n) * ways * cells.product::<f64>();
            square(f64::from(*count) - expect) / expect
        })
        .sum();
    let score = chi_squared_score(statistic, 9.0);
    assert!(score.abs() < 4.0, "seed {SEED}, entity 201: {score}");
}

#[test]
fn a_large_multinomial_keeps_its_total_and_its_covariance() {
    let weights = [0.1, 0.2, 0.3, 0.4];
    let (total, n) = (1_000_000_u64, 20_000);
    let mut draws = draws(202);
    let products = repeat(n, || {
        let mut out = [0; 4];
        multinomial(&mut draws, total, &weights, &mut out);
        assert_eq!(out.iter().sum::<u64>(), total);
        let off = |i: usize| out[i] as f64 - total as f64 * weights[i];
        off(1) * off(3)
    });
    let covariance = products.iter().sum::<f64>() / n as f64;
    let expect = -(total as f64) * 0.2 * 0.4;
    // For a nearly normal pair the variance of a product is v1 v2 + cov^2.
    let spread = (1e12 * 0.16 * 0.24 + expect * expect).sqrt() / (n as f64).sqrt();
    let score = (covariance - expect) / spread;
    assert!(score.abs() < 4.0, "seed {SEED}, entity 202: {score}");
}

#[test]
fn a_mixture_follows_its_distribution_function() {
    let mixture = LognormalMixture::new(&[(9.0, 0.0, 0.3), (0.0, 9.0, 9.0), (1.0, 2.5, 0.8)]);
    // SciPy: 0.9 lognorm(0.3).cdf(x) + 0.1 lognorm(0.8, scale=exp(2.5)).cdf(x).
    for (x, expect) in [
        (0.5, 0.009_390_737_463),
        (1.0, 0.450_088_902_530),
        (3.0, 0.903_878_376_158),
        (20.0, 0.973_226_093_104),
    ] {
        assert!((mixture.cdf(x) - expect).abs() < 1e-11, "{x}");
    }
    assert_eq!(mixture.cdf(-1.0), 0.0);
    let mut draws = draws(203);
    let distance = kolmogorov_distance(repeat(100_000, || mixture.sample(&mut draws)), |x| {
        mixture.cdf(x)
    });
    assert!(
        distance < DISTANCE_MAX,
        "seed {SEED}, entity 203: {distance}"
    );
}

#[test]
fn measured_values_come_back_with_their_frequencies() {
    let empirical = Empirical::new(vec![3.0, 1.0, 2.0, 2.0]);
    assert_eq!(empirical.values(), [1.0, 2.0, 2.0, 3.0]);
    let check = |p: f64, step: f64, line: f64| {
        assert_eq!(empirical.quantile(p), step, "{p}");
        // NumPy: quantile([3, 1, 2, 2], p, method="linear").
        assert!(
            (empirical.quantile_interpolated(p) - line).abs() < 1e-15,
            "{p}"
        );
    };
    check(0.0, 1.0, 1.0);
    check(0.1, 1.0, 1.3);
    check(0.25, 1.0, 1.75);
    check(0.26, 2.0, 1.78);
    check(0.75, 2.0, 2.25);
    check(1.0, 3.0, 3.0);
    assert_eq!(
        [0.9, 1.0, 2.5, 3.0].map(|x| empirical.cdf(x)),
        [0.0, 0.25, 0.75, 1.0]
    );

    let mut draws = draws(204);
    let n = 40_000;
    let twos = repeat(n, || empirical.sample(&mut draws))
        .iter()
        .filter(|x| **x == 2.0)
        .count();
    let score = (twos as f64 - 20_000.0) / 100.0;
    assert!(score.abs() < 4.0, "seed {SEED}, entity 204: {score}");
    // Between ranks the values are uniform: a third each from 1 to 2, at 2, and from 2 to 3.
    let line = |x: f64| (if x < 2.0 { x - 1.0 } else { x }) / 3.0;
    let distance = kolmogorov_distance(
        repeat(n, || empirical.sample_interpolated(&mut draws)),
        line,
    );
    assert!(
        distance < DISTANCE_MAX,
        "seed {SEED}, entity 204: {distance}"
    );
}
