//! Series of intervals: counts, ratios, levels.

use sim_core::engine::sample::{beta_binomial, negative_binomial, poisson, standard_normal};

use super::*;
use crate::calibrate::Kind;

#[test]
fn negative_binomial_counts_give_back_their_mean_and_alpha() {
    // Mean and alpha of the tweets about AMZN (NAB).
    let (mean, alpha) = (50.0, 0.08);
    let mut draws = draws(1);
    let mut count = || negative_binomial(&mut draws, mean, 1.0 / alpha).to_string();
    let history = every_five_minutes((0..TWO_WEEKS).map(|_| count()));
    let found = fitted(&history, &Settings::default());
    assert_eq!(found.kind, Kind::Count);
    let counts = found
        .series
        .expect("it is a series")
        .counts
        .expect("these are counts");
    let n = TWO_WEEKS as f64;
    // Standard errors: sqrt(mean (1 + alpha mean) / n) and alpha (1 + 1/(alpha mean)) sqrt(2 / n).
    near("mean", counts.mean, mean, 4.0 * libm::sqrt(mean * 5.0 / n));
    near(
        "alpha",
        counts.alpha,
        alpha,
        4.0 * alpha * 1.25 * libm::sqrt(2.0 / n),
    );
    near(
        "dispersion",
        counts.dispersion,
        5.0,
        4.0 * 5.0 * 1.2 * libm::sqrt(2.0 / n),
    );
    // 1.63 / sqrt(n) is the 1 % point of the distance.
    assert!(counts.ks < 1.63 / libm::sqrt(n), "{counts:?}");
    assert!(
        counts.ks_poisson > 0.1 && counts.aic_gain > 1000.0,
        "{counts:?}"
    );
}

#[test]
fn poisson_counts_are_not_taken_for_more() {
    let mut draws = draws(2);
    let history = every_five_minutes((0..TWO_WEEKS).map(|_| poisson(&mut draws, 20.0).to_string()));
    let counts = fitted(&history, &Settings::default())
        .series
        .expect("a series")
        .counts
        .expect("counts");
    near(
        "dispersion",
        counts.dispersion,
        1.0,
        4.0 * libm::sqrt(2.0 / TWO_WEEKS as f64),
    );
    // Wilks: twice the gain of one more parameter that is not needed is chi-square; 15 has p = 1e-4.
    assert!(
        counts.aic_gain < 15.0 && counts.ks_poisson < 0.026,
        "{counts:?}"
    );
}

#[test]
fn beta_binomial_ratios_give_back_p_and_rho() {
    let (p, rho, n) = (0.01, 0.002, 2000_u64);
    let size = 1.0 / rho - 1.0;
    let mut draws = draws(3);
    let mut row = |k: usize| {
        let bad = beta_binomial(&mut draws, n, p * size, (1.0 - p) * size);
        format!("{},{bad},{n}\n", 1_699_833_600 + 300 * k)
    };
    let rows: String = (0..TWO_WEEKS).map(&mut row).collect();
    let history = of_text(&format!("timestamp,value,n\n{rows}"), Sampling::Interval);
    let found = fitted(&history, &Settings::default());
    let ratio = found.series.expect("a series").ratio.expect("a ratio");
    let inflation = 1.0 + (n - 1) as f64 * rho;
    let error = libm::sqrt(p * (1.0 - p) * inflation / (n as f64 * TWO_WEEKS as f64));
    near("p", ratio.p, p, 4.0 * error);
    // The inflation is a variance: its relative error is about sqrt(2/N), and that of a skewed law more.
    let error = inflation / (n - 1) as f64 * libm::sqrt(2.0 / TWO_WEEKS as f64) * 1.5;
    near("rho", ratio.rho, rho, 4.0 * error);
    near(
        "chi2/df",
        ratio.dispersion,
        inflation,
        4.0 * 1.5 * inflation * libm::sqrt(2.0 / TWO_WEEKS as f64),
    );
}

#[test]
fn a_slow_movement_with_white_noise_gives_back_its_memory_and_share() {
    let (phi, slow) = (0.9, 0.6);
    let mut draws = draws(4);
    let n = 2 * TWO_WEEKS;
    let movement = autoregressive(&mut draws, phi, n);
    let mut value = |x: &f64| {
        let y = libm::sqrt(slow) * x + libm::sqrt(1.0 - slow) * standard_normal(&mut draws);
        libm::exp(3.0 + 0.2 * y).to_string()
    };
    let history = every_five_minutes(movement.iter().map(&mut value));
    let memory = fitted(&history, &Settings::default())
        .series
        .expect("a series")
        .memory;
    // Bartlett: var r1 is about (1 + 2 sum r^2) / n, with sum r^2 = slow^2 phi^2 / (1 - phi^2) = 1.53.
    let error = libm::sqrt((1.0 + 2.0 * 1.53) / n as f64);
    near("first", memory.first, slow * phi, 4.0 * error);
    near("slow", memory.slow, slow, 4.0 * error / phi);
    near("memory", memory.memory, phi, 0.06);
    assert!(
        memory.white > 0.001 && memory.kurtosis.abs() < 0.3,
        "{memory:?}"
    );
}

#[test]
fn a_season_is_found_where_there_is_one_and_only_there() {
    let wave = |k: usize| 0.3 * libm::cos(std::f64::consts::TAU * (k % 288) as f64 / 288.0);
    for (strength, replication) in [(1.0, 5), (0.0, 6)] {
        let mut draws = draws(replication);
        let mut value = |k: usize| {
            libm::exp(2.0 + strength * wave(k) + 0.1 * standard_normal(&mut draws)).to_string()
        };
        let history = every_five_minutes((0..TWO_WEEKS).map(&mut value));
        let found = fitted(&history, &Settings::default());
        let explained = found.series.expect("a series").season;
        if strength == 0.0 {
            // What chance confirms of twelve columns that are not there is less than 1 %.
            assert!(explained.is_none_or(|part| part < 0.01), "{explained:?}");
            continue;
        }
        // The variance of the wave is 0.045, that of the noise 0.01.
        near(
            "explained",
            explained.expect("there is one"),
            0.045 / 0.055,
            0.03,
        );
        let first = found.model.noise.season.daily[0];
        near(
            "cos",
            first.cos,
            0.3,
            4.0 * 0.1 * libm::sqrt(2.0 / TWO_WEEKS as f64),
        );
        near(
            "sin",
            first.sin,
            0.0,
            4.0 * 0.1 * libm::sqrt(2.0 / TWO_WEEKS as f64),
        );
    }
}
