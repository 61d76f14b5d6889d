//! Split-conformal thresholds.

use super::Guarantee;
use libm::ceil;

/// The threshold that a new value exceeds with probability at most `alpha`, if it comes from where a
/// calibration sample came from (V. Vovk, A. Gammerman, G. Shafer, 2005; J. Lei et al., J. Am. Stat.
/// Assoc. 113, 2018): the value of rank `ceil((n + 1)(1 - alpha))` of the sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conformal {
    alpha: f64,
    threshold: Option<f64>,
}

impl Conformal {
    /// Takes the threshold from `sample`; values that are not numbers are left out.
    ///
    /// A sample of fewer than `1/alpha - 1` values supports no threshold at all.
    ///
    /// # Panics
    ///
    /// Unless `alpha` is inside `(0, 1)`.
    pub fn calibrate(sample: &[f64], alpha: f64) -> Self {
        assert!(0.0 < alpha && alpha < 1.0, "level {alpha}");
        let mut sorted: Vec<f64> = sample.iter().copied().filter(|x| !x.is_nan()).collect();
        sorted.sort_by(f64::total_cmp);
        // (n + 1)(1 - alpha) is meant exactly: 20 times 0.95 is 19, whatever its double is.
        let rank = ceil((sorted.len() + 1) as f64 * (1.0 - alpha) - 1e-9) as usize;
        Self {
            alpha,
            threshold: sorted.get(rank.max(1) - 1).copied(),
        }
    }

    /// Returns the threshold, if the sample was large enough to have one.
    pub const fn threshold(&self) -> Option<f64> {
        self.threshold
    }

    /// Says whether `value` is as the sample was. Equality conforms, a value that is not a number
    /// never does, and without a threshold every number does.
    pub fn conforms(&self, value: f64) -> bool {
        !value.is_nan() && self.threshold.is_none_or(|threshold| value <= threshold)
    }

    /// At most `alpha` for each new value, over calibration and value together.
    pub const fn guarantee(&self) -> Guarantee {
        Guarantee::EachLook { alpha: self.alpha }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of the recorded decisions of asupersync's conformal threshold (commit c344862): alpha, n,
    /// the threshold of the sample 1, 2, ... n.
    #[test]
    fn the_recorded_thresholds_come_out() {
        let rows = [
            (0.05, 19, 19.0),
            (0.05, 21, 21.0),
            (0.05, 40, 39.0),
            (0.1, 9, 9.0),
            (0.2, 10, 9.0),
            (0.5, 1, 1.0),
        ];
        for (alpha, n, threshold) in rows {
            let sample: Vec<f64> = (1..=n).map(f64::from).collect();
            let conformal = Conformal::calibrate(&sample, alpha);
            assert_eq!(conformal.threshold(), Some(threshold), "{alpha} {n}");
            assert!(conformal.conforms(threshold), "equality conforms");
            assert!(!conformal.conforms(f64::NAN), "NaN never conforms");
        }
    }

    #[test]
    fn a_sample_too_small_for_its_level_has_no_threshold() {
        let conformal = Conformal::calibrate(&[1.0; 18], 0.05);
        assert_eq!(conformal.threshold(), None);
        assert!(conformal.conforms(1e300));
    }

    /// The next of n + 1 exchangeable values is the largest with probability 1/(n + 1).
    #[test]
    fn the_level_is_met_exactly_where_ranks_allow_it() {
        let alpha = 0.1;
        let exceeded = (0..10)
            .filter(|held_out| {
                let sample: Vec<f64> = (0..10).filter(|i| i != held_out).map(f64::from).collect();
                !Conformal::calibrate(&sample, alpha).conforms(f64::from(*held_out))
            })
            .count();
        assert_eq!(exceeded, 1, "one of ten");
    }
}
