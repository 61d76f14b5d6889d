//! Numbers that files may write with the unit of their signal: `1%`, `500ms`.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;

use super::SimDuration;

/// The unit that stands behind a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// None: the number is in the unit of its signal.
    Plain,
    /// `%`: a hundredth of a ratio.
    Percent,
    /// A unit of time; latencies are in milliseconds.
    Time,
}

/// A number in the unit of a signal: a fraction for ratios, milliseconds for latencies.
///
/// ```
/// use sim_core::engine::{Quantity, Unit};
/// assert_eq!(Quantity::read("1%").map(|it| it.value), Some(0.01));
/// assert_eq!(Quantity::read("1.5s").map(|it| (it.value, it.unit)), Some((1500.0, Unit::Time)));
/// assert_eq!(Quantity::read("fast"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantity {
    /// The number: `1%` is 0.01 and `1.5s` is 1500.
    pub value: f64,
    /// The unit in which it was written.
    pub unit: Unit,
}

impl Quantity {
    /// Reads a number with or without a unit; `None` for what is none.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(percent) = text.strip_suffix('%') {
            // The decimal point is moved in the text, so that `0.294%` is 0.00294 to the last bit.
            let value = number(percent.trim_end()).and_then(|_| {
                let moved = format!("{}e-2", percent.trim_end());
                moved.parse().ok()
            })?;
            let unit = Unit::Percent;
            return Some(Self { value, unit });
        }
        if let Some(value) = number(text) {
            let unit = Unit::Plain;
            return Some(Self { value, unit });
        }
        let (sign, length) = match text.strip_prefix('-') {
            Some(length) => (-1.0, length),
            None => (1.0, text),
        };
        let nanos = length.parse::<SimDuration>().ok()?.as_nanos();
        Some(Self {
            value: sign * nanos as f64 / 1e6,
            unit: Unit::Time,
        })
    }
}

/// Reads a plain number: digits with a sign and a decimal point, or with an exponent.
fn number(text: &str) -> Option<f64> {
    // `inf` and `nan` are numbers to the standard library alone.
    let begins = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    let value: f64 = text.parse().ok().filter(|_| begins)?;
    (value.is_finite() && !text.contains('n')).then_some(value)
}

/// Reads a field of a file; its value is what is kept.
///
/// # Errors
///
/// When it is neither a number nor a number with a unit.
pub fn quantity<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Quantity::deserialize(deserializer).map(|read| read.value)
}

/// Reads a field of a file that may be left out.
///
/// # Errors
///
/// When it is neither a number nor a number with a unit.
pub fn some_quantity<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    Ok(Option::<Quantity>::deserialize(deserializer)?.map(|read| read.value))
}

/// Reads a list of a file.
///
/// # Errors
///
/// When one of it is neither a number nor a number with a unit.
pub fn quantities<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
    let read = Vec::<Quantity>::deserialize(deserializer)?;
    Ok(read.into_iter().map(|read| read.value).collect())
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(QuantityVisitor)
    }
}

struct QuantityVisitor;

impl Visitor<'_> for QuantityVisitor {
    type Value = Quantity;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, or one with a unit such as `1%` or `500ms`")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Quantity, E> {
        let what = || {
            E::custom(format!(
                "`{text}` is no number such as `0.01`, `1%` or `500ms`"
            ))
        };
        Quantity::read(text).ok_or_else(what)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Quantity, E> {
        self.visit_f64(value as f64)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Quantity, E> {
        self.visit_f64(value as f64)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Quantity, E> {
        let unit = Unit::Plain;
        Ok(Quantity { value, unit })
    }
}

impl JsonSchema for Quantity {
    fn schema_name() -> Cow<'static, str> {
        "Quantity".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A number in the unit of its signal (a fraction for a ratio, milliseconds for a latency), \
                            or one with a unit: a percentage for a ratio, a length of time for a latency.",
            "anyOf": [
                { "type": "string", "format": "quantity" },
                { "type": "number" },
            ],
            "examples": [0.01, "1%", "500ms"],
        })
    }
}

/// The form of a fraction: a number or a percentage.
#[derive(Debug)]
pub struct Fraction;

impl JsonSchema for Fraction {
    fn schema_name() -> Cow<'static, str> {
        "Fraction".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A fraction from 0 to 1, or a percentage.",
            "anyOf": [
                { "type": "string", "format": "fraction", "pattern": r"^-?\d*\.?\d+(e-?\d+)?%?$" },
                { "type": "number" },
            ],
            "examples": [0.002, "0.2%"],
        })
    }
}

/// The form of a latency: a number of milliseconds or a length of time.
#[derive(Debug)]
pub struct Milliseconds;

impl JsonSchema for Milliseconds {
    fn schema_name() -> Cow<'static, str> {
        "Milliseconds".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A number of milliseconds, or a length of time.",
            "anyOf": [
                { "type": "string", "format": "milliseconds" },
                { "type": "number" },
            ],
            "examples": [40, "40ms", "1.5s"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, value: f64, unit: Unit) {
        assert_eq!(
            Quantity::read(text),
            Some(Quantity { value, unit }),
            "{text}"
        );
    }

    #[test]
    fn a_unit_is_taken_into_the_unit_of_the_signal() {
        reads("1%", 0.01, Unit::Percent);
        reads("0.294%", 0.00294, Unit::Percent);
        reads("-0.2%", -0.002, Unit::Percent);
        reads("250%", 2.5, Unit::Percent);
        reads("500ms", 500.0, Unit::Time);
        reads("1m30s", 90_000.0, Unit::Time);
        reads("-300ms", -300.0, Unit::Time);
        reads("800", 800.0, Unit::Plain);
        reads("1e-3", 0.001, Unit::Plain);
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in [
            "",
            "%",
            "inf",
            "nan",
            "-inf",
            "infinity%",
            "1e999",
            "5 %%",
            "low",
            "ms",
            "--3",
            "1 parsec",
        ] {
            assert_eq!(Quantity::read(text), None, "{text}");
        }
    }
}
