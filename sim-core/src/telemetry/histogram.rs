//! Quantiles of histograms, as Prometheus estimates them.

/// Returns the quantile `q` of a histogram, on the supposition that what a bucket holds is spread
/// evenly over it; nothing for an empty histogram.
///
/// `bounds` are the upper bounds of the buckets, rising from above 0; the first bucket begins at 0. A
/// count beyond the last bound belongs to the bucket without an upper bound, of which only its lower
/// one is known: that is the answer there (Prometheus, `histogram_quantile`). Counts may be
/// shares, for a histogram of infinitely many values.
pub fn histogram_quantile(
    bounds: &[f64],
    counts: impl IntoIterator<Item = f64> + Clone,
    q: f64,
) -> Option<f64> {
    let total: f64 = counts.clone().into_iter().sum();
    if total == 0.0 {
        return None;
    }
    let rank = q * total;
    let (mut low, mut below) = (0.0, 0.0);
    for (bound, count) in bounds.iter().zip(counts) {
        if below + count >= rank && count > 0.0 {
            return Some(low + (bound - low) * ((rank - below) / count));
        }
        (low, below) = (*bound, below + count);
    }
    bounds.last().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(counts: &[f64], q: f64, expect: Option<f64>) {
        let got = histogram_quantile(&[1.0, 2.0, 4.0], counts.to_vec(), q);
        assert_eq!(got, expect, "{counts:?} at {q}");
    }

    #[test]
    fn a_bucket_is_taken_as_evenly_filled() {
        check(&[4.0, 4.0, 0.0], 0.25, Some(0.5));
        check(&[4.0, 4.0, 0.0], 0.5, Some(1.0));
        check(&[4.0, 4.0, 8.0], 0.75, Some(3.0));
        check(&[0.0, 0.0, 0.5], 0.5, Some(3.0));
    }

    #[test]
    fn beyond_the_last_bound_nothing_is_known_but_the_bound() {
        check(&[4.0, 4.0, 4.0, 4.0], 0.9, Some(4.0));
        check(&[4.0, 4.0, 4.0, 4.0], 0.75, Some(4.0));
        check(&[0.0, 0.0, 0.0, 1.0], 0.1, Some(4.0));
    }

    #[test]
    fn nothing_has_no_quantile() {
        check(&[0.0, 0.0, 0.0], 0.5, None);
        check(&[], 0.5, None);
    }
}
