//! Durations as Prometheus writes them: `1h30m`, units from `y` to `ms`, each at most once and falling.

use super::recording::Millis;

/// Units with their length, the longest first; a year has 365 days.
const UNITS: [(&str, Millis); 7] = [
    ("y", 365 * 86_400_000),
    ("w", 7 * 86_400_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// Reads a duration such as `1h30m`; a bare `0` is one as well.
pub fn read(text: &str) -> Option<Millis> {
    if text == "0" {
        return Some(0);
    }
    let (mut rest, mut allowed, mut total) = (text, &UNITS[..], 0_i64);
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let letters = rest[digits..]
            .find(|c: char| !c.is_ascii_alphabetic())
            .map_or(rest.len(), |at| digits + at);
        let count: Millis = rest[..digits].parse().ok()?;
        let unit = allowed
            .iter()
            .position(|(name, _)| *name == &rest[digits..letters])?;
        total = total.checked_add(count.checked_mul(allowed[unit].1)?)?;
        allowed = &allowed[unit + 1..];
        rest = &rest[letters..];
    }
    // Prometheus holds durations in nanoseconds; a longer one overflows there.
    (!text.is_empty() && total <= i64::MAX / 1_000_000).then_some(total)
}

/// Writes a duration in as Prometheus writes it: years and weeks only when nothing is left over.
pub fn write(duration: Millis) -> String {
    if duration == 0 {
        return "0s".into();
    }
    let (mut left, mut text) = (duration, String::new());
    for (unit, length) in UNITS {
        let whole = matches!(unit, "y" | "w");
        if left >= length && (!whole || left % length == 0) {
            text.push_str(&format!("{}{unit}", left / length));
            left %= length;
        }
    }
    text
}

/// Returns seconds as a number, as Go's `Duration.Seconds` rounds them.
pub fn seconds(duration: Millis) -> f64 {
    (duration / 1000) as f64 + ((duration % 1000) * 1_000_000) as f64 / 1e9
}
