//! A fraction of a whole, in parts per million.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

const MILLION: u32 = 1_000_000;

/// A fraction from 0 to 1 in parts per million, so that 12.5 % of a fleet is exact.
///
/// Files write it as a fraction or a percentage: `0.125` or `12.5%`. What is finer than one
/// part per million is an error, never rounded.
///
/// ```
/// use sim_core::engine::Share;
/// let share: Share = "12.5%".parse()?;
/// assert_eq!(share, "0.125".parse()?);
/// assert_eq!(share.of_ceil(10), 2);
/// assert!("12.5".parse::<Share>().is_err(), "a fraction is at most 1");
/// # Ok::<(), sim_core::engine::ParseShareError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share(u32);

impl Share {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The whole.
    pub const ONE: Self = Self(MILLION);

    /// Makes a share of `ppm` parts per million, or `None` above a million.
    pub const fn from_ppm(ppm: u32) -> Option<Self> {
        if ppm <= MILLION {
            Some(Self(ppm))
        } else {
            None
        }
    }

    /// Makes a share of `percent`, rounded to parts per million; `None` outside 0 to 100.
    pub fn from_percent(percent: f64) -> Option<Self> {
        (0.0..=100.0)
            .contains(&percent)
            .then(|| Self(libm::round(percent * 1e4) as u32))
    }

    /// Makes a share of a fraction, rounded to parts per million; `None` outside 0 to 1.
    pub fn from_fraction(fraction: f64) -> Option<Self> {
        (0.0..=1.0)
            .contains(&fraction)
            .then(|| Self(libm::round(fraction * 1e6) as u32))
    }

    /// Returns the parts per million.
    pub const fn ppm(self) -> u32 {
        self.0
    }

    /// Returns the fraction, correctly rounded.
    pub const fn as_f64(self) -> f64 {
        self.0 as f64 / MILLION as f64
    }

    /// Returns this share of `whole`, rounded down.
    pub const fn of_floor(self, whole: u64) -> u64 {
        self.of_plus(whole, 0)
    }

    /// Returns this share of `whole`, rounded up.
    pub const fn of_ceil(self, whole: u64) -> u64 {
        self.of_plus(whole, MILLION - 1)
    }

    /// Returns this share of `whole`, rounded to the nearest, half up.
    pub const fn of_round(self, whole: u64) -> u64 {
        self.of_plus(whole, MILLION / 2)
    }

    const fn of_plus(self, whole: u64, addend: u32) -> u64 {
        ((whole as u128 * self.0 as u128 + addend as u128) / MILLION as u128) as u64
    }

    /// Returns what is left of the whole.
    #[must_use]
    pub const fn complement(self) -> Self {
        Self(MILLION - self.0)
    }
}

impl fmt::Display for Share {
    /// Writes an exact percentage: `1%`, `12.5%`, `0.0001%`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 10_000, self.0 % 10_000);
        let decimals = format!("{rest:04}");
        let decimals = decimals.trim_end_matches('0');
        let point = if decimals.is_empty() { "" } else { "." };
        f.pad(&format!("{whole}{point}{decimals}%"))
    }
}

/// Why a text or number is not a share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseShareError {
    kind: ShareProblem,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum ShareProblem {
    NotANumber(String),
    OutOfRange(String),
    TooFine(String),
}

impl fmt::Display for ParseShareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ShareProblem::NotANumber(text) => {
                write!(
                    f,
                    "`{text}` is not a share, expected one such as `0.05` or `5%`"
                )
            }
            ShareProblem::OutOfRange(text) if text.ends_with('%') => {
                write!(f, "`{text}` is not between 0% and 100%")
            }
            ShareProblem::OutOfRange(text) => {
                write!(
                    f,
                    "`{text}` is not between 0 and 1, write `{text}%` for a percentage"
                )
            }
            ShareProblem::TooFine(text) => {
                write!(f, "`{text}` is finer than one part per million")
            }
        }
    }
}

impl std::error::Error for ParseShareError {}

impl From<ShareProblem> for ParseShareError {
    fn from(kind: ShareProblem) -> Self {
        Self { kind }
    }
}

impl FromStr for Share {
    type Err = ParseShareError;

    /// Reads a fraction (`0.05`) or a percentage (`5%`), exactly.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (number, decimals) = match text.strip_suffix('%') {
            Some(number) => (number, 4),
            None => (text, 6),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
        let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !(is_digits(whole) && is_digits(fraction)) {
            return Err(ShareProblem::NotANumber(text.to_owned()).into());
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > decimals {
            return Err(ShareProblem::TooFine(text.to_owned()).into());
        }
        let ppm = format!("{whole}{fraction:0<decimals$}").parse().ok();
        let share = ppm.and_then(Self::from_ppm);
        share.ok_or_else(|| ShareProblem::OutOfRange(text.to_owned()).into())
    }
}

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShareVisitor)
    }
}

struct ShareVisitor;

impl Visitor<'_> for ShareVisitor {
    type Value = Share;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a share such as `0.05` or `5%`")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Share, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Share, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Share, E> {
        self.visit_f64(number as f64)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Share, E> {
        let refuse = |kind: ShareProblem| E::custom(ParseShareError::from(kind));
        let share = Share::from_fraction(number)
            .ok_or_else(|| refuse(ShareProblem::OutOfRange(number.to_string())))?;
        // A decimal fraction of six digits is read back as the nearest `f64`: equality is exact.
        if share.as_f64() != number {
            return Err(refuse(ShareProblem::TooFine(number.to_string())));
        }
        Ok(share)
    }
}

impl JsonSchema for Share {
    fn schema_name() -> Cow<'static, str> {
        "Share".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A share of a whole: a fraction from 0 to 1, or a percentage.",
            "anyOf": [
                { "type": "string", "format": "share", "pattern": r"^\d+(\.\d+)?%?$" },
                { "type": "number", "minimum": 0, "maximum": 1 },
            ],
            "examples": ["5%", 0.05],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fractions_and_percentages_are_the_same_thing() {
        let check = |json: &str, ppm: u32| {
            assert_eq!(
                serde_json::from_str::<Share>(json).unwrap().ppm(),
                ppm,
                "{json}"
            );
        };
        check("0.01", 10_000);
        check(r#""0.01""#, 10_000);
        check(r#""1%""#, 10_000);
        check(r#""12.5%""#, 125_000);
        check("0", 0);
        check("1", 1_000_000);
        check(r#""100%""#, 1_000_000);
        check(r#""0.0001%""#, 1);
        check("0.000001", 1);
        check(r#""99.5000%""#, 995_000);
    }

    #[test]
    fn what_is_not_a_share_says_why() {
        let check = |json: &str, part: &str| {
            let message = serde_json::from_str::<Share>(json).unwrap_err().to_string();
            assert!(message.contains(part), "{json}: {message}");
        };
        check("5", "write `5%` for a percentage");
        check("1.5", "write `1.5%` for a percentage");
        check("-0.1", "is not between 0 and 1");
        check("-1", "is not between 0 and 1");
        check(r#""101%""#, "is not between 0% and 100%");
        check(r#""-1%""#, "is not a share");
        check(r#""NaN""#, "is not a share");
        check(r#""""#, "is not a share");
        check(r#""%""#, "is not a share");
        check(r#""1.%""#, "is not a share");
        check(r#""0.00001%""#, "finer than one part per million");
        check("0.0000001", "finer than one part per million");
        check(r#""99999999999999999999%""#, "is not between");
        check("true", "expected a share such as");
    }

    #[test]
    fn rounding_is_named_by_the_caller() {
        let eighth = Share::from_ppm(125_000).unwrap();
        assert_eq!(
            (eighth.of_floor(12), eighth.of_round(12), eighth.of_ceil(12)),
            (1, 2, 2)
        );
        assert_eq!(
            (eighth.of_floor(8), eighth.of_round(8), eighth.of_ceil(8)),
            (1, 1, 1)
        );
        assert_eq!(Share::ONE.of_ceil(u64::MAX), u64::MAX);
        assert_eq!(Share::ZERO.of_ceil(u64::MAX), 0);
        assert_eq!(Share::from_percent(f64::NAN), None);
        assert_eq!(Share::from_percent(100.1), None);
        assert_eq!(Share::from_percent(12.5), Some(eighth));
        assert_eq!(eighth.complement().to_string(), "87.5%");
    }

    proptest! {
        #[test]
        fn every_share_survives_text_and_number(ppm in 0_u32..=MILLION) {
            let share = Share(ppm);
            prop_assert_eq!(share.to_string().parse::<Share>().unwrap(), share);
            let number = serde_json::to_string(&share.as_f64()).unwrap();
            prop_assert_eq!(serde_json::from_str::<Share>(&number).unwrap(), share);
            let json = serde_json::to_string(&share).unwrap();
            prop_assert_eq!(serde_json::from_str::<Share>(&json).unwrap(), share);
        }
    }
}
