//! Wald's approximations to his test: as if it ended exactly on a boundary.

use sim_core::policy::gate::test::Sprt;

use super::super::case::{ClosedFormCase, Unable};

/// A test of the rate `p0` against `p1`.
#[derive(Clone, Copy, Debug)]
pub struct Wald {
    p0: f64,
    p1: f64,
    alpha: f64,
    beta: f64,
    lower: f64,
    upper: f64,
}

impl Wald {
    /// Reads the test of a case; boundaries that it states must be those of its errors.
    pub fn of(case: &ClosedFormCase) -> Result<Self, Unable> {
        let [p0, p1] = [case.fraction("p0")?, case.fraction("p1")?];
        let [alpha, beta] = [case.fraction("alpha")?, case.fraction("beta")?];
        if p0 >= p1 || alpha + beta >= 1.0 {
            return Err(Unable(
                "its rates or its errors leave nothing to test".to_owned(),
            ));
        }
        let [lower, upper] = Sprt::new(p0, p1, alpha, beta).boundaries();
        for (name, own) in [("lower", lower), ("upper", upper)] {
            if case.inputs.contains_key(name) && (case.number(name)? / own - 1.0).abs() > 1e-12 {
                return Err(Unable(format!("its `{name}` is not that of its errors")));
            }
        }
        Ok(Self {
            p0,
            p1,
            alpha,
            beta,
            lower,
            upper,
        })
    }

    /// Returns the test itself.
    pub fn test(&self) -> Sprt {
        Sprt::new(self.p0, self.p1, self.alpha, self.beta)
    }

    /// The log likelihood ratio of a failure and of a success.
    fn steps(&self) -> [f64; 2] {
        [
            (self.p1 / self.p0).ln(),
            (-self.p1).ln_1p() - (-self.p0).ln_1p(),
        ]
    }

    /// Returns the approximate probability of a rejection at the rate `rate` (A. Wald, Sequential
    /// Analysis, 1947, section 3.4).
    pub fn rejects(&self, rate: f64) -> f64 {
        let h = self.exponent(rate);
        // At h = 0 the drift vanishes: the odds are those of the distances.
        if h.abs() < 1e-9 {
            return -self.lower / (self.upper - self.lower);
        }
        (h * self.lower).exp_m1() / ((h * self.lower).exp() - (h * self.upper).exp())
    }

    /// Returns the approximate mean size of the sample at the rate `rate` (section 3.5).
    pub fn mean_size(&self, rate: f64) -> f64 {
        let [failure, success] = self.steps();
        let drift = rate * failure + (1.0 - rate) * success;
        if drift.abs() < 1e-9 * failure {
            let square = rate * failure * failure + (1.0 - rate) * success * success;
            return -self.lower * self.upper / square;
        }
        let reject = self.rejects(rate);
        (reject * self.upper + (1.0 - reject) * self.lower) / drift
    }

    /// Solves `E exp(h z) = 1` for the root that is not 0, where `z` is the step at the rate `rate`.
    ///
    /// `E exp(h z) - 1` is convex in `h` and 0 at 0: the other root lies on the side on which it falls.
    fn exponent(&self, rate: f64) -> f64 {
        let [failure, success] = self.steps();
        let drift = rate * failure + (1.0 - rate) * success;
        let excess = |h: f64| rate * (h * failure).exp_m1() + (1.0 - rate) * (h * success).exp_m1();
        if drift == 0.0 {
            return 0.0;
        }
        let side = -drift.signum();
        let mut far = 1.0;
        while excess(side * far) <= 0.0 && far < 1e6 {
            far *= 2.0;
        }
        // The minimum lies between 0 and the root; halving towards the root never returns to 0.
        let mut near = far;
        while excess(side * near) > 0.0 && near > 1e-12 {
            near *= 0.5;
        }
        for _ in 0..200 {
            let middle = f64::midpoint(near, far);
            if excess(side * middle) > 0.0 {
                far = middle;
            } else {
                near = middle;
            }
        }
        side * f64::midpoint(near, far)
    }
}
