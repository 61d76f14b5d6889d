//! Time in files: strings, never bare numbers, because a number does not say its unit.

use super::parse::{DurationProblem, ParseDurationError};
use super::{SimDuration, SimTime};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

impl Serialize for SimDuration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.exact())
    }
}

impl<'de> Deserialize<'de> for SimDuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // `any`, so that a bare number is met as a number and gets its own message.
        deserializer.deserialize_any(DurationVisitor)
    }
}

struct DurationVisitor;

impl Visitor<'_> for DurationVisitor {
    type Value = SimDuration;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a duration such as `15m`, `1h30m` or `250ms`")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<SimDuration, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<SimDuration, E> {
        if number == 0 {
            Ok(SimDuration::ZERO)
        } else {
            Err(missing_unit(number))
        }
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<SimDuration, E> {
        match u64::try_from(number) {
            Ok(number) => self.visit_u64(number),
            Err(_) => Err(E::custom(ParseDurationError::from(
                DurationProblem::Negative,
            ))),
        }
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<SimDuration, E> {
        if number == 0.0 {
            Ok(SimDuration::ZERO)
        } else {
            Err(missing_unit(number))
        }
    }
}

fn missing_unit<E: Error>(number: impl fmt::Display) -> E {
    E::custom(ParseDurationError::from(DurationProblem::MissingUnit(
        number.to_string(),
    )))
}

impl JsonSchema for SimDuration {
    fn schema_name() -> Cow<'static, str> {
        "Duration".into()
    }

    // No `format: duration`: in JSON Schema that means ISO 8601, and validators that assert
    // formats would refuse `15m`.
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A length of time with its unit: w, d, h, m, s, ms, us or ns.",
            "pattern": r"^(0|(\d+(\.\d+)?(w|d|h|ms|m|s|us|ns))+)$",
            "examples": ["15m", "1h30m", "250ms", "24h"],
        })
    }
}

impl Serialize for SimTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.exact())
    }
}

impl<'de> Deserialize<'de> for SimTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(InstantVisitor)
    }
}

struct InstantVisitor;

impl Visitor<'_> for InstantVisitor {
    type Value = SimTime;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an instant such as `1:30:00`")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<SimTime, E> {
        text.parse().map_err(E::custom)
    }
}

impl JsonSchema for SimTime {
    fn schema_name() -> Cow<'static, str> {
        "Instant".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "Time since the run began, as h:mm:ss with up to nine decimals.",
            "pattern": r"^\d+:[0-5]\d:[0-5]\d(\.\d{1,9})?$",
            "examples": ["0:15:00", "1:30:00.250"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_instants_travel_as_strings() {
        let duration = SimDuration::from_mins(90);
        assert_eq!(serde_json::to_string(&duration).unwrap(), r#""1h30m""#);
        assert_eq!(
            serde_json::from_str::<SimDuration>(r#""1h30m""#).unwrap(),
            duration
        );
        assert_eq!(
            serde_json::from_str::<SimDuration>("0").unwrap(),
            SimDuration::ZERO
        );
        let at = SimTime::from_nanos(5_400_250_000_000);
        assert_eq!(serde_json::to_string(&at).unwrap(), r#""1:30:00.250""#);
        assert_eq!(
            serde_json::from_str::<SimTime>(r#""1:30:00.250""#).unwrap(),
            at
        );
    }

    #[test]
    fn a_bare_number_is_asked_for_its_unit() {
        let check = |json: &str, part: &str| {
            let message = serde_json::from_str::<SimDuration>(json)
                .unwrap_err()
                .to_string();
            assert!(message.contains(part), "{json}: {message}");
        };
        check("900", "a unit is missing after `900`");
        check("1.5", "a unit is missing after `1.5`");
        check("-900", "negative");
        check("true", "expected a duration such as");
        check(r#""900""#, "a unit is missing");
    }
}
