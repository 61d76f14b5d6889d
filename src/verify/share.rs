//! Shares: how far a count lies from what its probability says.

use sim_core::policy::gate::test::normal_upper_quantile;

/// From so many expected hits and misses on a share is normal enough: at four standard errors its tails are
/// within a factor of two of the binomial's.
const MANY: f64 = 400.0;

/// Beyond so many standard errors it does not matter how many they are.
const FAR: f64 = 38.0;

/// Returns how many standard errors the share `value` of `trials` lies above the probability `p`. None where
/// a number is none.
///
/// Where hits or misses are few the binomial says how probable it is to be so far off, and a normal
/// variate that is as improbable is returned. A count has half of its own probability on either side
/// (H. O. Lancaster, "Significance tests in discrete distributions", JASA 56 (1961): the mid-p), so that z
/// is 0 on average.
pub fn share_z(value: f64, p: f64, trials: u64) -> Option<f64> {
    let n = trials as f64;
    if value.is_nan() || !(0.0..=1.0).contains(&p) {
        return None;
    }
    if value == p {
        return Some(0.0);
    }
    if p > 0.5 {
        return share_z(1.0 - value, 1.0 - p, trials).map(|z| -z);
    }
    if n * p >= MANY {
        return Some((value - p) / (p * (1.0 - p) / n).sqrt());
    }
    let hits = (value * n).round();
    let (below, here) = binomial(n, p, hits);
    let lower = below + here / 2.0;
    let z = if lower < 0.5 {
        -normal_upper_quantile(lower.max(f64::MIN_POSITIVE))
    } else {
        // Summed from above, so that a small tail keeps its digits.
        let upper = tail(n, p, hits + 1.0) + here / 2.0;
        normal_upper_quantile(upper.clamp(f64::MIN_POSITIVE, 0.5))
    };
    Some(z.clamp(-FAR, FAR))
}

/// Does the same for trials that depend on each other, whose share has this standard error by their own
/// account: so many of them count as one as make the error of independent ones.
pub fn clumped_z(value: f64, p: f64, (trials, error): (u64, f64)) -> Option<f64> {
    let variance = value * (1.0 - value) / trials as f64;
    let each = if variance > 0.0 {
        (error * error / variance).max(1.0)
    } else {
        1.0
    };
    share_z(value, p, (trials as f64 / each).round().max(1.0) as u64)
}

/// Returns the probability of fewer than `hits`, and that of just as many.
fn binomial(n: f64, p: f64, hits: f64) -> (f64, f64) {
    let mut here = (n * (-p).ln_1p()).exp();
    let (mut below, mut k) = (0.0, 0.0);
    while k < hits {
        below += here;
        here *= (n - k) / (k + 1.0) * p / (1.0 - p);
        k += 1.0;
        // So far above its mean nothing is left.
        if here == 0.0 {
            break;
        }
    }
    (below, here)
}

/// Returns the probability of `from` hits or more, where they are more than the mean.
fn tail(n: f64, p: f64, from: f64) -> f64 {
    let (_, mut here) = binomial(n, p, from);
    let (mut sum, mut k) = (0.0, from);
    while k <= n && here > sum * f64::EPSILON {
        sum += here;
        here *= (n - k) / (k + 1.0) * p / (1.0 - p);
        k += 1.0;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(hits: f64, trials: u64, p: f64, expect: f64) {
        let z = share_z(hits / trials as f64, p, trials).expect("a number");
        assert!((z - expect).abs() < 5e-3, "{hits} of {trials} at {p}: {z}");
    }

    /// By hand, with Poisson(0.096): P(0) = 0.9085, P(1) = 0.0872, P(2) = 0.00419; mid-p of none is 0.4542
    /// below, of one 0.0479 above, of two 0.00222 above.
    #[test]
    fn few_hits_are_judged_by_the_binomial() {
        check(0.0, 200_000, 4.8e-7, -0.115);
        check(1.0, 200_000, 4.8e-7, 1.666);
        check(2.0, 200_000, 4.8e-7, 2.845);
        // As many misses are judged alike, with the other sign.
        check(199_999.0, 200_000, 1.0 - 4.8e-7, -1.666);
        // Half of 10 coins is what is expected; none has 2^-11.
        check(5.0, 10, 0.5, 0.0);
        check(0.0, 10, 0.5, -3.297);
        check(10.0, 10, 0.5, 3.297);
    }

    #[test]
    fn many_hits_are_judged_by_the_normal_curve() {
        check(520.0, 1_000, 0.5, 1.265);
        check(6_000.0, 10_000, 0.5, 20.0);
    }

    #[test]
    fn what_cannot_happen_is_far_off() {
        assert_eq!(share_z(0.0, 0.0, 100), Some(0.0));
        assert!(share_z(0.01, 0.0, 100).is_some_and(|z| z > 30.0));
        assert!(share_z(0.99, 1.0, 100).is_some_and(|z| z < -30.0));
        assert_eq!(share_z(f64::NAN, 0.5, 100), None);
    }

    /// Trials that come in clumps of four are a quarter as many.
    #[test]
    fn clumps_count_as_one() {
        let error = (0.25_f64 / 25.0).sqrt();
        let clumped = clumped_z(0.5, 0.4, (100, error));
        assert_eq!(clumped, share_z(0.5, 0.4, 25));
        assert_eq!(clumped_z(0.5, 0.4, (100, 0.001)), share_z(0.5, 0.4, 100));
    }
}
