//! `histogram_quantile` over the buckets of classic histograms.

use super::labels::{Labels, NAME};
use super::value::Element;

/// Differences below this share are rounding and no step of a histogram.
const ROUNDING: f64 = 1e-12;

#[derive(Debug, Clone, Copy, PartialEq)]
struct Bucket {
    bound: f64,
    count: f64,
}

/// Returns a quantile for each set of buckets that differ in `le` only.
pub(super) fn quantiles(share: f64, elements: Vec<Element>) -> Vec<Element> {
    let mut sets: Vec<(Labels, Vec<Bucket>)> = Vec::new();
    for Element { mut labels, value } in elements {
        let Some(bound) = bound(labels.get("le")) else {
            continue;
        };
        let bucket = Bucket {
            bound,
            count: value,
        };
        labels.remove("le");
        match sets.iter_mut().find(|(known, _)| *known == labels) {
            Some((_, buckets)) => buckets.push(bucket),
            None => sets.push((labels, vec![bucket])),
        }
    }
    sets.into_iter()
        .map(|(mut labels, buckets)| {
            labels.remove(NAME);
            Element {
                labels,
                value: quantile(share, buckets),
            }
        })
        .collect()
}

fn bound(text: &str) -> Option<f64> {
    let bound: f64 = text.parse().ok()?;
    (!bound.is_nan()).then_some(bound)
}

/// Interpolates in the bucket that holds the rank; the lowest begins at zero, the highest gives its lower bound.
fn quantile(share: f64, mut buckets: Vec<Bucket>) -> f64 {
    if share.is_nan() {
        return f64::NAN;
    }
    if !(0.0..=1.0).contains(&share) {
        return share.signum() * f64::INFINITY;
    }
    buckets.sort_by(|a, b| a.bound.partial_cmp(&b.bound).expect("no bound is NaN"));
    let open = buckets.last().is_some_and(|b| b.bound == f64::INFINITY);
    let buckets = rising(merged(buckets));
    let Some((top, lower)) = buckets
        .split_last()
        .filter(|(_, lower)| open && !lower.is_empty())
    else {
        return f64::NAN;
    };
    if top.count == 0.0 {
        return f64::NAN;
    }
    interpolate(share * top.count, lower)
}

fn interpolate(rank: f64, lower: &[Bucket]) -> f64 {
    // A NaN count is never "at least the rank"; the search by halves is that of Go's `sort.Search`.
    let nth = search(lower, rank);
    let Some(Bucket { bound, count }) = lower.get(nth).copied() else {
        return lower[lower.len() - 1].bound;
    };
    match nth.checked_sub(1).map(|below| lower[below]) {
        None if bound <= 0.0 => bound,
        None => bound * (rank / count),
        Some(below) => {
            let share = (rank - below.count) / (count - below.count);
            below.bound + (bound - below.bound) * share
        }
    }
}

fn search(lower: &[Bucket], rank: f64) -> usize {
    lower.partition_point(|bucket| !matches!(bucket.count.partial_cmp(&rank), Some(o) if o.is_ge()))
}

fn merged(buckets: Vec<Bucket>) -> Vec<Bucket> {
    let mut all: Vec<Bucket> = Vec::new();
    for bucket in buckets {
        match all.last_mut().filter(|last| last.bound == bucket.bound) {
            Some(last) => last.count += bucket.count,
            None => all.push(bucket),
        }
    }
    all
}

/// Counts never fall from bucket to bucket: a fall, and a difference that is rounding, take the count below.
fn rising(mut buckets: Vec<Bucket>) -> Vec<Bucket> {
    let Some(mut below) = buckets.first().map(|b| b.count) else {
        return buckets;
    };
    for bucket in &mut buckets[1..] {
        if bucket.count < below || nearly(below, bucket.count) {
            bucket.count = below;
        } else {
            below = bucket.count;
        }
    }
    buckets
}

fn nearly(a: f64, b: f64) -> bool {
    if a == b || (a.is_nan() && b.is_nan()) {
        return true;
    }
    let (sum, difference) = (a.abs() + b.abs(), (a - b).abs());
    if a == 0.0 || b == 0.0 || sum < f64::MIN_POSITIVE {
        return difference < ROUNDING * f64::MIN_POSITIVE;
    }
    difference / sum.min(f64::MAX) < ROUNDING
}
