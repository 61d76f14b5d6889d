//! Durations as Go's `time.ParseDuration` reads them.

/// Nanoseconds in each unit that Go knows. Both signs for micro are allowed.
const UNITS: [(&str, f64); 8] = [
    ("ns", 1.0),
    ("us", 1e3),
    ("µs", 1e3),
    ("μs", 1e3),
    ("ms", 1e6),
    ("s", 1e9),
    ("m", 60e9),
    ("h", 3600e9),
];

/// Seconds of a Go duration such as `1m30s`, `1.5h` or `0`. `None` where Go refuses: a number without a unit (`60`),
/// a day (`1d`), a blank.
#[must_use]
pub fn parse(text: &str) -> Option<f64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0.0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut nanos = 0.0;
    while !rest.is_empty() {
        let (term, left) = term(rest)?;
        nanos += term;
        rest = left;
    }
    Some(sign * nanos / 1e9)
}

/// The first number with its unit in nanoseconds, and what is left.
fn term(text: &str) -> Option<(f64, &str)> {
    let digits = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, rest) = text.split_at(digits);
    if !number.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: f64 = number.parse().ok()?;
    let letters = rest
        .find(|c: char| c.is_ascii_digit() || c == '.')
        .unwrap_or(rest.len());
    let (unit, left) = rest.split_at(letters);
    let (_, nanos) = UNITS.iter().find(|(name, _)| *name == unit)?;
    Some((number * nanos, left))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_number_without_a_unit_is_no_duration() {
        assert_eq!(parse("60"), None);
        assert_eq!(parse(""), None);
        assert_eq!(parse("1d"), None);
        assert_eq!(parse(".s"), None);
        assert_eq!(parse(" 1m"), None);
    }

    #[test]
    fn units_add_up_and_may_be_broken() {
        assert_eq!(parse("1m30s"), Some(90.0));
        assert_eq!(parse("1.5h"), Some(5400.0));
        assert_eq!(parse("250ms"), Some(0.25));
        assert_eq!(parse("0"), Some(0.0));
        assert_eq!(parse("-5s"), Some(-5.0));
        assert_eq!(parse("1.s"), Some(1.0));
    }
}
