use super::super::LatencyPart;
use super::*;
use crate::engine::Key;

const SEED: u64 = 20_261_130;
const BOUNDS: [f64; 6] = [50.0, 100.0, 200.0, 300.0, 400.0, 800.0];

fn law() -> LatencyLaw {
    let part = LatencyPart {
        weight: 1.0,
        median: 100.0,
        sigma: 0.5,
    };
    LatencyLaw::new(&[part], 10_000.0, &BOUNDS)
}

fn faster(limit: f64) -> f64 {
    let z = libm::log(limit / 100.0) / 0.5;
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

fn intervals(replication: u64, requests: &[u64], shape: Shape) -> Vec<Buckets> {
    let key = Key::for_replication(SEED, replication);
    let interval = |(k, requests): (u32, &u64)| Buckets::new(key.draws(0, 0, k), *requests, shape);
    (1..).zip(requests).map(interval).collect()
}

fn quantile(law: &LatencyLaw, intervals: &mut [Buckets], q: f64) -> Option<f64> {
    let total = intervals.iter().map(Buckets::total).sum::<u64>() as f64;
    let weighed = intervals.iter_mut().map(|one| (one, 1.0)).collect();
    Buckets::quantile(law, weighed, (q, total))
}

fn binomial(n: u64, p: f64, k: u64) -> f64 {
    let gamma = |x: u64| libm::lgamma(x as f64 + 1.0);
    let choose = gamma(n) - gamma(k) - gamma(n - k);
    libm::exp(choose + k as f64 * libm::log(p) + (n - k) as f64 * libm::log1p(-p))
}

/// p99 of 1 000 requests lies mostly between 300 and 400 ms. With `a` requests up to 300 ms and `b` of the
/// others up to 400 ms it is 300 + 100 (990 - a) / b there: above 340 where a + 0.4 b < 990.
#[test]
fn a_quantile_is_interpolated_as_prometheus_does_and_as_often_above_a_limit_as_the_multinomial_says()
 {
    let (law, n, replications) = (law(), 1_000_u64, 20_000_u32);
    let (low, high) = (faster(300.0), faster(400.0));
    let inside = (high - low) / (1.0 - low);
    let mut exact = 0.0;
    for a in 900..=n {
        let rest = n - a;
        let above = |b: &u64| a as f64 + 0.4 * *b as f64 + 1e-9 < 990.0;
        let p: f64 = (0..=rest)
            .filter(above)
            .map(|b| binomial(rest, inside, b))
            .sum();
        exact += binomial(n, low, a) * p;
    }
    let above = |replication: &u32| {
        let mut intervals = intervals(
            u64::from(*replication),
            &[400, 5, 0, 595],
            Shape::new(0.0, 1.0, 1.0),
        );
        quantile(&law, &mut intervals, 0.99).expect("there are requests") > 340.0
    };
    let hits = (0..replications).filter(above).count() as f64;
    let found = hits / f64::from(replications);
    let error = libm::sqrt(exact * (1.0 - exact) / f64::from(replications));
    assert!(
        (found - exact).abs() <= 4.0 * error,
        "seed {SEED}: {found}, {exact} is right, 4 standard errors are {}",
        4.0 * error
    );
}

#[test]
fn it_does_not_matter_who_looks_how_far_first() {
    let law = law();
    for requests in [0, 5, 12, 13, 500, 1_000_000] {
        let shape = Shape::new(0.1, 3.0, 1.1);
        let whole: Vec<u64> = {
            let mut one = intervals(requests, &[requests], shape);
            (0..=BOUNDS.len())
                .map(|bucket| one[0].count(&law, bucket))
                .collect()
        };
        assert_eq!(whole.iter().sum::<u64>(), requests);
        for deep in 0..=BOUNDS.len() {
            let mut one = intervals(requests, &[requests], shape);
            assert_eq!(
                one[0].count(&law, deep),
                whole[deep],
                "seed {SEED}, {requests}"
            );
            let again: Vec<u64> = (0..=BOUNDS.len())
                .map(|bucket| one[0].count(&law, bucket))
                .collect();
            assert_eq!(
                again, whole,
                "seed {SEED}, {requests} requests, first bucket {deep}"
            );
        }
    }
}

/// Twelve at a time are placed one by one, a million at once by binomials.
#[test]
fn few_requests_are_spread_as_many_are() {
    let (law, shape) = (law(), Shape::new(0.0, 1.0, 1.0));
    let mut few = [0_u64; BOUNDS.len() + 1];
    for replication in 0..50_000 {
        let mut one = intervals(replication, &[12], shape);
        for (bucket, sum) in few.iter_mut().enumerate() {
            *sum += one[0].count(&law, bucket);
        }
    }
    let mut before = 0.0;
    for (bucket, few) in few.into_iter().enumerate() {
        let upto = BOUNDS.get(bucket).map_or(1.0, |bound| faster(*bound));
        let (p, n) = (upto - before, 600_000.0);
        let off = few as f64 - n * p;
        assert!(
            off.abs() <= 4.0 * libm::sqrt(n * p * (1.0 - p)),
            "seed {SEED}, {bucket}: {off}"
        );
        before = upto;
    }
}

/// Beyond the last bound nothing is known but the bound; the first bucket begins at 0.
#[test]
fn the_ends_of_a_histogram_are_those_of_prometheus() {
    let law = law();
    let mut slow = intervals(1, &[1_000], Shape::new(1.0, 1e6, 1.0));
    assert_eq!(quantile(&law, &mut slow, 0.5), Some(800.0));
    let mut fast = intervals(1, &[1_000], Shape::new(0.0, 1.0, 1e-3));
    let median = quantile(&law, &mut fast, 0.5).expect("there are requests");
    assert!(
        (median - 25.0).abs() < 1e-9,
        "half of the first bucket: {median}"
    );
    assert_eq!(
        quantile(
            &law,
            &mut intervals(1, &[0], Shape::new(0.0, 1.0, 1.0)),
            0.5
        ),
        None
    );
}
