//! Distributions of delays: their draws, their distribution functions and their text.

use super::super::{Distribution, DistributionError};
use super::{DISTANCE_MAX, SEED, draws, kolmogorov_distance, repeat};
use crate::engine::SimDuration;

fn every_kind() -> Vec<Distribution> {
    let secs = SimDuration::from_secs;
    vec![
        Distribution::Constant(secs(5)),
        Distribution::Uniform {
            low: secs(2),
            high: secs(9),
        },
        Distribution::Exponential { mean: secs(30) },
        Distribution::Lognormal {
            median: secs(90),
            sigma: 0.7,
        },
        Distribution::NormalPositive {
            mean: secs(2),
            sd: secs(3),
        },
        Distribution::Empirical {
            values: vec![secs(1), secs(4), secs(4), secs(2)],
        },
    ]
}

#[test]
fn delays_follow_the_distribution_function_of_their_kind() {
    for (entity, distribution) in (210..).zip(every_kind()) {
        let mut draws = draws(entity);
        let samples = repeat(50_000, || distribution.sample(&mut draws).as_nanos() as f64);
        let cdf = |nanos: f64| distribution.cdf(SimDuration::from_nanos(nanos as u64));
        let distance = kolmogorov_distance(samples, cdf);
        assert!(
            distance < DISTANCE_MAX,
            "{distribution:?}, seed {SEED}: {distance}"
        );
    }
}

#[test]
fn distribution_functions_have_known_values() {
    let kinds = every_kind();
    let check = |kind: usize, secs: f64, expect: f64| {
        let found = kinds[kind].cdf(SimDuration::from_secs_f64(secs));
        assert!(
            (found - expect).abs() < 1e-9,
            "{:?} at {secs}: {found}",
            kinds[kind]
        );
    };
    check(0, 4.999, 0.0);
    check(0, 5.0, 1.0);
    check(1, 1.0, 0.0);
    check(1, 5.5, 0.5);
    check(1, 20.0, 1.0);
    // SciPy: expon(scale=30), lognorm(0.7, scale=90), truncnorm(-2/3, inf, 2, 3).
    check(2, 1.0, 0.032_783_899_518);
    check(2, 30.0, 0.632_120_558_829);
    check(2, 120.0, 0.981_684_361_111);
    check(3, 20.0, 0.015_829_808_439);
    check(3, 90.0, 0.500_000_000_000);
    check(3, 400.0, 0.983_452_773_439);
    check(4, 0.1, 0.014_401_806_046);
    check(4, 2.0, 0.331_110_356_599);
    check(4, 8.0, 0.969_565_344_708);
    check(5, 3.0, 0.5);
    check(5, 4.0, 1.0);
}

#[test]
fn delays_are_written_as_their_kind_and_their_parameters() {
    let check = |json: &str, expect: &Distribution| {
        assert_eq!(&serde_json::from_str::<Distribution>(json).unwrap(), expect);
        assert_eq!(serde_json::to_string(expect).unwrap(), json);
    };
    let kinds = every_kind();
    check(r#"{"constant":"5s"}"#, &kinds[0]);
    check(r#"{"uniform":{"low":"2s","high":"9s"}}"#, &kinds[1]);
    check(r#"{"exponential":{"mean":"30s"}}"#, &kinds[2]);
    check(r#"{"lognormal":{"median":"1m30s","sigma":0.7}}"#, &kinds[3]);
    check(r#"{"normal-positive":{"mean":"2s","sd":"3s"}}"#, &kinds[4]);
    check(
        r#"{"empirical":{"values":["1s","4s","4s","2s"]}}"#,
        &kinds[5],
    );
    let error = serde_json::from_str::<Distribution>(r#"{"exponential":{"men":"30s"}}"#);
    assert!(
        error
            .unwrap_err()
            .to_string()
            .contains("unknown field `men`, expected `mean`")
    );
}

#[test]
fn senseless_parameters_are_refused() {
    let secs = SimDuration::from_secs;
    let check = |distribution: Distribution, expect| {
        assert_eq!(distribution.check(), expect, "{distribution:?}");
    };
    for kind in every_kind() {
        check(kind, Ok(()));
    }
    let crossed = Distribution::Uniform {
        low: secs(9),
        high: secs(2),
    };
    check(crossed, Err(DistributionError::BoundsCrossed));
    for sigma in [-0.1, f64::NAN, f64::INFINITY] {
        let bad = Distribution::Lognormal {
            median: secs(1),
            sigma,
        }
        .check();
        assert_eq!(bad, Err(DistributionError::BadSigma), "{sigma}");
    }
    check(
        Distribution::Empirical { values: vec![] },
        Err(DistributionError::NoValues),
    );
}

#[test]
fn degenerate_delays_are_constant() {
    let secs = SimDuration::from_secs;
    let zero = SimDuration::ZERO;
    let check = |distribution: Distribution, expect: SimDuration| {
        let mut draws = draws(220);
        assert_eq!(distribution.sample(&mut draws), expect, "{distribution:?}");
        assert_eq!(distribution.cdf(expect), 1.0, "{distribution:?}");
    };
    check(
        Distribution::Uniform {
            low: secs(3),
            high: secs(3),
        },
        secs(3),
    );
    check(Distribution::Exponential { mean: zero }, zero);
    check(
        Distribution::Lognormal {
            median: zero,
            sigma: 1.0,
        },
        zero,
    );
    check(
        Distribution::Lognormal {
            median: secs(4),
            sigma: 0.0,
        },
        secs(4),
    );
    check(
        Distribution::NormalPositive {
            mean: secs(4),
            sd: zero,
        },
        secs(4),
    );
    check(
        Distribution::NormalPositive {
            mean: zero,
            sd: zero,
        },
        zero,
    );
}
