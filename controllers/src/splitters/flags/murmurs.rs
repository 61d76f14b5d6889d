//! Products that hash with MurmurHash3.

use super::super::hashes::murmur3;

/// A bucket from 1 to 100 that is on up to the percentage: a fraction reaches nobody more.
pub(super) fn unleash(group: &str, id: &str, percent: f64) -> bool {
    let key = format!("{group}:{id}");
    f64::from(murmur3(key.as_bytes(), 0) % 100 + 1) <= percent
}

pub(super) fn split(seed: i32, id: &str, percent: f64) -> bool {
    f64::from(murmur3(id.as_bytes(), seed as u32) % 100 + 1) <= percent
}

/// One of 10 000 buckets, by the hash's place in its range.
pub(super) fn optimizely(experiment: &str, id: &str, percent: f64) -> bool {
    let key = format!("{id}{experiment}");
    let bucket = (u64::from(murmur3(key.as_bytes(), 1)) * 10_000) >> 32;
    (bucket as f64) < (percent * 100.0).round()
}

/// The hash's place among `total` whole weights; a weight that is not whole is refused, and nobody gets it.
pub(super) fn flagd(flag: &str, id: &str, percent: f64, total: u32) -> bool {
    let weight = percent * f64::from(total) / 100.0;
    let whole = weight.round();
    let key = format!("{flag}{id}");
    let place = (u64::from(murmur3(key.as_bytes(), 0)) * u64::from(total)) >> 32;
    (weight - whole).abs() < 1e-9 && (place as f64) < whole
}
