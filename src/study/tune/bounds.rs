//! Bounds that hold with a probability that is chosen, however small.

use sim_core::policy::gate::test::{beta_quantile, incomplete_beta};

use crate::study::interval::skewed;

/// Returns the exact one-sided bounds of the rate of `k` events in `n` trials: the true rate lies below
/// the lower one, or above the upper one, with probability at most `error` each (C. J. Clopper,
/// E. S. Pearson, Biometrika 26, 1934).
///
/// Trials of several independent scenarios may be pooled: a sum of trials with different rates varies less
/// than one of equal rates (W. Hoeffding, Ann. Math. Stat. 27, 1956).
pub fn rate_bounds(k: u64, n: u64, error: f64) -> (f64, f64) {
    let (events, rest) = (k as f64, (n - k) as f64);
    let low = if k > 0 {
        beta_quantile(events, rest + 1.0, error)
    } else {
        0.0
    };
    let high = if k < n {
        beta_quantile(events + 1.0, rest, 1.0 - error)
    } else {
        1.0
    };
    (low, high)
}

/// A mean with its standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mean {
    /// The mean.
    pub value: f64,
    /// Its standard error.
    pub error: f64,
    /// The degrees of freedom of the error; 0 where it is not known.
    pub freedom: u64,
    /// The skewness of the mean: its third central moment over the cube of its error.
    pub skewness: f64,
}

impl Mean {
    /// Returns the mean over several scenarios, each counting alike: what differs between scenarios is no
    /// chance. Nothing without a value.
    pub fn stratified(strata: &[Sums]) -> Option<Self> {
        let strata: Vec<_> = strata.iter().filter(|sums| sums.n > 0).collect();
        if strata.is_empty() {
            return None;
        }
        let many = strata.len() as f64;
        let value = strata.iter().map(|sums| sums.mean()).sum::<f64>() / many;
        let variance: f64 = strata.iter().map(|sums| sums.variance_of_mean()).sum();
        let third: f64 = strata.iter().map(|sums| sums.third_of_mean()).sum();
        Some(Self {
            value,
            error: libm::sqrt(variance) / many,
            freedom: strata.iter().map(|sums| sums.n - 1).sum(),
            skewness: if variance > 0.0 {
                third / libm::pow(variance, 1.5)
            } else {
                0.0
            },
        })
    }

    /// Returns the interval that misses the true mean on each side with probability `error`, by
    /// Student's t.
    pub fn interval(&self, error: f64) -> (f64, f64) {
        if self.freedom == 0 {
            return (f64::NEG_INFINITY, f64::INFINITY);
        }
        let reach = if self.error > 0.0 {
            quantile_t(error, self.freedom) * self.error
        } else {
            0.0
        };
        (self.value - reach, self.value + reach)
    }

    /// Returns the 95 % interval that is printed ([`skewed`]); without ends where all values are equal, which
    /// says nothing about those that were not seen.
    pub fn printed(&self) -> (f64, f64) {
        if self.freedom == 0 || self.error == 0.0 {
            return (f64::NEG_INFINITY, f64::INFINITY);
        }
        skewed(
            self.value,
            self.error,
            self.skewness,
            quantile_t(0.025, self.freedom),
        )
    }

    /// Returns the probability with which chance alone would carry the mean this far above `limit`.
    pub fn chance_above(&self, limit: f64) -> f64 {
        let beyond = self.value - limit;
        if self.freedom == 0 || beyond <= 0.0 {
            return 1.0;
        }
        if self.error == 0.0 {
            return 0.0;
        }
        tail_t(beyond / self.error, self.freedom)
    }
}

/// The upper tail of Student's distribution beyond `t > 0`: half of `I_(f/(f+t^2))(f/2, 1/2)`.
fn tail_t(t: f64, freedom: u64) -> f64 {
    let f = freedom as f64;
    0.5 * incomplete_beta(f / 2.0, 0.5, f / (f + t * t))
}

/// The `t` that is exceeded with probability `error` below one half.
pub(super) fn quantile_t(error: f64, freedom: u64) -> f64 {
    let f = freedom as f64;
    let x = beta_quantile(f / 2.0, 0.5, 2.0 * error);
    libm::sqrt(f * (1.0 / x - 1.0))
}

/// Count, sum and sum of squares of some values.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sums {
    /// How many values there are.
    pub n: u64,
    mean: f64,
    squares: f64,
    cubes: f64,
    /// How many of the values are not 0.
    hits: u64,
}

impl Sums {
    /// Adds a value (B. P. Welford, Technometrics 4, 1962; for the cubes T. B. Terriberry, 2007).
    pub fn add(&mut self, value: f64) {
        self.n += 1;
        self.hits += u64::from(value != 0.0);
        let n = self.n as f64;
        let before = value - self.mean;
        let step = before / n;
        let new = before * step * (n - 1.0);
        self.mean += step;
        self.cubes += new * step * (n - 2.0) - 3.0 * step * self.squares;
        self.squares += before * (value - self.mean);
    }

    /// Returns the mean.
    pub const fn mean(&self) -> f64 {
        self.mean
    }

    /// Returns how many of the values are not 0.
    pub const fn hits(&self) -> u64 {
        self.hits
    }

    /// Returns the mean of the values that are not 0, and its standard error; none of fewer than two.
    pub fn of_hits(&self) -> Option<(f64, f64)> {
        let (n, hits) = (self.n as f64, self.hits as f64);
        let mean = self.mean * n / hits;
        let squares = self.squares + n * self.mean * self.mean - hits * mean * mean;
        let variance = squares.max(0.0) / (hits - 1.0);
        (self.hits >= 2).then(|| (mean, libm::sqrt(variance / hits)))
    }

    /// The variance of the mean; that of a single value is not known and counts as nothing.
    fn variance_of_mean(&self) -> f64 {
        if self.n < 2 {
            return 0.0;
        }
        self.squares / (self.n - 1) as f64 / self.n as f64
    }
}

impl Sums {
    /// The third central moment of the mean.
    fn third_of_mean(&self) -> f64 {
        let n = self.n as f64;
        self.cubes / (n * n * n)
    }
}

impl FromIterator<f64> for Sums {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut sums = Self::default();
        values.into_iter().for_each(|value| sums.add(value));
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sources: tables of Student's t for 0.025 and 10 degrees, the density integrated by the midpoint rule
    /// for the far tail; 0 events in n trials are bounded by 1 - error^(1/n).
    #[test]
    fn bounds_agree_with_tables() {
        let close =
            |got: f64, expect: f64| assert!((got / expect - 1.0).abs() < 1e-6, "{got} {expect}");
        close(quantile_t(0.025, 10), 2.228_138_851_964_939);
        close(quantile_t(1e-5, 30), 5.054_032_4);
        close(tail_t(2.228_138_851_964_939, 10), 0.025);
        close(rate_bounds(0, 1000, 1e-5).1, 1.0 - libm::pow(1e-5, 1e-3));
        assert_eq!(rate_bounds(0, 0, 0.01), (0.0, 1.0));
        assert_eq!(rate_bounds(3, 3, 0.01).1, 1.0);
    }

    #[test]
    fn scenarios_count_alike_and_their_difference_is_no_chance() {
        let one: Sums = [1.0, 3.0].into_iter().collect();
        let other: Sums = [10.0, 10.0, 10.0].into_iter().collect();
        let mean = Mean::stratified(&[one, other, Sums::default()]).expect("there are values");
        assert_eq!(mean.value, 6.0);
        assert_eq!(mean.error, 0.5, "the variance of 2 +- 1 over two scenarios");
        assert_eq!(mean.freedom, 3);
        assert_eq!(mean.skewness, 0.0, "1 and 3 lie evenly");
        // 0, 0, 3: squares about the mean 6, cubes 6; of the mean 6 / 27 over (6 / 2 / 3)^1.5.
        let one: Sums = [0.0, 0.0, 3.0].into_iter().collect();
        let skewed = Mean::stratified(&[one]).expect("there are values");
        assert!((skewed.skewness - 6.0 / 27.0).abs() < 1e-12, "{skewed:?}");
        assert_eq!(Mean::stratified(&[]), None);
    }
}
