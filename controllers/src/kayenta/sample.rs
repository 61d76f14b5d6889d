//! Samples before they are compared: NaN, outliers, and what is said of them.
//!
//! Source: `Transforms.scala`, `IQRDetector.scala`, `DescriptiveStatistics.scala` (a69573b) and the mean and the R-7
//! percentile of Apache Commons Math 3.6.1 that they call.

use super::form::Analysis;

/// Interquartile ranges between the quartiles and the fences where nothing is said.
const FACTOR: f64 = 3.0;

/// What the judge compares: NaN removed or made zero, then outliers removed. `None`: the factor of outliers is not
/// above 0, and the whole judgement fails with an exception.
#[must_use]
pub fn prepared(values: &[f64], analysis: &Analysis) -> Option<Vec<f64>> {
    let values: Vec<f64> = if analysis.replaces_nan() {
        values
            .iter()
            .map(|value| if value.is_nan() { 0.0 } else { *value })
            .collect()
    } else {
        values
            .iter()
            .copied()
            .filter(|value| !value.is_nan())
            .collect()
    };
    if !analysis.removes_outliers() {
        return Some(values);
    }
    let factor = analysis.outliers.outlier_factor.unwrap_or(FACTOR);
    (factor > 0.0).then(|| without_outliers(&values, factor))
}

/// Keeps what is between the fences: `factor` interquartile ranges outside the quartiles, or the first and the last
/// percentile where those are further out.
fn without_outliers(values: &[f64], factor: f64) -> Vec<f64> {
    let (q1, q3) = (percentile(values, 25.0), percentile(values, 75.0));
    let low = percentile(values, 1.0).min(q1 - factor * (q3 - q1));
    let high = percentile(values, 99.0).max(q3 + factor * (q3 - q1));
    values
        .iter()
        .copied()
        .filter(|value| !(*value > high || *value < low))
        .collect()
}

/// The `p`th percentile (0 < p <= 100) with linear interpolation between the two nearest values: the position of
/// the quantile q among n values in order is 1 + (n - 1) q. NaN without values.
#[must_use]
pub fn percentile(values: &[f64], p: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else {
        return f64::NAN;
    };
    let position = 1.0 + count(sorted.len() - 1) * (p / 100.0);
    if position < 1.0 {
        return *first;
    }
    if position >= count(sorted.len()) {
        return *last;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 1 and the number of values"
    )]
    let below = position.floor() as usize;
    let (lower, upper) = (sorted[below - 1], sorted[below]);
    lower + (position - position.floor()) * (upper - lower)
}

/// The mean in two passes: the second takes away what rounding left in the first. NaN without values.
#[must_use]
pub fn mean(values: &[f64]) -> f64 {
    let n = count(values.len());
    let first = values.iter().sum::<f64>() / n;
    first + values.iter().map(|value| value - first).sum::<f64>() / n
}

/// Whether all values are equal to one another; true without values too.
#[must_use]
pub fn is_constant(values: &[f64]) -> bool {
    #[expect(clippy::float_cmp, reason = "the same value, not a near one")]
    values.windows(2).all(|pair| pair[0] == pair[1])
}

/// Whether both samples have the same values in some order.
#[must_use]
pub fn are_identical(one: &[f64], other: &[f64]) -> bool {
    let sorted = |values: &[f64]| {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        sorted
    };
    sorted(one) == sorted(other)
}

/// A count as a float.
#[expect(clippy::cast_precision_loss, reason = "far fewer than 2^53 values")]
pub(super) fn count(n: usize) -> f64 {
    n as f64
}
