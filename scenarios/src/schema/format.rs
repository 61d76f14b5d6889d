//! Texts with a form of their own: durations, shares.

use crate::diagnostic::quote::quote;
use crate::rehearse::After;
use sim_core::engine::{Quantity, Share, SimDuration, SimTime, Unit};
use std::collections::BTreeMap;

/// How a text of one form is checked and spoken of.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// The code of what is wrong with such a text.
    pub code: &'static str,
    /// What it is, with its article: `a duration`.
    pub noun: &'static str,
    /// One that is right: `15m`.
    pub example: &'static str,
    /// Says what is wrong with a text.
    pub check: fn(&str) -> Result<(), String>,
}

/// The known formats by name.
///
/// A schema asks for one with the keyword `format`, or by being a definition of that name
/// (`Duration` for `duration`).
#[derive(Clone, Debug, Default)]
pub struct Formats {
    by_name: BTreeMap<&'static str, Format>,
}

impl Formats {
    /// No formats: such texts are not checked by the schema, only by their types.
    pub const fn none() -> Self {
        Self {
            by_name: BTreeMap::new(),
        }
    }

    /// The formats of the simulator's own types.
    pub fn standard() -> Self {
        Self::none()
            .with("duration", DURATION)
            .with("share", SHARE)
            .with("instant", INSTANT)
            .with("after", AFTER)
            .with("quantity", QUANTITY)
            .with("fraction", FRACTION)
            .with("milliseconds", MILLISECONDS)
    }

    /// Adds a format, or replaces the one of the same name.
    #[must_use]
    pub fn with(mut self, name: &'static str, format: Format) -> Self {
        self.by_name.insert(name, format);
        self
    }

    /// Returns the format called `name`, in any case.
    pub fn get(&self, name: &str) -> Option<&Format> {
        self.by_name.get(name.to_ascii_lowercase().as_str())
    }
}

/// The longest time that a file may name, 20 years: sums and multiples of a few dozen are still times.
const LONGEST: SimDuration = SimDuration::from_hours(20 * 8766);

const DURATION: Format = Format {
    code: "CM027",
    noun: "a duration",
    example: "15m",
    check: |text| match text.parse::<SimDuration>() {
        Ok(time) if time > LONGEST => Err(format!("{} is more than twenty years", quote(text))),
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    },
};

const SHARE: Format = Format {
    code: "CM028",
    noun: "a share",
    example: "5%",
    check: |text| text.parse::<Share>().map(drop).map_err(|e| e.to_string()),
};

const AFTER: Format = Format {
    code: "CM031",
    noun: "an event",
    example: "rollback-decided",
    check: |text| text.parse::<After>().map(drop),
};

/// What unit fits depends on the signal, which another check knows.
const QUANTITY: Format = Format {
    code: "CM031",
    noun: "a number",
    example: "0.01`, `1%` or `500ms",
    check: |text| unit(text, &[Unit::Plain, Unit::Percent, Unit::Time]),
};

const FRACTION: Format = Format {
    code: "CM031",
    noun: "a fraction",
    example: "0.002` or `0.2%",
    check: |text| unit(text, &[Unit::Plain, Unit::Percent]),
};

const MILLISECONDS: Format = Format {
    code: "CM031",
    noun: "milliseconds",
    example: "40` or `40ms",
    check: |text| unit(text, &[Unit::Plain, Unit::Time]),
};

/// Checks that a text is a number, with one of these units.
fn unit(text: &str, fitting: &[Unit]) -> Result<(), String> {
    match Quantity::read(text) {
        None => Err(format!("{} is not a number", quote(text))),
        Some(read) if fitting.contains(&read.unit) => Ok(()),
        Some(_) => Err(format!("the unit of {} does not fit", quote(text))),
    }
}

const INSTANT: Format = Format {
    code: "CM031",
    noun: "an instant",
    example: "1:30:00",
    check: |text| text.parse::<SimTime>().map(drop).map_err(|e| e.to_string()),
};
