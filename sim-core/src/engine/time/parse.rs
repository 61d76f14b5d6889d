//! Reading durations and instants, by integer arithmetic only.

use super::{SimDuration, SimTime};
use std::fmt;
use std::str::FromStr;

/// Units from the largest to the smallest, with their length in nanoseconds.
const UNITS: [(&str, u64); 8] = [
    ("w", 604_800_000_000_000),
    ("d", 86_400_000_000_000),
    ("h", 3_600_000_000_000),
    ("m", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("ns", 1),
];

/// Why a text is not a duration; the message names the part and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseDurationError {
    pub(super) kind: DurationProblem,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum DurationProblem {
    Empty,
    Negative,
    NotANumber(String),
    MissingUnit(String),
    UnknownUnit(String),
    UnitOrder(&'static str, &'static str),
    TooFine(String),
    TooLong,
}

impl fmt::Display for ParseDurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            DurationProblem::Empty => f.write_str("empty duration, expected one such as `15m`"),
            DurationProblem::Negative => f.write_str("a duration cannot be negative"),
            DurationProblem::NotANumber(text) => {
                write!(
                    f,
                    "`{text}` does not start with a number, expected one such as `15m`"
                )
            }
            DurationProblem::MissingUnit(number) => write!(
                f,
                "a unit is missing after `{number}`, write `{number}s`, `{number}m` or `{number}h`"
            ),
            DurationProblem::UnknownUnit(unit) => {
                write!(
                    f,
                    "unknown unit `{unit}`, expected one of w, d, h, m, s, ms, us, ns"
                )
            }
            DurationProblem::UnitOrder(earlier, later) => {
                write!(
                    f,
                    "`{later}` cannot follow `{earlier}`, write large units first, each once"
                )
            }
            DurationProblem::TooFine(part) => write!(f, "`{part}` is finer than a nanosecond"),
            DurationProblem::TooLong => f.write_str("the duration is longer than 584 years"),
        }
    }
}

impl std::error::Error for ParseDurationError {}

impl From<DurationProblem> for ParseDurationError {
    fn from(kind: DurationProblem) -> Self {
        Self { kind }
    }
}

impl FromStr for SimDuration {
    type Err = ParseDurationError;

    /// Reads `90s`, `15m`, `1h30m`, `1.5h`, `250ms`, `7d`, `2w` or `0`.
    ///
    /// Units fall from large to small, each at most once. Decimals are exact: what is finer
    /// than a nanosecond is an error, never rounded.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Err(DurationProblem::Empty.into());
        }
        if text.starts_with('-') {
            return Err(DurationProblem::Negative.into());
        }
        if text == "0" {
            return Ok(Self::ZERO);
        }
        let mut total: u64 = 0;
        let mut rest = text;
        let mut last_unit = None;
        while !rest.is_empty() {
            let (number, unit, after) = split_component(rest)?;
            check_order(last_unit, unit)?;
            let nanos = component_nanos(number, UNITS[unit])?;
            total = total.checked_add(nanos).ok_or(DurationProblem::TooLong)?;
            last_unit = Some(unit);
            rest = after;
        }
        Ok(Self::from_nanos(total))
    }
}

/// Splits `30m15s` into the number `30`, the place of `m` in [`UNITS`], and `15s`.
fn split_component(text: &str) -> Result<(&str, usize, &str), DurationProblem> {
    let is_numeric = |c: char| c.is_ascii_digit() || c == '.';
    let (number, rest) = text.split_at(text.find(|c| !is_numeric(c)).unwrap_or(text.len()));
    if !number.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(DurationProblem::NotANumber(text.to_owned()));
    }
    let (unit, after) = rest.split_at(rest.find(is_numeric).unwrap_or(rest.len()));
    if unit.is_empty() {
        return Err(DurationProblem::MissingUnit(number.to_owned()));
    }
    let place = UNITS.iter().position(|(name, _)| *name == unit);
    let place = place.ok_or_else(|| DurationProblem::UnknownUnit(unit.to_owned()))?;
    Ok((number, place, after))
}

fn check_order(last: Option<usize>, unit: usize) -> Result<(), DurationProblem> {
    match last {
        Some(last) if last >= unit => Err(DurationProblem::UnitOrder(UNITS[last].0, UNITS[unit].0)),
        _ => Ok(()),
    }
}

fn component_nanos(number: &str, unit: (&str, u64)) -> Result<u64, DurationProblem> {
    let part = || format!("{number}{}", unit.0);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if fraction.is_empty() || fraction.contains('.') {
        return Err(DurationProblem::NotANumber(part()));
    }
    let whole: u64 = whole.parse().map_err(|_| DurationProblem::TooLong)?;
    let whole = whole.checked_mul(unit.1).ok_or(DurationProblem::TooLong)?;
    let fraction = fraction_of(fraction, unit.1).ok_or_else(|| DurationProblem::TooFine(part()))?;
    whole.checked_add(fraction).ok_or(DurationProblem::TooLong)
}

/// Returns `0.fraction` of `size` when that is a whole number.
pub(super) fn fraction_of(fraction: &str, size: u64) -> Option<u64> {
    let digits = fraction.trim_end_matches('0');
    // A week has 6 * 10^14 ns: no more than 20 decimals of it can be whole nanoseconds.
    if digits.len() > 20 {
        return None;
    }
    let parts = digits.parse::<u128>().unwrap_or(0) * u128::from(size);
    let scale = 10_u128.pow(digits.len() as u32);
    (parts % scale == 0).then_some((parts / scale) as u64)
}

/// Why a text is not an instant: it has not the form `h:mm:ss[.fraction]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseTimeError {
    text: String,
}

impl fmt::Display for ParseTimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not an instant, expected one such as `1:30:00` or `0:00:12.500`",
            self.text
        )
    }
}

impl std::error::Error for ParseTimeError {}

impl FromStr for SimTime {
    type Err = ParseTimeError;

    /// Reads `h:mm:ss` with up to nine decimals, the form that `Display` writes.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        clock_nanos(text)
            .map(Self::from_nanos)
            .ok_or_else(|| ParseTimeError {
                text: text.to_owned(),
            })
    }
}

fn clock_nanos(text: &str) -> Option<u64> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut fields = clock.split(':');
    let hours: u64 = digits(fields.next()?)?;
    let minutes = digits(fields.next()?).filter(|minutes| *minutes < 60)?;
    let secs = digits(fields.next()?).filter(|secs| *secs < 60)?;
    if fields.next().is_some() {
        return None;
    }
    digits(fraction)?;
    let whole = hours.checked_mul(3_600)?.checked_add(minutes * 60 + secs)?;
    whole
        .checked_mul(1_000_000_000)?
        .checked_add(fraction_of(fraction, 1_000_000_000)?)
}

fn digits(text: &str) -> Option<u64> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_exactly() {
        const S: u64 = 1_000_000_000;
        let check = |text: &str, nanos: u64| {
            assert_eq!(text.parse(), Ok(SimDuration::from_nanos(nanos)), "{text}");
        };
        check("0", 0);
        check("0s", 0);
        check("90s", 90 * S);
        check("15m", 900 * S);
        check("1h30m", 5_400 * S);
        check("2m30s", 150 * S);
        check("1.5h", 5_400 * S);
        check("0.1s", S / 10);
        check("250ms", S / 4);
        check("24h", 86_400 * S);
        check("7d", 7 * 86_400 * S);
        check("2w", 14 * 86_400 * S);
        check("1w1d1h1m1s1ms1us1ns", 694_861 * S + 1_001_001);
        check("18446744073709551615ns", u64::MAX);
    }

    #[test]
    fn what_is_not_a_duration_says_why() {
        let check = |text: &str, part: &str| {
            let message = text.parse::<SimDuration>().expect_err(text).to_string();
            assert!(message.contains(part), "{text}: {message}");
        };
        check("", "empty");
        check("15", "a unit is missing after `15`");
        check("1h30", "a unit is missing after `30`");
        check("-5m", "negative");
        check("NaN", "does not start with a number");
        check("soon", "does not start with a number");
        check(".5h", "does not start with a number");
        check("1.h", "does not start with a number");
        check("1.2.3h", "does not start with a number");
        check("15min", "unknown unit `min`");
        check("15M", "unknown unit `M`");
        check("1h 30m", "unknown unit `h `");
        check("PT2H", "does not start with a number");
        check("30s2m", "`m` cannot follow `s`");
        check("1m2m", "`m` cannot follow `m`");
        check("0.5ns", "finer than a nanosecond");
        check("40000w", "longer than 584 years");
        check("99999999999999999999s", "longer than 584 years");
    }

    #[test]
    fn what_is_not_a_clock_reading_is_refused() {
        for text in [
            "",
            "1",
            "1:2",
            "1:60:00",
            "1:00:60",
            "1:00:00:00",
            "-1:00:00",
            "1:00:00.",
            "+1:00:00",
        ] {
            assert!(text.parse::<SimTime>().is_err(), "{text}");
        }
        assert_eq!("0:00:12.5".parse(), Ok(SimTime::from_nanos(12_500_000_000)));
    }
}
