//! The ends of every parameter range.

use super::super::*;
use super::draws;
use crate::engine::Draws;

#[test]
fn counts_at_the_ends_of_their_ranges_are_certain() {
    let check = |name: &str, sample: fn(&mut Draws) -> u64, expect: u64| {
        let mut draws = draws(301);
        for _ in 0..100 {
            assert_eq!(sample(&mut draws), expect, "{name}");
        }
    };
    check("no trials", |d| binomial(d, 0, 0.5), 0);
    check("p = 0", |d| binomial(d, 1 << 52, 0.0), 0);
    check("p = 1", |d| binomial(d, 1 << 52, 1.0), 1 << 52);
    check("tiny p", |d| binomial(d, 1_000, 1e-300), 0);
    check("mean 0", |d| poisson(d, 0.0), 0);
    check("tiny mean", |d| poisson(d, 1e-300), 0);
    check(
        "negative binomial mean 0",
        |d| negative_binomial(d, 0.0, 1e-9),
        0,
    );
    check("no shared trials", |d| beta_binomial(d, 0, 1.0, 1.0), 0);
    check("nothing marked", |d| hypergeometric(d, 10, 0, 5), 0);
    check("nothing drawn", |d| hypergeometric(d, 10, 5, 0), 0);
    check("all marked", |d| hypergeometric(d, 10, 10, 7), 7);
    check("all drawn", |d| hypergeometric(d, 10, 6, 10), 6);
    check("an empty urn", |d| hypergeometric(d, 0, 0, 0), 0);
    check(
        "forced hits",
        |d| u64::from(hypergeometric(d, 100, 99, 60) >= 59),
        1,
    );
    check("a single trial", |d| u64::from(binomial(d, 1, 0.5) <= 1), 1);
}

#[test]
fn the_largest_counts_stay_in_range() {
    let mut draws = draws(302);
    let n = 1_u64 << 52;
    for _ in 0..2_000 {
        let half = binomial(&mut draws, n, 0.5);
        // Ten standard deviations of 2^25 on either side.
        assert!(half.abs_diff(n / 2) < 10 << 25, "{half}");
        // A mean above 2^51 is taken for 2^51, however far above.
        for mean in [(n / 2) as f64, n as f64, f64::INFINITY] {
            let count = poisson(&mut draws, mean);
            assert!(count.abs_diff(n / 2) < 10 << 26, "{count}");
        }
        let hits = hypergeometric(&mut draws, n, n / 2, n / 2);
        assert!(hits.abs_diff(n / 4) < 10 << 24, "{hits}");
    }
}

#[test]
fn tiny_shapes_give_numbers_in_range() {
    let mut draws = draws(303);
    let mut ones = 0;
    for _ in 0..10_000 {
        let x = beta(&mut draws, 1e-300, 3e-300);
        assert!(x == 0.0 || x == 1.0, "a beta of tiny shapes is a coin: {x}");
        ones += u32::from(x == 1.0);
        assert_eq!(gamma(&mut draws, 1e-300, 1.0), 0.0);
        assert!((0.0..=1.0).contains(&beta(&mut draws, 1e-5, 1e12)));
    }
    // A quarter of 10,000 within four standard deviations of 43.3.
    assert!((2_327..=2_673).contains(&ones), "{ones}");
    assert_eq!(gamma(&mut draws, 3.0, 0.0), 0.0);
    assert_eq!(exponential(&mut draws, 0.0), 0.0);
    assert_eq!(normal(&mut draws, 4.0, 0.0), 4.0);
    assert_eq!(lognormal(&mut draws, 0.0, 0.0), 1.0);
}

#[test]
fn nothing_is_shared_out_without_a_positive_weight() {
    let mut draws = draws(304);
    let mut out = [7; 3];
    multinomial(&mut draws, 0, &[0.0; 3], &mut out);
    assert_eq!(out, [0; 3]);
    multinomial(&mut draws, 9, &[0.0, 2.0, 0.0], &mut out);
    assert_eq!(out, [0, 9, 0]);
    multinomial(&mut draws, 9, &[1e-300, 1e300, 1e-300], &mut out);
    assert_eq!(out, [0, 9, 0]);
    multinomial(&mut draws, 0, &[], &mut []);
}

#[test]
fn parameters_out_of_bounds_are_refused() {
    fn refused<T>(name: &str, sample: fn(&mut Draws) -> T) {
        let outcome = std::panic::catch_unwind(|| drop(sample(&mut draws(305))));
        assert!(outcome.is_err(), "{name}");
    }
    refused("p above 1", |d| binomial(d, 1, 1.000_001));
    refused("p NaN", |d| binomial(d, 1, f64::NAN));
    refused("p negative", |d| binomial(d, 1, -1e-9));
    refused("too many trials", |d| binomial(d, (1 << 52) + 1, 0.5));
    refused("negative mean", |d| poisson(d, -1.0));
    refused("mean NaN", |d| poisson(d, f64::NAN));
    refused("gamma shape 0", |d| gamma(d, 0.0, 1.0));
    refused("gamma shape NaN", |d| gamma(d, f64::NAN, 1.0));
    refused("gamma shape infinite", |d| gamma(d, f64::INFINITY, 1.0));
    refused("beta shape 0", |d| beta(d, 0.0, 1.0));
    refused("negative binomial size 0", |d| {
        negative_binomial(d, 1.0, 0.0)
    });
    refused("more marked than there are", |d| hypergeometric(d, 5, 6, 1));
    refused("the 0th smallest", |d| order_statistic(d, 5, 0));
    refused("no weight", |d| {
        multinomial(d, 1, &[0.0], &mut [0]);
    });
    refused("negative weight", |d| {
        multinomial(d, 1, &[1.0, -1.0], &mut [0, 0]);
    });
    refused("no measured value", |_| Empirical::new(vec![]));
    refused("measured NaN", |_| Empirical::new(vec![f64::NAN]));
    refused("no component", |_| LognormalMixture::new(&[]));
}
