//! How many samples a ratio needs so that chance alone hardly ever breaches its limit.

use sim_core::policy::gate::{Comparison, Judgement, Limit, Relation};

/// More samples than this are no advice for a gate.
const PRACTICAL: f64 = 100_000.0;

/// Returns P(X >= k) for X binomial (n, p), by summing the terms from k upwards.
///
/// Exact to about 1e-10: the first term comes from the logarithm of the gamma function, the others
/// from the ratio of neighbours.
pub(crate) fn tail(n: u64, k: u64, p: f64) -> f64 {
    if k == 0 || p >= 1.0 {
        return 1.0;
    }
    if k > n || p <= 0.0 {
        return 0.0;
    }
    let (count, hits) = (n as f64, k as f64);
    let choose =
        libm::lgamma(count + 1.0) - libm::lgamma(hits + 1.0) - libm::lgamma(count - hits + 1.0);
    let mut term = libm::exp(choose + hits * libm::log(p) + (count - hits) * libm::log1p(-p));
    let mut sum = term;
    for next in k..n {
        let next = next as f64;
        term *= (count - next) / (next + 1.0) * (p / (1.0 - p));
        sum += term;
        // Below the mode the terms still grow.
        if next > count * p && term < sum * 1e-17 {
            break;
        }
    }
    sum.min(1.0)
}

/// Returns the least number of samples from which on one look at a healthy release breaches with a
/// probability below `risk`; nothing if no practical number of samples is enough.
///
/// `normal` is the fraction of a healthy release, `breach` has an absolute limit on fractions. Beyond
/// ln(1/risk) / D(limit, normal) samples Chernoff's bound holds, with D the relative entropy. Below,
/// the probability falls in saw teeth: while the same number k of bad ones breaches it grows with the
/// samples, so that each tooth is judged by its tip.
pub(crate) fn samples_needed(normal: f64, breach: &Comparison, risk: f64) -> Option<u64> {
    let (normal, breach) = upwards(normal, breach)?;
    let limit = breach.limit.absolute()?;
    if normal <= 0.0 || limit >= 1.0 {
        return (normal < limit).then_some(1);
    }
    if limit <= normal {
        return None;
    }
    let entropy = limit * libm::log(limit / normal)
        + (1.0 - limit) * libm::log((1.0 - limit) / (1.0 - normal));
    let enough = libm::ceil(-libm::log(risk) / entropy);
    if enough > PRACTICAL {
        return None;
    }
    let risky = |k: u64| {
        let n = most_breached(k, limit, &breach)?;
        (tail(n, k, normal) >= risk).then_some(n)
    };
    let most = libm::ceil(enough * limit) as u64 + 1;
    Some((1..=most).rev().find_map(risky).unwrap_or(0) + 1)
}

/// Returns the least number of samples from which on a ratio of `normal` is above `limit` by chance with a
/// probability below `risk`; nothing if no practical number of samples is enough.
pub fn samples_for(normal: f64, limit: f64, risk: f64) -> Option<u64> {
    let breach = Comparison {
        is: Relation::Above,
        limit: Limit::Absolute(limit),
    };
    samples_needed(normal, &breach, risk)
}

/// Returns the largest number of samples of which `k` bad ones still breach.
fn most_breached(k: u64, limit: f64, breach: &Comparison) -> Option<u64> {
    let near = libm::floor(k as f64 / limit) as u64;
    let breached = |n: &u64| {
        *n >= k && breach.judge(k as f64 / *n as f64, 0.0, Judgement::Hold) == Judgement::Breach
    };
    (near.saturating_sub(1)..=near + 1).rev().find(breached)
}

/// Returns the probability that one look at `n` samples of a healthy release breaches.
pub(crate) fn false_trip(n: u64, normal: f64, breach: &Comparison) -> f64 {
    let Some((normal, breach)) = upwards(normal, breach) else {
        return 0.0;
    };
    let Some(limit) = breach.limit.absolute() else {
        return 0.0;
    };
    let breaches =
        |k: u64| breach.judge(k as f64 / n as f64, 0.0, Judgement::Hold) == Judgement::Breach;
    // The comparison itself decides, so that a fraction that equals the limit falls where the gate
    // puts it.
    let near = libm::floor(limit * n as f64).max(0.0) as u64;
    let first = (near.saturating_sub(1)..=near + 2).find(|k| breaches(*k));
    tail(n, first.unwrap_or(n + 1), normal)
}

/// Turns a lower limit on good ones into an upper limit on bad ones.
fn upwards(normal: f64, breach: &Comparison) -> Option<(f64, Comparison)> {
    let limit = breach.limit.absolute()?;
    let turned = |is| {
        (
            1.0 - normal,
            Comparison {
                is,
                limit: Limit::Absolute(1.0 - limit),
            },
        )
    };
    Some(match breach.is {
        Relation::Above | Relation::AtLeast => (normal, *breach),
        Relation::Below => turned(Relation::Above),
        Relation::AtMost => turned(Relation::AtLeast),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUBLIC: Comparison = Comparison {
        is: Relation::Above,
        limit: Limit::Absolute(0.03),
    };

    #[track_caller]
    fn check(n: u64, expect: f64) {
        let found = false_trip(n, 0.01, &PUBLIC);
        assert!(
            (found - expect).abs() < 1e-12,
            "{n} runs: {found}, expected {expect}"
        );
    }

    /// Exact, by rational arithmetic elsewhere: 18 %, 9 %, 1.8 % and 0.1 % of the optimize rollout's public
    /// stage (limit 3 %, true 1 %).
    #[test]
    fn the_false_trips_of_one_window_are_exact() {
        check(20, 0.182_093_062_402_769_12);
        check(50, 0.089_435_313_096_030_7);
        check(100, 0.018_374_036_444_649_657);
        check(300, 0.001_023_094_850_850_259);
    }

    #[test]
    fn from_the_number_needed_on_no_window_is_risky() {
        let needed = samples_needed(0.01, &PUBLIC, 0.01).expect("a practical number");
        assert!(false_trip(needed - 1, 0.01, &PUBLIC) >= 0.01);
        for n in needed..needed + 1000 {
            assert!(false_trip(n, 0.01, &PUBLIC) < 0.01, "{n}");
        }
        assert_eq!(needed, 200);
    }

    #[test]
    fn a_lower_limit_is_the_mirror_of_an_upper_one() {
        let good = Comparison {
            is: Relation::Below,
            limit: Limit::Absolute(0.97),
        };
        let mirrored = false_trip(100, 0.99, &good);
        assert!((mirrored - false_trip(100, 0.01, &PUBLIC)).abs() < 1e-12);
        assert_eq!(
            samples_needed(0.99, &good, 0.01),
            samples_needed(0.01, &PUBLIC, 0.01)
        );
    }

    #[test]
    fn what_no_number_can_help_is_left_alone() {
        assert_eq!(
            samples_needed(0.03, &PUBLIC, 0.01),
            None,
            "the limit is the normal level"
        );
        assert_eq!(
            samples_needed(0.0299, &PUBLIC, 0.01),
            None,
            "hundreds of thousands"
        );
        assert_eq!(samples_needed(0.0, &PUBLIC, 0.01), Some(1));
    }
}
