//! Points in wall-clock time, as recordings write them.

use std::fmt;
use std::str::FromStr;

/// An instant of the recording: milliseconds since 1970-01-01T00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// In which clock a timestamp is written. One recording keeps to one clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clock {
    Seconds,
    Millis,
    Micros,
    Nanos,
    /// A date and time of day that says its offset from UTC.
    Zoned,
    /// A date and time of day that does not; read as UTC.
    Local,
}

impl Clock {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Seconds => "unix seconds",
            Self::Millis => "unix milliseconds",
            Self::Micros => "unix microseconds",
            Self::Nanos => "unix nanoseconds",
            Self::Zoned => "dates with an offset",
            Self::Local => "dates without an offset",
        }
    }
}

const MS_PER_DAY: i64 = 86_400_000;

/// The last instant that is accepted: the end of the year 2199. Twice the time from 1970 until then
/// fits into a [`SimDuration`](sim_core::engine::SimDuration).
const LAST_MS: i64 = 7_258_118_400_000 - 1;

impl Timestamp {
    /// Makes an instant from milliseconds since 1970.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Returns the milliseconds since 1970.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Returns the part of the day that has passed, in UTC, from 0 to below 1.
    pub fn part_of_day(self) -> f64 {
        self.0.rem_euclid(MS_PER_DAY) as f64 / MS_PER_DAY as f64
    }

    /// Returns the number of the day since 1970, in UTC.
    pub const fn day(self) -> i64 {
        self.0.div_euclid(MS_PER_DAY)
    }

    /// Reads a timestamp and says in which clock it is written.
    pub(super) fn read(text: &str) -> Option<(Self, Clock)> {
        let text = text.trim();
        let turned = turned(text);
        let text = turned.as_deref().unwrap_or(text);
        let found = number(text).or_else(|| date(text))?;
        (0..=LAST_MS).contains(&found.0.0).then_some(found)
    }

    /// Reads seconds since 1970, as Prometheus writes them.
    pub(super) fn from_seconds(seconds: f64) -> Option<Self> {
        let millis = (seconds * 1000.0).round();
        (0.0..=LAST_MS as f64)
            .contains(&millis)
            .then_some(Self(millis as i64))
    }
}

/// Turns `09.10.2025 08:53` round: year, month, day, as everywhere else.
fn turned(text: &str) -> Option<String> {
    let (date, rest) = text.split_once(' ').unwrap_or((text, ""));
    let mut parts = date.trim_end_matches(',').split('.');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let short = |part: &&str| (1..=2).contains(&part.len()) && digits(part);
    let sound = parts.next().is_none() && year.len() == 4 && digits(year);
    let sound = sound && [day, month].iter().all(short);
    sound.then(|| {
        let text = format!("{year}-{month:0>2}-{day:0>2} {rest}");
        text.trim_end().to_owned()
    })
}

/// Reads a unix time. Its size tells the unit: seconds stay below 1e11 until the year 5138, and
/// milliseconds passed that in 1973.
fn number(text: &str) -> Option<(Timestamp, Clock)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.len() <= 19 && part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    let value: i64 = whole.parse().ok()?;
    let (millis, clock) = match value {
        0..100_000_000_000 => (value * 1000 + thousandths(fraction), Clock::Seconds),
        100_000_000_000..100_000_000_000_000 => (value, Clock::Millis),
        100_000_000_000_000..100_000_000_000_000_000 => (value / 1000, Clock::Micros),
        _ => (value / 1_000_000, Clock::Nanos),
    };
    Some((Timestamp(millis), clock))
}

fn thousandths(fraction: &str) -> i64 {
    let mut digits = fraction.bytes().map(|byte| i64::from(byte - b'0'));
    (0..3).fold(0, |sum, _| sum * 10 + digits.next().unwrap_or(0))
}

/// Reads `2026-02-03`, then `T` or a space, `04:05`, maybe `:06.789`, maybe `Z` or `+01:00`.
fn date(text: &str) -> Option<(Timestamp, Clock)> {
    let day = text.get(..10)?;
    let [year, month, date] = three(day, '-', [4, 2, 2])?;
    let days = days_since_1970(year, month, date)?;
    let rest = text.get(10..)?;
    if rest.is_empty() {
        return Some((Timestamp(days * MS_PER_DAY), Clock::Local));
    }
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let zone_at = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
    let (clock_text, zone) = rest.split_at(zone_at);
    let millis = time_of_day(clock_text.trim_end())?;
    let (offset, clock) = match zone {
        "" => (0, Clock::Local),
        "Z" | "z" => (0, Clock::Zoned),
        _ => (zone_offset(zone)?, Clock::Zoned),
    };
    let millis = days * MS_PER_DAY + millis - offset;
    Some((Timestamp(millis), clock))
}

fn three(text: &str, by: char, lengths: [usize; 3]) -> Option<[i64; 3]> {
    let mut parts = text.split(by);
    let mut read = [0; 3];
    for (slot, length) in read.iter_mut().zip(lengths) {
        *slot = digits(parts.next()?, length)?;
    }
    parts.next().is_none().then_some(read)
}

fn digits(text: &str, length: usize) -> Option<i64> {
    let sound = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    sound.then(|| text.parse().ok()).flatten()
}

fn time_of_day(text: &str) -> Option<i64> {
    let (clock, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    if fraction.len() > 9 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let [hour, minute, second] = match clock.len() {
        5 => three(&format!("{clock}:00"), ':', [2, 2, 2])?,
        _ => three(clock, ':', [2, 2, 2])?,
    };
    // A leap second is the last second once more.
    let sound = hour < 24 && minute < 60 && second <= 60;
    let seconds = hour * 3600 + minute * 60 + second.min(59);
    sound.then(|| seconds * 1000 + thousandths(fraction))
}

fn zone_offset(zone: &str) -> Option<i64> {
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let body = zone.get(1..)?.replace(':', "");
    let (hours, minutes) = (
        digits(body.get(..2)?, 2)?,
        digits(body.get(2..).filter(|m| !m.is_empty()).unwrap_or("00"), 2)?,
    );
    (hours < 24 && minutes < 60).then(|| sign * (hours * 60 + minutes) * 60_000)
}

/// Returns the days from 1970-01-01 to a date of the Gregorian calendar.
///
/// Source: H. Hinnant, "chrono-compatible low-level date algorithms", `days_from_civil`.
fn days_since_1970(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    let year = year - i64::from(month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

impl fmt::Display for Timestamp {
    /// Writes `2026-02-03T04:05:06Z`, with milliseconds where there are any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil(self.day());
        let millis = self.0.rem_euclid(MS_PER_DAY);
        let (hour, minute) = (millis / 3_600_000, millis / 60_000 % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:")?;
        write!(f, "{:02}", millis / 1000 % 60)?;
        match millis % 1000 {
            0 => f.write_str("Z"),
            rest => write!(f, ".{rest:03}Z"),
        }
    }
}

/// Returns year, month and day of a number of days since 1970. Source: as [`days_since_1970`].
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    (era * 400 + year + i64::from(month <= 2), month, day)
}

/// Why a text is no instant or no stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseTimestampError(String);

impl fmt::Display for ParseTimestampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ParseTimestampError {}

impl FromStr for Timestamp {
    type Err = ParseTimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || {
            let shown = crate::diagnostic::quote::quote(text);
            ParseTimestampError(format!(
                "{shown} is no time: write 2026-02-03T04:05:06Z or a unix time"
            ))
        };
        Self::read(text).map(|(time, _)| time).ok_or_else(wrong)
    }
}

/// A stretch of wall-clock time, the end included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Its first instant.
    pub from: Timestamp,
    /// Its last instant.
    pub to: Timestamp,
}

impl Stretch {
    /// Says whether `time` lies inside.
    pub fn contains(&self, time: Timestamp) -> bool {
        (self.from..=self.to).contains(&time)
    }
}

impl FromStr for Stretch {
    type Err = ParseTimestampError;

    /// Reads `FROM..TO`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (from, to) = text.split_once("..").ok_or_else(|| {
            ParseTimestampError("say FROM..TO, such as 2026-02-03T04:00Z..2026-02-03T09:30Z".into())
        })?;
        let stretch = Self {
            from: from.parse()?,
            to: to.parse()?,
        };
        if stretch.from > stretch.to {
            return Err(ParseTimestampError(
                "the stretch ends before it begins".into(),
            ));
        }
        Ok(stretch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: Option<(&str, Clock)>) {
        let found = Timestamp::read(text).map(|(time, clock)| (time.to_string(), clock));
        let expect = expect.map(|(time, clock)| (time.to_owned(), clock));
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn dates_and_unix_times_are_read() {
        // Instants by GNU date: date -ud @1424986973 and so on.
        check("1424986973", Some(("2015-02-26T21:42:53Z", Clock::Seconds)));
        check(
            "1424986973.25",
            Some(("2015-02-26T21:42:53.250Z", Clock::Seconds)),
        );
        check(
            "1424986973250",
            Some(("2015-02-26T21:42:53.250Z", Clock::Millis)),
        );
        check(
            "1424986973250000",
            Some(("2015-02-26T21:42:53.250Z", Clock::Micros)),
        );
        check(
            "1424986973250000000",
            Some(("2015-02-26T21:42:53.250Z", Clock::Nanos)),
        );
        check(
            "2015-02-26 21:42:53",
            Some(("2015-02-26T21:42:53Z", Clock::Local)),
        );
        check(
            "2015-02-26T21:42",
            Some(("2015-02-26T21:42:00Z", Clock::Local)),
        );
        check(
            "2024-02-29T23:30:00+01:30",
            Some(("2024-02-29T22:00:00Z", Clock::Zoned)),
        );
        check(
            "2000-02-29T00:00:00.5Z",
            Some(("2000-02-29T00:00:00.500Z", Clock::Zoned)),
        );
        check(
            "9.10.2025 08:53:00",
            Some(("2025-10-09T08:53:00Z", Clock::Local)),
        );
        check("1970-01-01", Some(("1970-01-01T00:00:00Z", Clock::Local)));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "-1",
            "1e9",
            "2015-02-29",
            "2015-13-01",
            "2015-1-1",
            "2015-01-01T25:00",
            "nan",
            "2015-01-01T10:00:00+99:00",
            "99999999999999999999",
            "2015-01-01x",
            "ä015-01-01",
            "1.é",
            "2200-01-01",
            "2015-01-01T00:00:00+",
            "2015-01-01T00:00:00+1é",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn a_stretch_has_two_ends_in_their_order() {
        let stretch: Stretch = "2015-02-26..2015-02-27T12:00Z".parse().expect("it is one");
        assert!(stretch.contains("2015-02-27".parse().expect("a time")));
        assert!(!stretch.contains("2015-02-27T12:01Z".parse().expect("a time")));
        for broken in ["2015-02-26", "2015-02-27..2015-02-26", "..", "a..b"] {
            assert!(broken.parse::<Stretch>().is_err(), "{broken}");
        }
    }
}
