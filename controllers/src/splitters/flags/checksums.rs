//! Products that hash with FNV-1a or CRC-32.

use super::super::hashes::{crc32, fnv1a_32};

/// The bucket of GrowthBook, as a share: `hash(id + seed)` in thousandths, or the hash of the hash's digits in
/// ten-thousandths.
pub(super) fn growthbook(version: u8, seed: &str, id: &str) -> f64 {
    if version == 1 {
        let hash = fnv1a_32(format!("{id}{seed}").as_bytes());
        return f64::from(hash % 1000) / 1000.0;
    }
    let hash = fnv1a_32(format!("{seed}{id}").as_bytes());
    f64::from(fnv1a_32(hash.to_string().as_bytes()) % 10_000) / 10_000.0
}

/// One of 100 buckets; the fraction of a percent takes a whole one.
pub(super) fn flipt_threshold(flag: &str, id: &str, percent: f64) -> bool {
    let hash = crc32(format!("{id}{flag}").as_bytes());
    f64::from(hash % 100) < percent
}

/// One of 1000 buckets.
pub(super) fn flipt_distribution(flag: &str, id: &str, percent: f64) -> bool {
    let hash = crc32(format!("{flag}{id}").as_bytes());
    // The product multiplies in single precision.
    hash % 1000 < (percent as f32 * 10.0) as u32
}
