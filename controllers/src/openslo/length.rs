//! Durations of OpenSLO: a whole number and one of `m h d w M Q Y`.

use crate::prometheus::Millis;

/// Reads a duration such as `1h`; a month has 30 days, a quarter 90, a year 365. There are no seconds.
pub fn length(text: &str) -> Option<Millis> {
    const DAY: Millis = 86_400_000;
    let unit = match text.chars().last()? {
        'm' => 60_000,
        'h' => 3_600_000,
        'd' => DAY,
        'w' => 7 * DAY,
        'M' => 30 * DAY,
        'Q' => 90 * DAY,
        'Y' => 365 * DAY,
        _ => return None,
    };
    let digits = &text[..text.len() - 1];
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let count: Millis = digits.parse().ok().filter(|_| plain)?;
    count.checked_mul(unit)
}
