//! Order statistics of uniform numbers: a quantile of many draws for the price of one.

use super::beta;
use crate::engine::Draws;

/// Draws the `k`-th smallest of `n` uniform numbers, which is beta(k, n + 1 - k) distributed.
///
/// The inverse distribution function of a latency, taken at the result, is distributed as the
/// `k`-th smallest of `n` independent latencies.
///
/// # Panics
/// When `k` is not from 1 to `n`.
pub fn order_statistic(draws: &mut Draws, n: u64, k: u64) -> f64 {
    assert!(
        (1..=n).contains(&k),
        "the {k}-th smallest of {n} does not exist"
    );
    beta(draws, k as f64, (n - k + 1) as f64)
}
