//! The mixture sequential probability ratio test.

use libm::{exp, log, sqrt};

use super::normal::normal_tail;
use super::proportions::{Arms, Null};
use super::{Guarantee, Verdict};

/// The mixture likelihood ratio of normal observations with known variance (R. Johari, P. Koomen,
/// L. Pekelis, D. Walsh, Oper. Res. 70, 2022, eq. 9): effects are drawn from a normal distribution of
/// mean 0 and variance `tau2` around the null.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mixture {
    /// The variance of the effects that are looked for.
    pub tau2: f64,
    /// The variance of one observation.
    pub sigma2: f64,
}

impl Mixture {
    /// Returns `sqrt(s2/(s2 + n t2)) exp(t2 S^2 / (2 s2 (s2 + n t2)))` after `n` observations with the
    /// sum `sum` of their differences from the null.
    pub fn ratio(&self, n: f64, sum: f64) -> f64 {
        exp(self.log_ratio(n, sum))
    }

    /// Returns the logarithm of [`Mixture::ratio`].
    pub fn log_ratio(&self, n: f64, sum: f64) -> f64 {
        let spread = self.sigma2 + n * self.tau2;
        0.5 * log(self.sigma2 / spread) + self.tau2 * sum * sum / (2.0 * self.sigma2 * spread)
    }

    /// Returns the distance from 0, in standard errors, at which the ratio after `n` observations
    /// reaches `1/alpha`.
    pub fn boundary(&self, n: f64, alpha: f64) -> f64 {
        let information = n * self.tau2 / self.sigma2;
        let height = 0.5 * log(1.0 + information) - log(alpha);
        sqrt(2.0 * height * (1.0 + information) / information)
    }
}

/// Returns the always-valid p-value that belongs to the largest ratio seen: `min(1, 1/ratio)`.
pub fn always_valid_p(largest_ratio: f64) -> f64 {
    (1.0 / largest_ratio).min(1.0)
}

/// The one-sided mixture test of a canary's error rate against the control's at the same time.
///
/// The difference of the two rates from what the null allows is taken as normal with the variance
/// of rates that meet the null, estimated after one failure and two requests were added,
/// so that the first failures cannot vouch for their own certainty. Effects are drawn from the half
/// of the normal distribution above 0: the ratio is twice the two-sided one times the normal
/// distribution function at `d sqrt(t2 / (V (V + t2)))`. It grows with the canary's failures alone,
/// so that a canary that is better never fires, and it is compared with `1/alpha` at every look.
///
/// The bound holds for normal sums. Where fewer than [`Msprt::LEAST_EXPECTED`] failures are to be
/// expected of the canary the binomial tail is too skewed for it, and the test says nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Msprt {
    alpha: f64,
    tau2: f64,
    null: Null,
    least_expected: f64,
    arms: Arms,
    largest: f64,
}

impl Msprt {
    /// How many failures the null must lead one to expect of the canary before the test speaks.
    ///
    /// Without the rule, 60 looks at a canary of 1 % of the traffic reject 1.3 % of harmless releases
    /// at a level of 1 %; with it 0.9 % is the most at rates from 0.1 % to 20 % and shares from 1 % to
    /// a half.
    pub const LEAST_EXPECTED: f64 = 5.0;

    /// A test at level `alpha` that looks for effects of about `tau`, in the unit of the rate.
    ///
    /// # Panics
    ///
    /// Unless `alpha` is inside `(0, 1)` and `tau` is positive.
    pub fn new(alpha: f64, tau: f64, null: Null) -> Self {
        assert!(0.0 < alpha && alpha < 1.0, "level {alpha}");
        assert!(tau > 0.0, "effect {tau}");
        Self {
            alpha,
            tau2: tau * tau,
            null,
            least_expected: Self::LEAST_EXPECTED,
            arms: Arms::default(),
            largest: 1.0,
        }
    }

    /// The same test without the rule of [`Msprt::LEAST_EXPECTED`], as the literature has it: for
    /// comparisons with published figures.
    pub fn unguarded(alpha: f64, tau: f64, null: Null) -> Self {
        Self {
            least_expected: 0.0,
            ..Self::new(alpha, tau, null)
        }
    }

    /// Takes what came since the last look. The null once rejected stays rejected.
    pub fn observe(&mut self, more: Arms) -> Verdict {
        self.arms.add(more);
        self.largest = self.largest.max(self.ratio());
        Verdict::rejected_if(self.largest >= 1.0 / self.alpha)
    }

    /// Returns the mixture likelihood ratio of everything taken so far; 1 while too little is
    /// expected.
    pub fn ratio(&self) -> f64 {
        if self.arms.expected_of_canary(self.null) < self.least_expected {
            return 1.0;
        }
        let Some(difference) = self.arms.difference(self.null) else {
            return 1.0;
        };
        let sigma2 = self.arms.variance(self.null, 1.0);
        let mixture = Mixture {
            tau2: self.tau2,
            sigma2,
        };
        let lean = difference * sqrt(self.tau2 / (sigma2 * (sigma2 + self.tau2)));
        2.0 * normal_tail(-lean) * mixture.ratio(1.0, difference)
    }

    /// Returns the always-valid p-value of "the canary is no worse than allowed".
    pub fn p(&self) -> f64 {
        always_valid_p(self.largest)
    }

    /// Returns everything that was taken.
    pub const fn arms(&self) -> Arms {
        self.arms
    }

    /// At most `alpha` at any time.
    pub const fn guarantee(&self) -> Guarantee {
        Guarantee::AnyTime { alpha: self.alpha }
    }
}

#[cfg(test)]
mod tests {
    use super::super::group_sequential::{Sides, crossing};
    use super::*;

    /// The published formula at n = 400, S = 48, tau2 = 0.01, sigma2 = 1.
    #[test]
    fn the_value_of_the_ratio_is_the_formulas() {
        let mixture = Mixture {
            tau2: 0.01,
            sigma2: 1.0,
        };
        let ratio = mixture.ratio(400.0, 48.0);
        assert!(
            (ratio / 4.478_468_090_128_675 - 1.0).abs() < 1e-12,
            "{ratio}"
        );
        let p = always_valid_p(ratio);
        assert!((p / 0.223_290_638_645_874_15 - 1.0).abs() < 1e-12, "{p}");
        let boundary = mixture.boundary(400.0, 1.0 / ratio) * 20.0;
        assert!((boundary / 48.0 - 1.0).abs() < 1e-12, "{boundary}");
    }

    /// Crossing within 100 observations, against the value of an independent recursion.
    #[test]
    fn the_probability_of_crossing_is_far_below_the_level() {
        let mixture = Mixture {
            tau2: 0.01,
            sigma2: 1.0,
        };
        let limits: Vec<f64> = (1..=100)
            .map(|n| mixture.boundary(f64::from(n), 0.05))
            .collect();
        let crossed = crossing(&limits, Sides::Two).unwrap();
        let expect = 0.000_616_640_038_681_781_6;
        assert!((crossed[99] / expect - 1.0).abs() < 1e-5, "{}", crossed[99]);
    }

    #[test]
    fn only_the_harmful_direction_rejects() {
        let check = |canary_failed, expect| {
            let mut test = Msprt::new(0.01, 0.01, Null::Times(1.0));
            let arms = Arms {
                canary_failed,
                canary: 1_000,
                control_failed: 450,
                control: 9_000,
            };
            assert_eq!(test.observe(arms), expect, "{canary_failed} of 1000");
        };
        check(50, Verdict::Undecided);
        check(0, Verdict::Undecided);
        check(120, Verdict::Rejected);
    }
}
