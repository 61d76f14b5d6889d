use super::super::LatencyPart;
use super::super::law::Shape;
use super::super::tree::Room;
use super::*;
use crate::engine::Key;

const SEED: u64 = 20_261_130;

/// A plain web service: one request in twenty is of a slow kind.
const PARTS: [LatencyPart; 2] = [
    LatencyPart {
        weight: 0.95,
        median: 60.0,
        sigma: 0.4,
    },
    LatencyPart {
        weight: 0.05,
        median: 200.0,
        sigma: 0.5,
    },
];

/// As it should be, everything 4 % slower, and a tenth of the requests three times as slow.
const STATES: [(f64, f64, f64); 3] = [(0.0, 1.0, 1.0), (0.0, 1.0, 1.04), (0.1, 3.0, 1.0)];

fn law() -> LatencyLaw {
    LatencyLaw::new(&PARTS, 10_000.0, &[])
}

/// The distribution function, written down once more.
fn faster(limit: f64, (affected, slower, factor): (f64, f64, f64)) -> f64 {
    let plain = |limit: f64| {
        let part = |part: &LatencyPart| {
            let z = libm::log(limit / part.median) / part.sigma;
            part.weight * 0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
        };
        PARTS.iter().map(part).sum::<f64>()
    };
    (1.0 - affected) * plain(limit / factor) + affected * plain(limit / (factor * slower))
}

/// The trees of intervals of so many requests each, one after the other from interval `first` on.
fn trees(replication: u64, first: u32, intervals: &[(u64, (f64, f64, f64))]) -> Vec<Tree> {
    let key = Key::for_replication(SEED, replication);
    let tree = |(k, (n, (affected, slower, factor))): (u32, &(u64, (f64, f64, f64)))| {
        Tree::new(
            Room::default(),
            key.draws(0, 0, k),
            *n,
            Shape::new(*affected, *slower, *factor),
        )
    };
    (first..).zip(intervals).map(tree).collect()
}

fn quantile(law: &LatencyLaw, trees: &mut [Tree], q: f64) -> f64 {
    let total: u64 = trees.iter().map(Tree::total).sum();
    let walkers = trees.iter_mut().filter(|tree| tree.total() > 0);
    let walkers = walkers.map(|tree| Walker::new(tree, 1.0)).collect();
    ranked(law, walkers, (q, total as f64)).expect("there are requests")
}

/// The probabilities of each number of successes of `n` trials.
fn binomial(n: u64, p: f64) -> Vec<f64> {
    let choose = |k: u64| {
        let gamma = |x: u64| libm::lgamma(x as f64 + 1.0);
        gamma(n) - gamma(k) - gamma(n - k)
    };
    let of =
        |k: u64| libm::exp(choose(k) + k as f64 * libm::log(p) + (n - k) as f64 * libm::log1p(-p));
    (0..=n).map(of).collect()
}

/// The probabilities of the sum of two independent numbers.
fn convolve(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut sum = vec![0.0; a.len() + b.len() - 1];
    for (i, p) in a.iter().enumerate().filter(|(_, p)| **p > 1e-18) {
        for (j, r) in b.iter().enumerate() {
            sum[i + j] += p * r;
        }
    }
    sum
}

/// The probabilities of how many requests of the intervals are slower than `limit`.
fn slower(limit: f64, intervals: &[(u64, (f64, f64, f64))]) -> Vec<f64> {
    let counts = intervals
        .iter()
        .map(|(n, state)| binomial(*n, 1.0 - faster(limit, *state)));
    counts.fold(vec![1.0], |sum, count| convolve(&sum, &count))
}

/// How many requests must be slower than the limit for the quantile to be: more than those above its rank.
fn needed(n: u64, q: f64) -> usize {
    (n - (q * n as f64 - 1e-9).ceil() as u64 + 1) as usize
}

#[track_caller]
fn compare(what: &str, hits: u32, replications: u32, exact: f64) {
    let found = f64::from(hits) / f64::from(replications);
    let error = libm::sqrt(exact * (1.0 - exact) / f64::from(replications));
    assert!(
        (found - exact).abs() <= 4.0 * error,
        "seed {SEED}, {what}: {found} where {exact} is right, 4 standard errors are {}",
        4.0 * error
    );
}

#[track_caller]
fn check(intervals: &[(u64, (f64, f64, f64))], q: f64, limit: f64) {
    let (law, replications) = (law(), 20_000_u32);
    let n = intervals.iter().map(|(n, _)| n).sum();
    let exact: f64 = slower(limit, intervals)[needed(n, q)..].iter().sum();
    let above = |replication: &u32| {
        let mut trees = trees(u64::from(*replication), 1, intervals);
        quantile(&law, &mut trees, q) > limit
    };
    let hits = (0..replications).filter(above).count() as u32;
    compare(
        &format!("{intervals:?} at {q} of {limit}"),
        hits,
        replications,
        exact,
    );
}

#[test]
fn a_quantile_is_above_a_limit_as_often_as_the_binomial_says() {
    // With 3 000 requests p99 exceeds 335 ms in 5.53 % of all cases.
    check(&[(3_000, STATES[0])], 0.99, 335.0);
    check(&[(3_000, STATES[0])], 0.95, 150.0);
    check(&[(3_000, STATES[0])], 0.5, 62.0);
    check(&[(100, STATES[0])], 0.99, 500.0);
    check(&[(100, STATES[0])], 0.07, 30.0);
    check(&[(17, STATES[0])], 0.95, 250.0);
    check(&[(16, STATES[0])], 0.5, 60.0);
    check(&[(1, STATES[0])], 0.99, 60.0);
    check(&[(20_000, STATES[1])], 0.999, 680.0);
    check(&[(1_000, STATES[2])], 0.95, 300.0);
}

#[test]
fn several_intervals_are_one_window() {
    check(&[(600, STATES[0]); 5], 0.99, 335.0);
    check(&[(40, STATES[0]); 10], 0.95, 180.0);
    check(&[(3, STATES[0]); 10], 0.5, 60.0);
    // A window over the beginning of a regression, and one with hardly any traffic at its end.
    check(
        &[(600, STATES[0]), (600, STATES[1]), (600, STATES[2])],
        0.95,
        220.0,
    );
    check(
        &[
            (900, STATES[2]),
            (7, STATES[0]),
            (0, STATES[0]),
            (90, STATES[1]),
        ],
        0.99,
        750.0,
    );
}

#[test]
fn two_versions_are_one_fleet() {
    // 5 % on the new version, a tenth of whose requests is three times as slow.
    check(&[(150, STATES[2]), (2_850, STATES[0])], 0.99, 330.0);
    check(&[(1_500, STATES[2]), (1_500, STATES[0])], 0.95, 200.0);
}

/// Windows of five intervals, one interval apart, have four in common: with `a` of the first, `s` of the
/// common ones and `b` of the last beyond the limit, both are above it where a + s and s + b suffice.
#[test]
fn neighbours_that_overlap_are_above_together_as_often_as_they_should_be() {
    let (law, replications, q, limit) = (law(), 20_000_u32, 0.99, 325.0);
    let intervals = [(200, STATES[0]); 6];
    let one = slower(limit, &intervals[..1]);
    let common = slower(limit, &intervals[..4]);
    let needed = needed(1_000, q);
    let at_least = |k: usize| one.iter().skip(k).sum::<f64>();
    let both = |(s, p): (usize, &f64)| {
        let one = at_least(needed.saturating_sub(s));
        p * one * one
    };
    let exact = common.iter().enumerate().map(both).sum();
    let mut hits = 0;
    for replication in 0..replications {
        let mut trees = trees(replication.into(), 1, &intervals);
        let first = quantile(&law, &mut trees[..5], q) > limit;
        let second = quantile(&law, &mut trees[1..], q) > limit;
        hits += u32::from(first && second);
    }
    compare("two windows", hits, replications, exact);
}

/// Of `n` requests `i` beyond the higher limit and `j` between the two.
#[test]
fn two_quantiles_of_the_same_requests_are_above_together_as_often_as_they_should_be() {
    let (law, replications, n) = (law(), 20_000_u32, 500_u64);
    let ((low_q, low), (high_q, high)) = ((0.95, 150.0), (0.99, 340.0));
    let beyond = 1.0 - faster(high, STATES[0]);
    let between = (1.0 - faster(low, STATES[0]) - beyond) / (1.0 - beyond);
    let beyond = binomial(n, beyond);
    let more = |i: usize| {
        let rest = binomial(n - i as u64, between);
        rest[needed(n, low_q).saturating_sub(i)..]
            .iter()
            .sum::<f64>()
    };
    let exact = (needed(n, high_q)..60).map(|i| beyond[i] * more(i)).sum();
    let mut hits = 0;
    for replication in 0..replications {
        let mut trees = trees(replication.into(), 1, &[(n, STATES[0])]);
        let both =
            quantile(&law, &mut trees, low_q) > low && quantile(&law, &mut trees, high_q) > high;
        hits += u32::from(both);
    }
    compare("two quantiles", hits, replications, exact);
}

#[test]
fn it_does_not_matter_who_looks_first() {
    let law = law();
    let quantiles = [0.99, 0.5, 0.001, 0.95, 0.999, 0.9, 0.25, 1.0];
    for n in [1, 5, 16, 17, 200, 50_000] {
        let intervals = [(n, STATES[0]), (n, STATES[1]), (n / 2, STATES[2])];
        let ask = |trees: &mut [Tree], q: f64| {
            (quantile(&law, &mut trees[..1], q), quantile(&law, trees, q))
        };
        let mut one = trees(n, 1, &intervals);
        let forth = quantiles.map(|q| ask(&mut one, q));
        let mut other = trees(n, 1, &intervals);
        let mut back = quantiles;
        back.reverse();
        let mut back = back.map(|q| {
            let whole = quantile(&law, &mut other, q);
            (quantile(&law, &mut other[..1], q), whole)
        });
        back.reverse();
        assert_eq!(forth, back, "seed {SEED}, {n} requests");
    }
}

#[test]
fn ranks_are_in_order_and_each_request_has_one() {
    let law = law();
    let intervals = [(30, STATES[0]), (25, STATES[1]), (45, STATES[2])];
    for replication in 0..200 {
        let mut trees = trees(replication, 1, &intervals);
        let all: Vec<f64> = (1..=100)
            .rev()
            .map(|rank| quantile(&law, &mut trees, f64::from(rank) / 100.0))
            .collect();
        let rising = all.windows(2).all(|pair| pair[0] > pair[1]);
        assert!(rising, "seed {SEED}, {replication}: {all:?}");
        let mut single: Vec<f64> = Vec::new();
        for (tree, (n, _)) in trees.iter_mut().zip(intervals) {
            let tree = std::slice::from_mut(tree);
            single.extend((1..=n).map(|rank| quantile(&law, tree, rank as f64 / n as f64)));
        }
        single.sort_by(|a, b| b.total_cmp(a));
        for (one, other) in single.iter().zip(&all) {
            assert!(
                (one / other - 1.0).abs() < 1e-8,
                "seed {SEED}: {one} {other}"
            );
        }
    }
}

#[test]
fn nothing_takes_longer_than_the_time_out() {
    let law = law();
    for (n, slower) in [(1_000, 1e6), (5, 1e6), (1_000, 60.0)] {
        let mut trees = trees(0, 1, &[(n, (1.0, slower, 1.0))]);
        assert_eq!(quantile(&law, &mut trees, 0.999), 10_000.0);
        let p10 = quantile(&law, &mut trees, 0.1);
        assert!(p10 == 10_000.0 || slower < 100.0 && p10 < 10_000.0, "{p10}");
    }
    assert_eq!(ranked(&law, Vec::new(), (0.5, 0.0)), None);
}

#[test]
fn requests_that_count_half_or_twice_move_the_rank() {
    let law = law();
    let intervals = [(100, STATES[0]), (100, STATES[2])];
    let mut both = trees(3, 1, &intervals);
    let plain = quantile(&law, &mut both, 0.895);
    let mut weighed = |weights: [f64; 2]| {
        let total = weights.iter().sum::<f64>() * 100.0;
        let walkers = both.iter_mut().zip(weights);
        let walkers = walkers.map(|(tree, weight)| Walker::new(tree, weight));
        ranked(&law, walkers.collect(), (0.895, total)).expect("there are requests")
    };
    // The same request, whatever the way to it: found to nine digits.
    let same = |one: f64, other: f64| {
        assert!(
            (one / other - 1.0).abs() < 1e-9,
            "seed {SEED}: {one} {other}"
        );
    };
    same(weighed([0.5, 0.5]), plain);
    // What counts for nothing is as good as not there.
    let alone = weighed([1e-6, 1.0]);
    same(
        alone,
        quantile(&law, &mut trees(3, 1, &intervals)[1..], 0.895),
    );
    assert!(alone > plain && plain > weighed([1.0, 1e-6]), "seed {SEED}");
}
