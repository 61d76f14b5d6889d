//! Numbers as policies write them: percentages, plain numbers, lengths of time.

use sim_core::engine::SimDuration;

use crate::source::node::{Node, Value};

/// A number with its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    /// `5%`, as a fraction.
    Percent(f64),
    /// `0.05`, `800` or `3`.
    Plain(f64),
    /// `15m`, in seconds.
    Time(f64),
    /// `x1.5`: a factor on what is written.
    Factor(f64),
}

/// What stands before a number without a unit of its own.
pub(super) const NANOS: f64 = 1e9;

impl Number {
    /// Reads a number of a range; `None` if it is none.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(factor) = text.strip_prefix(['x', 'X']) {
            return finite(factor).filter(|f| *f > 0.0).map(Self::Factor);
        }
        if let Some(percent) = text.strip_suffix('%') {
            return finite(percent.trim_end()).map(|percent| Self::Percent(tidy(percent / 100.0)));
        }
        match finite(text) {
            Some(number) => Some(Self::Plain(number)),
            None => text
                .parse::<SimDuration>()
                .ok()
                .map(|time| Self::Time(time.as_nanos() as f64 / NANOS)),
        }
    }

    /// Returns what a policy has written; `None` if it is no number.
    pub fn written(node: &Node) -> Option<Self> {
        match &node.value {
            Value::Int(whole) => Some(Self::Plain(*whole as f64)),
            Value::Float(number) => Some(Self::Plain(*number)),
            // Text is a number only where it has a unit: an id such as `5` is none.
            Value::String(text) => {
                Self::read(text).filter(|number| matches!(number, Self::Percent(_) | Self::Time(_)))
            }
            _ => None,
        }
    }

    /// Returns the number without its unit.
    pub const fn size(self) -> f64 {
        match self {
            Self::Percent(size) | Self::Plain(size) | Self::Time(size) | Self::Factor(size) => size,
        }
    }

    /// Returns a number of the same unit.
    pub const fn with(self, size: f64) -> Self {
        match self {
            Self::Percent(_) => Self::Percent(size),
            Self::Plain(_) => Self::Plain(size),
            Self::Time(_) => Self::Time(size),
            Self::Factor(_) => Self::Factor(size),
        }
    }

    /// Says whether both have the same unit.
    pub fn is_like(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }

    /// Returns the number as text.
    pub fn text(self) -> String {
        match self {
            Self::Percent(fraction) => format!("{}%", tidy(fraction * 100.0)),
            Self::Plain(number) => format!("{}", tidy(number)),
            Self::Time(seconds) => duration(seconds).exact(),
            Self::Factor(factor) => format!("x{}", tidy(factor)),
        }
    }

    /// Returns the text that takes the place of `written`, in the way in which that is written;
    /// `None` where the units do not fit.
    pub fn in_place_of(self, written: Self) -> Option<String> {
        let number = match (self, written) {
            (Self::Factor(factor), _) => written.with(tidy(written.size() * factor)),
            (Self::Percent(fraction), Self::Plain(_)) => Self::Plain(fraction),
            (Self::Plain(fraction), Self::Percent(_)) if (0.0..=1.0).contains(&fraction) => {
                Self::Percent(fraction)
            }
            // A bare zero is how some people write no time at all.
            (Self::Time(_), Self::Plain(0.0)) => self,
            (one, other) if one.is_like(other) => self,
            _ => return None,
        };
        Some(number.text())
    }
}

/// Returns the length of time, to the millisecond where it is long.
fn duration(seconds: f64) -> SimDuration {
    let unit = if seconds >= 1.0 { 1e6 } else { 1.0 };
    SimDuration::from_nanos(((seconds * NANOS / unit).round() * unit) as u64)
}

fn finite(text: &str) -> Option<f64> {
    // `inf` and `nan` are numbers to the standard library alone.
    let begins = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '.'));
    text.parse::<f64>().ok().filter(|n| begins && n.is_finite())
}

/// Returns the number with twelve significant digits: `0.03 * 100` is 3 again.
pub(super) fn tidy(number: f64) -> f64 {
    format!("{number:.11e}")
        .parse()
        .expect("a number was written")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_takes_the_form_of_what_it_replaces() {
        let check = |new: &str, old: &str, expect: Option<&str>| {
            let written = Number::read(old).expect("the old number is one");
            let new = Number::read(new).expect("the new number is one");
            assert_eq!(
                new.in_place_of(written).as_deref(),
                expect,
                "{new:?} for {old}"
            );
        };
        check("3%", "5%", Some("3%"));
        check("3%", "0.05", Some("0.03"));
        check("0.03", "5%", Some("3%"));
        check("3", "5%", None);
        check("2.5", "800", Some("2.5"));
        check("90s", "15m", Some("1m30s"));
        check("90s", "15", None);
        check("90s", "0", Some("1m30s"));
        check("15", "15m", None);
        check("x0.5", "15m", Some("7m30s"));
        check("x1.1", "-0.03", Some("-0.033"));
        check("x2", "5%", Some("10%"));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in [
            "", "x", "x-1", "inf", "nan", "5 %%", "soon", "%", "1e999", "--3",
        ] {
            assert_eq!(Number::read(text), None, "{text}");
        }
        assert_eq!(Number::read("-0.2"), Some(Number::Plain(-0.2)));
        assert_eq!(Number::read(" 12.5% "), Some(Number::Percent(0.125)));
    }
}
