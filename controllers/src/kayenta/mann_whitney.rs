//! The Mann-Whitney U test with a confidence interval of the shift, as Kayenta makes it.
//!
//! The shift is the Hodges-Lehmann estimate: the value by which the canary must be moved for the rank-sum statistic to
//! be what it is without a difference. Its interval holds the shifts that the two-sided test at the given level does
//! not reject. The distribution is always the normal approximation with a correction for ties and one of 0.5 for
//! continuity, never the exact one. The roots are searched to 1e-4 **absolute**, whatever the unit of the metric.
//!
//! Source: `MannWhitney.scala` and `BrentSolver.java` (spinnaker/kayenta a69573b), which follow `wilcox.test` and
//! `zeroin` of R. R. P. Brent, Algorithms for Minimization without Derivatives (1973), chapter 4; M. Hollander and
//! D. A. Wolfe, Nonparametric Statistical Methods, section 4.2.

use std::cmp::Ordering;

use super::brent;
use super::normal;
use super::sample::count;

/// A shift and its interval, in the unit of the metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shift {
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
    /// Hodges-Lehmann estimate.
    pub estimate: f64,
}

/// All values are tied at some shift: the test has no spread there. One point against one point ends so wherever the
/// difference is exact, which it is within a factor of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AllTied;

/// Two samples in order, ready to be ranked at any shift.
#[derive(Clone, Debug)]
pub struct Samples {
    x: Vec<f64>,
    y: Vec<f64>,
}

/// What ranking gives: the sum of the ranks of x, and the sum of t^3 - t over groups of t tied values.
struct Ranks {
    sum: f64,
    ties: f64,
}

impl Samples {
    /// Samples of the canary (`x`) and the baseline (`y`), in any order, without NaN.
    #[must_use]
    pub fn new(x: &[f64], y: &[f64]) -> Self {
        let sorted = |values: &[f64]| {
            let mut sorted = values.to_vec();
            sorted.sort_by(f64::total_cmp);
            sorted
        };
        Self {
            x: sorted(x),
            y: sorted(y),
        }
    }

    /// The largest possible shift downwards and upwards.
    #[must_use]
    pub fn range(&self) -> (f64, f64) {
        let ends = |values: &[f64]| {
            let first = values.first().copied().unwrap_or(f64::NAN);
            (first, values.last().copied().unwrap_or(f64::NAN))
        };
        let ((x_low, x_high), (y_low, y_high)) = (ends(&self.x), ends(&self.y));
        (x_low - y_high, x_high - y_low)
    }

    /// The standardised rank-sum statistic of `x` moved down by `mu`, less `quantile`.
    ///
    /// # Errors
    ///
    /// [`AllTied`].
    pub fn statistic(&self, mu: f64, quantile: f64) -> Result<f64, AllTied> {
        let (m, n) = (count(self.x.len()), count(self.y.len()));
        let ranks = self.ranks(mu);
        let centred = ranks.sum - m * (m + 1.0) / 2.0 - m * n / 2.0;
        let correction = sign(centred) * 0.5;
        let sigma =
            ((m * n / 12.0) * ((m + n + 1.0) - ranks.ties / ((m + n) * (m + n - 1.0)))).sqrt();
        if sigma == 0.0 {
            return Err(AllTied);
        }
        Ok((centred - correction) / sigma - quantile)
    }

    /// The sum of the ranks of `x` as it is, ties averaged.
    #[must_use]
    pub fn rank_sum(&self) -> f64 {
        self.ranks(0.0).sum
    }

    /// Ranks of x moved by `mu` among y, ties averaged. Values are tied only if they are the same to the last bit.
    fn ranks(&self, mu: f64) -> Ranks {
        let x = |i: usize| self.x.get(i).map(|value| moved(*value, mu));
        let y = |i: usize| self.y.get(i).copied();
        let (mut i, mut j) = (0, 0);
        let mut ranks = Ranks {
            sum: 0.0,
            ties: 0.0,
        };
        while let Some(value) = smaller(x(i), y(j)) {
            let same = |other: Option<f64>| {
                other.is_some_and(|other| other.total_cmp(&value) == Ordering::Equal)
            };
            let (x_from, y_from) = (i, j);
            while same(x(i)) {
                i += 1;
            }
            while same(y(j)) {
                j += 1;
            }
            let tied = count(i - x_from + j - y_from);
            let rank = count(x_from + y_from) + tied / 2.0 + 0.5;
            ranks.sum += rank * count(i - x_from);
            ranks.ties += tied * tied * tied - tied;
        }
        ranks
    }
}

/// A value moved down; what is no number any more ranks last.
fn moved(value: f64, mu: f64) -> f64 {
    let moved = value - mu;
    if moved.is_nan() { f64::INFINITY } else { moved }
}

fn smaller(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    match (one, other) {
        (Some(one), Some(other)) if one.total_cmp(&other) == Ordering::Greater => Some(other),
        (one, other) => one.or(other),
    }
}

fn sign(value: f64) -> f64 {
    if value > 0.0 {
        1.0
    } else if value < 0.0 {
        -1.0
    } else {
        0.0
    }
}

/// The shift of the canary (`x`) against the baseline (`y`) with its interval at a level such as 0.98; `tolerance` is
/// how far, in the unit of the metric, a root may be off ([`brent::TOLERANCE`] in Kayenta).
///
/// Where the samples do not overlap and are few, the bound is the gap itself: the statistic never reaches the quantile.
///
/// # Errors
///
/// [`AllTied`].
pub fn shift(x: &[f64], y: &[f64], level: f64, tolerance: f64) -> Result<Shift, AllTied> {
    let samples = Samples::new(x, y);
    let quantile = normal::lower(level);
    let low = bound(&samples, -quantile, tolerance)?;
    let high = bound(&samples, quantile, tolerance)?;
    let (from, to) = samples.range();
    let ends = (samples.statistic(from, 0.0)?, samples.statistic(to, 0.0)?);
    let estimate = brent::root((from, to), ends, tolerance, |mu| samples.statistic(mu, 0.0))?;
    Ok(Shift {
        low,
        high,
        estimate,
    })
}

fn bound(samples: &Samples, quantile: f64, tolerance: f64) -> Result<f64, AllTied> {
    let (from, to) = samples.range();
    let ends = (
        samples.statistic(from, quantile)?,
        samples.statistic(to, quantile)?,
    );
    if ends.0 <= 0.0 {
        return Ok(from);
    }
    if ends.1 >= 0.0 {
        return Ok(to);
    }
    brent::root((from, to), ends, tolerance, |mu| {
        samples.statistic(mu, quantile)
    })
}
