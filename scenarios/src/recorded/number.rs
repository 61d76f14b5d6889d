//! Values as recordings write them: a number, maybe with a unit behind it.

/// A value and the unit that stands behind it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ReadNumber<'t> {
    /// The number; NaN and the infinities where the recording says so.
    pub number: f64,
    /// Whether there is none: an empty cell, or a word for nothing.
    pub is_absent: bool,
    /// The unit, empty where there is none.
    pub unit: &'t str,
}

/// The longest unit that is taken for one.
const UNIT_MAX: usize = 8;

/// Reads a value; an empty cell and the words of other programs for "nothing" are NaN.
pub(super) fn value(text: &str) -> Option<ReadNumber<'_>> {
    let text = text.trim();
    if is_nothing(text) {
        return Some(ReadNumber {
            number: f64::NAN,
            is_absent: true,
            unit: "",
        });
    }
    let plain = |number| ReadNumber {
        number,
        is_absent: false,
        unit: "",
    };
    if let Some(number) = no_number(text) {
        return Some(plain(number));
    }
    let end = number_end(text);
    let number: f64 = text[..end].parse().ok()?;
    let unit = text[end..].trim_start();
    let is_unit = |c: char| c.is_alphabetic() || matches!(c, '%' | '/' | 'µ');
    let sound = unit.len() <= UNIT_MAX && unit.chars().all(is_unit);
    sound.then_some(ReadNumber {
        unit,
        ..plain(number)
    })
}

fn is_nothing(text: &str) -> bool {
    let known = ["", "null", "none", "na", "n/a", "-", "nil"];
    known.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Returns what is a value and no number: NaN, as of nothing divided by nothing, and the infinities.
fn no_number(text: &str) -> Option<f64> {
    let (sign, word) = match text.as_bytes().first()? {
        b'-' => (-1.0, &text[1..]),
        b'+' => (1.0, &text[1..]),
        _ => (1.0, text),
    };
    if word.eq_ignore_ascii_case("nan") {
        return Some(f64::NAN);
    }
    let known = ["inf", "infinity"];
    let is_known = known.iter().any(|known| word.eq_ignore_ascii_case(known));
    is_known.then_some(sign * f64::INFINITY)
}

/// Returns where the longest decimal number at the front of `text` ends.
fn number_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let sign = |at: usize| at + usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
    let mut end = digits(sign(0));
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let exponent = sign(end + 1);
        if digits(exponent) > exponent {
            end = digits(exponent);
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: Option<(f64, &str)>) {
        let found = value(text).map(|value| (value.number.to_string(), value.unit));
        assert_eq!(
            found,
            expect.map(|(n, unit)| (n.to_string(), unit)),
            "{text}"
        );
    }

    #[test]
    fn a_number_may_carry_a_unit() {
        check("45.868", Some((45.868, "")));
        check(" -1.5e-3 ", Some((-1.5e-3, "")));
        check("12ms", Some((12.0, "ms")));
        check("3 %", Some((3.0, "%")));
        check("1e3req/s", Some((1000.0, "req/s")));
        check("2e", Some((2.0, "e")));
        check("", Some((f64::NAN, "")));
        check("NULL", Some((f64::NAN, "")));
        check("-NaN", Some((f64::NAN, "")));
        assert!(value("").is_some_and(|it| it.is_absent));
        assert!(value("NaN").is_some_and(|it| !it.is_absent));
        check("+Inf", Some((f64::INFINITY, "")));
        check("-inf", Some((f64::NEG_INFINITY, "")));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "ms",
            "1,5",
            "1 2",
            "0x10",
            "1.2.3",
            "--1",
            "12 parsecs!",
            "é",
        ] {
            check(text, None);
        }
    }
}
