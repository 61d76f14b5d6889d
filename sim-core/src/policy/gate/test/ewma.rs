//! Exponentially weighted moving averages.

use libm::{fabs, sqrt};

use super::{Guarantee, Verdict};

/// The two-sided exponentially weighted moving average of Roberts (Technometrics 1, 1959):
/// `z = (1 - weight) z + weight x` from 0, with an alarm when `|z|` is more than
/// `width sqrt(weight / (2 - weight))`, its asymptotic limit for readings of variance 1.
///
/// There is no bound on the probability of a false alarm: what is known is the mean time to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ewma {
    weight: f64,
    limit: f64,
    average: f64,
}

impl Ewma {
    /// An average at 0; `width` is the distance of the limits in its own standard deviations.
    ///
    /// # Panics
    ///
    /// Unless `weight` is in `(0, 1]`.
    pub fn new(weight: f64, width: f64) -> Self {
        assert!(weight > 0.0 && weight <= 1.0, "weight {weight}");
        Self {
            weight,
            limit: width * sqrt(weight / (2.0 - weight)),
            average: 0.0,
        }
    }

    /// Takes one reading, in standard deviations from its target.
    pub fn observe(&mut self, reading: f64) -> Verdict {
        self.average = (1.0 - self.weight) * self.average + self.weight * reading;
        Verdict::rejected_if(fabs(self.average) > self.limit)
    }

    /// Returns the average.
    pub const fn average(&self) -> f64 {
        self.average
    }

    /// None: false alarms have a mean distance, not a bound.
    pub const fn guarantee(&self) -> Guarantee {
        Guarantee::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With weight 1 it is Shewhart's chart: the reading alone decides.
    #[test]
    fn with_weight_one_the_last_reading_decides() {
        let mut chart = Ewma::new(1.0, 3.0);
        assert_eq!(chart.observe(3.0), Verdict::Undecided);
        assert_eq!(chart.observe(-3.1), Verdict::Rejected);
    }

    /// After n readings of c the average is c (1 - (1-w)^n); with w = 0.1 and width 2.7 the limit is
    /// 0.6194, which readings of 1 pass at the tenth: 1 - 0.9^10 = 0.6513, 1 - 0.9^9 = 0.6126.
    #[test]
    fn a_constant_shift_is_noticed_when_the_geometric_sum_passes_the_limit() {
        let mut chart = Ewma::new(0.1, 2.7);
        let noticed = (1..100).find(|_| chart.observe(1.0).rejects());
        assert_eq!(noticed, Some(10));
    }
}
