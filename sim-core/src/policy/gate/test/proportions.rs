//! Two proportions side by side.

use libm::sqrt;

/// Failures of the canary and of the control, with how many requests each had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arms {
    /// Failures of the canary.
    pub canary_failed: u64,
    /// Requests of the canary.
    pub canary: u64,
    /// Failures of the control.
    pub control_failed: u64,
    /// Requests of the control.
    pub control: u64,
}

/// The rate that the canary has where the null holds with equality, given the rate of the control.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Null {
    /// So many times the control's rate; `Times(1.0)` is equality.
    Times(f64),
    /// The control's rate and this much.
    Plus(f64),
}

impl Arms {
    /// Adds what came since.
    pub fn add(&mut self, more: Self) {
        self.canary_failed += more.canary_failed;
        self.canary += more.canary;
        self.control_failed += more.control_failed;
        self.control += more.control;
    }

    /// Returns the rates of canary and control that meet the null exactly and together explain all
    /// the failures that were seen, and `extra` more among twice as many requests; for equality both
    /// are the pooled rate.
    fn rates_under(&self, null: Null, extra: f64) -> [f64; 2] {
        let (n1, n0) = (self.canary as f64, self.control as f64 + 2.0 * extra);
        let failed = (self.canary_failed + self.control_failed) as f64 + extra;
        let rates = match null {
            Null::Times(factor) => {
                let p0 = failed / (factor * n1 + n0);
                [factor * p0, p0]
            }
            Null::Plus(margin) => {
                let p0 = ((failed - margin * n1) / (n1 + n0)).max(0.0);
                [p0 + margin, p0]
            }
        };
        rates.map(|rate| rate.min(1.0))
    }

    /// Returns how many failures of the canary the null leads one to expect, given how many failed in
    /// all.
    pub fn expected_of_canary(&self, null: Null) -> f64 {
        if self.canary == 0 {
            return 0.0;
        }
        self.canary as f64 * self.rates_under(null, 0.0)[0]
    }

    /// Returns how far the canary's rate lies above what the null allows; nothing without requests in
    /// both arms.
    pub fn difference(&self, null: Null) -> Option<f64> {
        if self.canary == 0 || self.control == 0 {
            return None;
        }
        let canary_rate = self.canary_failed as f64 / self.canary as f64;
        let control_rate = self.control_failed as f64 / self.control as f64;
        Some(match null {
            Null::Times(factor) => canary_rate - factor * control_rate,
            Null::Plus(margin) => canary_rate - control_rate - margin,
        })
    }

    /// Returns the variance of the difference where the null holds, estimated with rates that meet it
    /// and explain the failures that were seen and `extra` more among twice as many requests.
    pub(super) fn variance(&self, null: Null, extra: f64) -> f64 {
        let [p1, p0] = self.rates_under(null, extra);
        let weight = match null {
            Null::Times(factor) => factor,
            Null::Plus(_) => 1.0,
        };
        p1 * (1.0 - p1) / self.canary as f64
            + weight * weight * p0 * (1.0 - p0) / self.control as f64
    }

    /// Returns the difference in standard errors: for equality the pooled z statistic of two
    /// proportions. Nothing without requests in both arms or without a failure.
    pub fn z(&self, null: Null) -> Option<f64> {
        let difference = self.difference(null)?;
        let variance = self.variance(null, 0.0);
        (variance > 0.0).then(|| difference / sqrt(variance))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arms(canary_failed: u64, canary: u64, control_failed: u64, control: u64) -> Arms {
        Arms {
            canary_failed,
            canary,
            control_failed,
            control,
        }
    }

    /// z^2 is Pearson's chi-square of the two-by-two table, N (ad - bc)^2 / (row and column sums).
    #[test]
    fn the_square_of_z_is_pearsons_chi_square() {
        let z = arms(75, 5_000, 50, 5_000).z(Null::Times(1.0)).unwrap();
        let determinant: f64 = 75.0 * 4_950.0 - 4_925.0 * 50.0;
        let pearson = 10_000.0 * determinant * determinant / (5e3 * 5e3 * 125.0 * 9_875.0);
        assert!((z * z / pearson - 1.0).abs() < 1e-12, "{z}");
        assert!(z > 0.0);
    }

    #[test]
    fn the_null_shifts_the_difference_to_zero() {
        let check = |null, canary_failed| {
            let difference = arms(canary_failed, 1_000, 90, 9_000)
                .difference(null)
                .unwrap();
            assert!(difference.abs() < 1e-15, "{null:?}: {difference}");
        };
        check(Null::Times(1.0), 10);
        check(Null::Times(3.0), 30);
        check(Null::Plus(0.02), 30);
    }

    #[test]
    fn the_variance_under_the_null_uses_rates_that_meet_it_and_explain_the_failures() {
        // 30 and 90 failures meet "three times" exactly: the rates are the observed ones.
        let variance = arms(30, 1_000, 90, 9_000).variance(Null::Times(3.0), 0.0);
        let expect = 0.03 * 0.97 / 1e3 + 9.0 * 0.01 * 0.99 / 9e3;
        assert!((variance / expect - 1.0).abs() < 1e-12, "{variance}");
        let variance = arms(30, 1_000, 90, 9_000).variance(Null::Plus(0.02), 0.0);
        let expect = 0.03 * 0.97 / 1e3 + 0.01 * 0.99 / 9e3;
        assert!((variance / expect - 1.0).abs() < 1e-12, "{variance}");
    }

    #[test]
    fn nothing_is_said_without_requests_or_failures() {
        assert_eq!(arms(0, 0, 5, 100).z(Null::Times(1.0)), None);
        assert_eq!(arms(0, 10, 0, 100).z(Null::Times(1.0)), None);
    }
}
