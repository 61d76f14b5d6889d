//! Burn rates over a long and a short window.

use super::{Guarantee, Verdict};

/// An alert on how fast an error budget burns (B. Beyer et al., The Site Reliability Workbook, 2018,
/// chapter 5, "Multiwindow, Multi-Burn-Rate Alerts"): it fires while the error ratio over a long and
/// over a short window both exceed `burn (1 - objective)`.
///
/// The long window says that it matters, the short one that it still goes on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BurnRate {
    threshold: f64,
}

impl BurnRate {
    /// An alert at `burn` times the rate that spends the budget of `objective` exactly.
    ///
    /// # Panics
    ///
    /// Unless `objective` is inside `(0, 1)` and `burn` is positive.
    pub fn new(objective: f64, burn: f64) -> Self {
        assert!(0.0 < objective && objective < 1.0, "objective {objective}");
        assert!(burn > 0.0, "burn rate {burn}");
        Self {
            threshold: burn * (1.0 - objective),
        }
    }

    /// Returns the error ratio that must be exceeded.
    pub const fn threshold(&self) -> f64 {
        self.threshold
    }

    /// Judges the error ratios over the long and the short window. Equality does not fire.
    pub fn observe(&self, long: f64, short: f64) -> Verdict {
        Verdict::rejected_if(long > self.threshold && short > self.threshold)
    }

    /// Returns the time that a sudden error rate `rate` needs to fire, from a history without errors
    /// and without noise, as a fraction of the long window; nothing if it never does.
    pub fn detection(&self, rate: f64) -> Option<f64> {
        (rate > self.threshold).then(|| self.threshold / rate)
    }

    /// Returns the time after the end of an error rate `rate` in which the alert goes on, as a
    /// fraction of the short window.
    pub fn reset(&self, rate: f64) -> f64 {
        (1.0 - self.threshold / rate).max(0.0)
    }

    /// None: the alert has no model of noise.
    pub const fn guarantee(&self) -> Guarantee {
        Guarantee::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The workbook's page alert: 14.4 times the budget of 99.9 %, over 1 h and 5 min.
    #[test]
    fn the_page_alert_fires_and_ends_when_the_fluid_limit_says() {
        let alert = BurnRate::new(0.999, 14.4);
        let check = |rate: f64, detect: f64, reset: f64| {
            let got = 3_600.0 * alert.detection(rate).unwrap();
            assert!((got / detect - 1.0).abs() < 1e-9, "{got}");
            let got = 300.0 * alert.reset(rate);
            assert!((got / reset - 1.0).abs() < 1e-9, "{got}");
        };
        check(1.0, 51.84, 295.68);
        check(0.1, 518.4, 256.8);
        check(0.02, 2_592.0, 84.0);
        assert_eq!(alert.detection(0.01), None);
    }

    #[test]
    fn one_window_alone_does_not_fire() {
        let alert = BurnRate::new(0.99, 2.0);
        assert_eq!(alert.observe(0.5, 0.01), Verdict::Undecided);
        assert_eq!(alert.observe(0.01, 0.5), Verdict::Undecided);
        assert_eq!(alert.observe(0.03, 0.03), Verdict::Rejected);
    }
}
