//! The probability that the canary is worse, given a prior.

use libm::{asin, cos, exp, lgamma, log, sin, sqrt};

use super::beta::incomplete_beta;
use super::proportions::Arms;
use super::quadrature::{GaussLegendre, settled};
use super::{Guarantee, Verdict};

/// The posterior probability that the canary's rate is more than `factor` times the control's, with
/// the same beta prior on both rates; the test rejects where it is above `level`.
///
/// Looking until it is bounds no error rate. A level of 99 % looked at sixty times, at a canary of 100
/// requests a minute beside 900 that fail at 1 %, fires on 10 % of harmless releases with a flat prior,
/// and on 5 % with one that is worth 100 requests at that rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bayes {
    level: f64,
    factor: f64,
    prior: [f64; 2],
    arms: Arms,
}

impl Bayes {
    /// A test that has seen nothing.
    ///
    /// # Panics
    ///
    /// Unless `level` is inside `(0, 1)` and `factor` and the shapes of the prior are positive.
    pub fn new(level: f64, factor: f64, prior: [f64; 2]) -> Self {
        assert!(0.0 < level && level < 1.0, "level {level}");
        assert!(factor > 0.0, "factor {factor}");
        assert!(prior.iter().all(|shape| *shape > 0.0), "prior {prior:?}");
        Self {
            level,
            factor,
            prior,
            arms: Arms::default(),
        }
    }

    /// Takes what came since the last look and judges everything so far.
    pub fn observe(&mut self, more: Arms) -> Verdict {
        self.arms.add(more);
        Verdict::rejected_if(self.worse() > self.level)
    }

    /// Returns the posterior probability that the canary is worse.
    ///
    /// # Panics
    ///
    /// If the quadrature does not settle, which it does for every count up to 1e9.
    pub fn worse(&self) -> f64 {
        let [a, b] = self.prior;
        let posterior = |failed: u64, n: u64| [a + failed as f64, b + (n - failed) as f64];
        probability_above(
            posterior(self.arms.canary_failed, self.arms.canary),
            posterior(self.arms.control_failed, self.arms.control),
            self.factor,
        )
        .expect("beta densities are smooth, and the nodes are put where they are")
    }

    /// None, however high the level is.
    pub const fn guarantee(&self) -> Guarantee {
        Guarantee::None
    }
}

/// Returns P(X > factor Y) for independent beta variables X and Y with the given shapes.
///
/// For factor 1 and a whole first shape of X it is a finite sum; otherwise it is the integral of X's density times Y's distribution function, over `t` with `x = sin^2 t`: in that
/// scale a beta density has a standard deviation of nearly `1/(2 sqrt(n))` wherever it stands, and
/// half-integer shapes have no singularity. Nodes lie within nine of these of the mode; two node
/// counts must agree within 1e-9, or nothing is returned.
pub fn probability_above(x: [f64; 2], y: [f64; 2], factor: f64) -> Option<f64> {
    if factor == 1.0 && x[0] == libm::trunc(x[0]) {
        return Some(finite_sum(x, y));
    }
    by_quadrature(x, y, factor)
}

/// The sum over `i` below `a` of `B(c + i, d + b) / ((b + i) B(1 + i, b) B(c, d))`, for X with the shapes
/// `a` and `b` and Y with `c` and `d` (J. D. Cook, Technical Report 54, MD Anderson, 2005). All terms
/// are positive; they are carried with a scale of their own, because the first may be too small for a
/// number.
fn finite_sum([a, b]: [f64; 2], [c, d]: [f64; 2]) -> f64 {
    const LARGE: f64 = 1e200;
    let log_beta = |a: f64, b: f64| lgamma(a) + lgamma(b) - lgamma(a + b);
    let mut scale = log_beta(c, d + b) - log_beta(c, d);
    let (mut term, mut sum) = (1.0, 0.0);
    for i in 0..a as u64 {
        sum += term;
        let i = i as f64;
        term *= (c + i) * (b + i) / ((c + d + b + i) * (1.0 + i));
        if sum > LARGE {
            (term, sum) = (term / LARGE, sum / LARGE);
            scale += log(LARGE);
        }
    }
    exp(log(sum) + scale).min(1.0)
}

fn by_quadrature(x: [f64; 2], y: [f64; 2], factor: f64) -> Option<f64> {
    let [a, b] = x;
    let half_width = 9.0 / (2.0 * sqrt(a + b));
    let centre = asin(sqrt(a / (a + b)));
    // Sparse shapes have a longer tail than the standard deviation tells.
    let slack = 6.0 / (a + b);
    let low = (centre - half_width - slack).max(0.0);
    // Where X is beyond the factor it is above in any case.
    let edge = asin(sqrt(factor.min(1.0)));
    let high = (centre + half_width + slack).min(edge);
    let beyond = incomplete_beta(b, a, 1.0 - factor.min(1.0));
    let log_norm = lgamma(a + b) - lgamma(a) - lgamma(b) + std::f64::consts::LN_2;
    let at = |t: f64| {
        let (sine, cosine) = (sin(t), cos(t));
        let log_density = (2.0 * a - 1.0) * log(sine) + (2.0 * b - 1.0) * log(cosine);
        let below = incomplete_beta(y[0], y[1], (sine * sine / factor).min(1.0));
        exp(log_norm + log_density) * below
    };
    settled(32, 1_024, 1e-9, |nodes| {
        beyond + GaussLegendre::new(nodes).integrate(low, high.max(low), at)
    })
    .map(|probability| probability.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two derivations of one number.
    #[test]
    fn the_quadrature_is_the_finite_sum_where_there_is_one() {
        let check = |x: [f64; 2], y: [f64; 2]| {
            let got = by_quadrature(x, y, 1.0).unwrap();
            let expect = finite_sum(x, y);
            assert!(
                (got - expect).abs() < 1e-8,
                "{x:?} {y:?}: {got}, not {expect}"
            );
        };
        check([1.0, 1.0], [1.0, 1.0]);
        check([1.0, 101.0], [1.0, 901.0]);
        check([7.0, 95.0], [11.0, 891.0]);
        check([121.0, 5_881.0], [541.0, 53_461.0]);
        check([3.0, 1e6], [30.0, 1e7]);
        check([5_100.0, 1e5], [50_000.0, 1e6]);
    }

    /// X > c Y with Y uniform has probability E[min(1, X/c)]: with X uniform too, 1/(2c) for c >= 1.
    #[test]
    fn a_factor_moves_the_line() {
        for factor in [1.0, 2.0, 5.0] {
            let got = probability_above([1.0, 1.0], [1.0, 1.0], factor).unwrap();
            assert!((got - 0.5 / factor).abs() < 1e-8, "{factor}: {got}");
        }
        let got = probability_above([1.0, 1.0], [1.0, 1.0], 0.5).unwrap();
        assert!((got - 0.75).abs() < 1e-6, "{got}");
    }

    #[test]
    fn jeffreys_prior_has_no_singularity() {
        let got = probability_above([0.5, 0.5], [0.5, 0.5], 1.0).unwrap();
        assert!((got - 0.5).abs() < 1e-7, "{got}");
        let got = probability_above([0.5, 100.5], [0.5, 900.5], 1.0).unwrap();
        assert!(got > 0.5 && got < 0.9, "{got}");
    }

    #[test]
    fn much_worse_is_certain_and_much_better_is_not() {
        let judge = |canary_failed| {
            Bayes::new(0.99, 1.0, [1.0, 1.0]).observe(Arms {
                canary_failed,
                canary: 1_000,
                control_failed: 90,
                control: 9_000,
            })
        };
        assert_eq!(judge(40), Verdict::Rejected);
        assert_eq!(judge(1), Verdict::Undecided);
    }
}
