//! What is promised: stability, runs of breaches, the same answer every time, and never a panic.

use proptest::prelude::*;
use sim_core::engine::sample::standard_normal;

use super::*;
use crate::calibrate::{Holding, Kind, Total};

fn gauge(values: impl Iterator<Item = f64>) -> RecordedSeries {
    every_five_minutes(values.map(|value| value.to_string()))
}

fn moving(replication: u64, phi: f64, n: usize) -> Vec<f64> {
    let movement = autoregressive(&mut draws(replication), phi, n);
    movement
        .into_iter()
        .map(|x| libm::exp(3.0 + 0.3 * x))
        .collect()
}

#[test]
fn a_step_a_change_of_spread_and_a_walk_are_refused_and_a_stable_movement_is_not() {
    let half = TWO_WEEKS / 2;
    let stable = moving(60, 0.8, TWO_WEEKS);
    assert_eq!(
        code(fit(&gauge(stable.iter().copied()), &Settings::default())),
        "accepted"
    );
    let later = |k: usize, factor: f64| if k >= half { factor } else { 1.0 };
    let step = stable.iter().enumerate().map(|(k, x)| x * later(k, 1.4));
    assert_eq!(code(fit(&gauge(step), &Settings::default())), "CM327");
    let wider = stable
        .iter()
        .enumerate()
        .map(|(k, x)| 20.0 * libm::pow(x / 20.0, later(k, 2.5)));
    assert_eq!(code(fit(&gauge(wider), &Settings::default())), "CM327");
    let walk = moving(61, 0.9995, TWO_WEEKS);
    let refused = code(fit(&gauge(walk.into_iter()), &Settings::default()));
    assert!(["CM327", "CM328"].contains(&refused), "{refused}");
}

#[test]
fn stable_histories_are_seldom_refused() {
    // Each of two tests errs in 1 % of stable histories; more than 4 of 60 have a probability of 1e-3.
    let refused = (0..60).filter(|replication| {
        let values = moving(100 + replication, 0.5, TWO_WEEKS / 2);
        fit(&gauge(values.into_iter()), &Settings::default()).is_err()
    });
    assert!(refused.count() <= 4, "seed {SEED}");
}

#[test]
fn runs_of_a_movement_with_memory_are_predicted_and_independent_values_predict_none_of_them() {
    let fits: Vec<Fit> = (0..6)
        .map(|replication| {
            fitted(
                &gauge(moving(200 + replication, 0.85, 2 * TWO_WEEKS).into_iter()),
                &Settings::default(),
            )
        })
        .collect();
    let checks: Vec<_> = fits
        .iter()
        .map(|fit| &fit.series.as_ref().expect("a series").runs)
        .collect();
    let total = Total::of(&checks).expect("there are checks");
    let observed = total.observed[1];
    let [blocks, slow, independent] = total.predicted[1];
    assert!(observed > 20, "the movement has runs: {total:?}");
    assert!(total.is_consistent(), "{total:?}");
    // Each of two predictions is a mean over 200 plays; what differs is the luck of the second halves.
    let error = 4.0 / libm::sqrt(observed as f64);
    near("blocks", blocks / observed as f64, 1.0, error);
    near("process", slow / observed as f64, 1.0, error);
    assert!(independent < 0.05 * observed as f64, "{total:?}");
}

#[test]
fn bursts_of_one_hour_are_predicted_where_a_gaussian_would_see_none() {
    // Quiet noise, and on a third of the days a burst of an hour at a random time.
    let history = |replication: u64| {
        let mut draws = draws(replication);
        let mut left = 0;
        let mut values = Vec::new();
        for _ in 0..3 * TWO_WEEKS {
            if left == 0 && draws.chance(1.0 / (3.0 * 288.0)) {
                left = 12;
            }
            let height = if left > 0 { 1.5 } else { 0.0 };
            left -= i32::from(left > 0);
            values.push(libm::exp(3.0 + height + 0.2 * standard_normal(&mut draws)));
        }
        values
    };
    let fits: Vec<Fit> = (0..5)
        .filter_map(|replication| {
            fit(
                &gauge(history(300 + replication).into_iter()),
                &Settings::default(),
            )
            .ok()
        })
        .collect();
    assert!(fits.len() >= 4, "seed {SEED}");
    let checks: Vec<_> = fits
        .iter()
        .map(|fit| &fit.series.as_ref().expect("a series").runs)
        .collect();
    let total = Total::of(&checks).expect("there are checks");
    let [blocks, _, independent] = total.predicted[1];
    assert!(total.is_consistent() && total.observed[1] > 15, "{total:?}");
    assert!(independent < 0.1 * blocks, "{total:?}");
}

#[test]
fn the_same_history_and_seed_give_the_same_fit_and_another_seed_moves_only_the_play() {
    let history = gauge(moving(62, 0.8, TWO_WEEKS).into_iter());
    let first = fitted(&history, &Settings::default());
    assert_eq!(first, fitted(&history, &Settings::default()));
    let other = fitted(
        &history,
        &Settings {
            seed: 2,
            ..Settings::default()
        },
    );
    assert_eq!(first.model, other.model);
    let runs = |fit: &Fit| fit.series.as_ref().expect("a series").runs.clone();
    assert_eq!(runs(&first).observed, runs(&other).observed);
    assert_ne!(runs(&first).predictions, runs(&other).predictions);
}

#[test]
fn the_written_model_is_read_again_and_is_the_same() {
    let history = gauge(moving(63, 0.8, TWO_WEEKS).into_iter());
    for holding in [Holding::Blocks, Holding::Autoregressive] {
        let found = fitted(
            &history,
            &Settings {
                holding,
                ..Settings::default()
            },
        );
        let text = crate::calibrate::yaml(&found.model);
        let read = crate::load::noise("made.noise.yaml", text.as_bytes());
        assert_eq!(read.map(|document| document.value), Ok(found.model));
    }
}

#[test]
fn limits_are_exceeded_as_seldom_as_they_say() {
    let mut draws = draws(64);
    let mut value = || libm::exp(standard_normal(&mut draws));
    let (past, future): (Vec<f64>, Vec<f64>) = (
        (0..TWO_WEEKS).map(|_| value()).collect(),
        (0..20_000).map(|_| value()).collect(),
    );
    for (alpha, limit) in fitted(&gauge(past.into_iter()), &Settings::default()).limits {
        let limit = limit.expect("the history is long enough");
        let above = future.iter().filter(|value| **value > limit).count() as f64 / 20_000.0;
        // The history's own luck adds its variance alpha / n to that of the test, alpha / 20 000.
        let error = libm::sqrt(alpha / TWO_WEEKS as f64 + alpha / 20_000.0);
        near("exceeded", above, alpha, 4.0 * error);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_values_make_the_fit_panic(
        values in proptest::collection::vec(prop_oneof![Just(0.0), Just(1.0), -1e3..1e3, any::<f64>().prop_filter("finite", |x| x.is_finite())], 2..320),
        kind in prop_oneof![Just(None), Just(Some(Kind::Gauge)), Just(Some(Kind::Count)), Just(Some(Kind::Ratio)), Just(Some(Kind::Latency))],
        whole in any::<bool>(),
        n in prop_oneof![Just(None), (0_u32..50).prop_map(Some)],
    ) {
        let row = |(k, value): (usize, &f64)| {
            let value = if whole { value.round() } else { *value };
            let n = n.map_or(String::new(), |n| format!(",{n}"));
            format!("{},{value:e}{n}\n", 1_699_833_600 + 300 * k)
        };
        let rows: String = values.iter().enumerate().map(row).collect();
        let header = if n.is_some() { "timestamp,value,n" } else { "timestamp,value" };
        let text = format!("{header}\n{rows}");
        if let Ok(Recorded::Series(history)) = read("made.csv", text.as_bytes(), &Reading::default()) {
            let settings = Settings {
                kind,
                block: Some(sim_core::engine::SimDuration::from_mins(30)),
                ..Settings::default()
            };
            drop(fit(&history, &settings));
        }
    }
}
