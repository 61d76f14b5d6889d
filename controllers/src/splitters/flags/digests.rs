//! Products that hash with SHA-1, SHA-256 or MD5.

use super::super::hashes::{first_digits, md5, sha1, sha256};

/// The largest number of 15 hexadecimal digits, by which LaunchDarkly and PostHog divide.
const FIFTEEN_DIGITS: f64 = 0xfff_ffff_ffff_ffff_u64 as f64;

pub(super) fn launchdarkly(flag: &str, salt: &str, id: &str, percent: f64) -> bool {
    let digest = sha1(format!("{flag}.{salt}.{id}").as_bytes());
    let weight = (percent * 1000.0).round();
    (first_digits(&digest, 15) as f64) / FIFTEEN_DIGITS < weight / 100_000.0
}

pub(super) fn posthog(flag: &str, id: &str, percent: f64) -> bool {
    let digest = sha1(format!("{flag}.{id}").as_bytes());
    (first_digits(&digest, 15) as f64) / FIFTEEN_DIGITS <= percent / 100.0
}

/// One of 100 buckets; the fraction of a percent takes a whole one.
pub(super) fn configcat(flag: &str, id: &str, percent: f64) -> bool {
    let digest = sha1(format!("{flag}{id}").as_bytes());
    ((first_digits(&digest, 7) % 100) as f64) < percent
}

pub(super) fn statsig(gate: &str, rule: &str, id: &str, percent: f64) -> bool {
    let digest = sha256(format!("{gate}.{rule}.{id}").as_bytes());
    ((first_digits(&digest, 16) % 10_000) as f64) < percent * 100.0
}

/// A place from 0 to 100 in 9 998 steps; the last one is drawn anew from the ids written once more.
pub(super) fn flagsmith(segment: &str, id: &str, percent: f64) -> bool {
    let once = format!("{segment},{id}");
    let mut text = once.clone();
    loop {
        let digest = u128::from_be_bytes(md5(text.as_bytes()));
        let place = (digest % 9999) as f64 / 9998.0 * 100.0;
        if place < 100.0 {
            return place <= percent;
        }
        text = format!("{text},{once}");
    }
}
