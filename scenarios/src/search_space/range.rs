//! Ranges: `1%..5%`, `2m..30m:7`, `1..100:3:log`, `1%,2%,5%`.

use std::ops::Range;

use super::number::Number;
use super::refusal::{RangeRefusal, refuse};
use super::rounding::{Spacing, between};
use crate::diagnostic::quote::quote;

/// How many values a range has that says nothing about it.
const STEPS: usize = 5;
/// The most values of one range.
const STEPS_MAX: usize = 1000;

const FORMS: &str = "write `1%..5%`, `2m..30m:7` for seven values, `1..100:3:log` for equal \
                     quotients (`:lin` for equal differences), `1%,2%,5%` for these alone, or \
                     `x0.5..x2` for multiples of what is written";

/// Reads the range `text`, which begins at byte `start` of its argument.
pub(super) fn read(text: &str, start: usize) -> Result<Vec<Number>, RangeRefusal> {
    if text.contains("..") {
        return steps(text, start);
    }
    let mut values = Vec::new();
    let mut at = start;
    for word in text.split(',') {
        let value = number(word, at)?;
        at += word.len() + 1;
        alike(values.first().copied(), value, at - word.len() - 1..at - 1)?;
        if !values.contains(&value) {
            values.push(value);
        }
    }
    Ok(values)
}

/// Reads `LOW..HIGH`, with `:STEPS` and `:log` or `:lin` behind it.
fn steps(text: &str, start: usize) -> Result<Vec<Number>, RangeRefusal> {
    let mut words = text.split(':');
    let ends = words.next().expect("a split has a first part");
    let (low_text, high_text) = ends
        .split_once("..")
        .ok_or_else(|| unreadable(text, start))?;
    let low = number(low_text, start)?;
    let high_at = start + low_text.len() + 2;
    let high = number(high_text, high_at)?;
    alike(Some(low), high, high_at..high_at + high_text.len())?;
    let mut spacing = Spacing::suiting(low, high);
    let mut count = STEPS;
    let mut at = start + ends.len() + 1;
    for word in words {
        match word {
            "log" if low.size() * high.size() <= 0.0 => return Err(no_quotients(at, word)),
            "log" => spacing = Spacing::Geometric,
            "lin" => spacing = Spacing::Linear,
            _ => count = steps_of(word, at)?,
        }
        at += word.len() + 1;
    }
    Ok(between(low, high, count, spacing))
}

fn steps_of(word: &str, at: usize) -> Result<usize, RangeRefusal> {
    let count = word
        .parse()
        .ok()
        .filter(|count| (1..=STEPS_MAX).contains(count));
    count.ok_or_else(|| {
        let message = format!(
            "{} is no number of values from 1 to {STEPS_MAX}",
            quote(word)
        );
        refuse("CM073", at..at + word.len(), message, FORMS)
    })
}

fn number(text: &str, at: usize) -> Result<Number, RangeRefusal> {
    Number::read(text).ok_or_else(|| unreadable(text, at))
}

fn alike(first: Option<Number>, other: Number, at: Range<usize>) -> Result<(), RangeRefusal> {
    match first {
        Some(first) if !first.is_like(other) => {
            let message = "the values of a range have different units";
            let help = "write the unit with each value: `1%..5%`, `2m..30m`";
            Err(refuse("CM073", at, message, help))
        }
        _ => Ok(()),
    }
}

fn unreadable(text: &str, at: usize) -> RangeRefusal {
    let message = format!("{} is no number", quote(text));
    refuse("CM073", at..at + text.len(), message, FORMS)
}

fn no_quotients(at: usize, word: &str) -> RangeRefusal {
    let message = "equal quotients need ends of one sign, neither of them zero";
    refuse("CM073", at..at + word.len(), message, "write `:lin`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Result<String, (usize, usize)> {
        match read(text, 10) {
            Ok(values) => Ok(values
                .into_iter()
                .map(Number::text)
                .collect::<Vec<_>>()
                .join(" ")),
            Err(found) => {
                let span = found.span.expect("a range has places");
                Err((span.start, span.end))
            }
        }
    }

    #[test]
    fn a_range_says_its_ends_its_steps_and_its_spacing() {
        let check = |text: &str, expect: &str| assert_eq!(texts(text), Ok(expect.to_owned()));
        check("1%..3%:3", "1% 2% 3%");
        check("1..100:3:log", "1 10 100");
        check("1..100:lin:3", "1 50 100");
        check("1..100:3", "1 10 100");
        check("2%,1%,2%", "2% 1%");
        check("15m", "15m");
        check("x0.5..x2:3", "x0.5 x1 x2");
    }

    #[test]
    fn a_range_that_is_none_is_pointed_at() {
        let check =
            |text: &str, expect: (usize, usize)| assert_eq!(texts(text), Err(expect), "{text}");
        check("1%..soon", (14, 18));
        check("1%..5m", (14, 16));
        check("1%,2m", (13, 15));
        check("1%..5%:many", (17, 21));
        check("1%..5%:0", (17, 18));
        check("0..1:log", (15, 18));
        check("", (10, 10));
        check("1%,,2%", (13, 13));
    }
}
