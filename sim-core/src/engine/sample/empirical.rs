//! Empirical distributions: what was measured, drawn again.

use crate::engine::Draws;

/// The distribution of measured values.
#[derive(Clone, Debug, PartialEq)]
pub struct Empirical {
    sorted: Vec<f64>,
}

impl Empirical {
    /// Makes the distribution of `values`, in any order.
    ///
    /// # Panics
    /// When there are none, or one is not finite.
    pub fn new(mut values: Vec<f64>) -> Self {
        assert!(
            !values.is_empty(),
            "an empirical distribution has at least one value"
        );
        assert!(
            values.iter().all(|value| value.is_finite()),
            "a measured value is finite"
        );
        values.sort_by(f64::total_cmp);
        Self { sorted: values }
    }

    /// Returns the values, smallest first.
    pub fn values(&self) -> &[f64] {
        &self.sorted
    }

    /// Draws one of the values, each equally likely.
    pub fn sample(&self, draws: &mut Draws) -> f64 {
        self.sorted[draws.below(self.sorted.len() as u64) as usize]
    }

    /// Draws a number between the smallest and the largest value, interpolating linearly.
    pub fn sample_interpolated(&self, draws: &mut Draws) -> f64 {
        self.quantile_interpolated(draws.uniform())
    }

    /// Returns the smallest value that at least a fraction `p` of the values do not exceed.
    ///
    /// # Panics
    /// When `p` is outside 0 to 1 or NaN.
    pub fn quantile(&self, p: f64) -> f64 {
        assert!(
            (0.0..=1.0).contains(&p),
            "a quantile is from 0 to 1, not {p}"
        );
        let rank = libm::ceil(p * self.sorted.len() as f64) as usize;
        self.sorted[rank.max(1) - 1]
    }

    /// Returns the `p`-quantile with linear interpolation between ranks.
    ///
    /// Definition 7 of R. J. Hyndman, Y. Fan, "Sample quantiles in statistical packages",
    /// American Statistician 50 (1996).
    ///
    /// # Panics
    /// When `p` is outside 0 to 1 or NaN.
    pub fn quantile_interpolated(&self, p: f64) -> f64 {
        assert!(
            (0.0..=1.0).contains(&p),
            "a quantile is from 0 to 1, not {p}"
        );
        let rank = p * (self.sorted.len() - 1) as f64;
        let below = libm::floor(rank) as usize;
        let low = self.sorted[below];
        match self.sorted.get(below + 1) {
            Some(high) => low + (high - low) * (rank - below as f64),
            None => low,
        }
    }

    /// Returns the fraction of the values that are at most `x`.
    pub fn cdf(&self, x: f64) -> f64 {
        self.sorted.partition_point(|value| *value <= x) as f64 / self.sorted.len() as f64
    }
}
