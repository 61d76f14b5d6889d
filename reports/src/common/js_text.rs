//! Numbers as JavaScript writes them (ECMA-262, Number.prototype.toFixed and Number::toString).

use crate::common::python_text::scientific;

/// A double has at most this many digits after the point.
const MOST_DIGITS: usize = 1074;

/// Returns `value.toFixed(digits)`: the exact value of the double, a tie rounded away from zero,
/// and plain `toString` from 1e21 on.
pub fn to_fixed(value: f64, digits: usize) -> String {
    if value.is_nan() || value.abs() >= 1e21 {
        return to_string(value);
    }
    let exact = format!("{:.MOST_DIGITS$}", value.abs());
    let (kept, dropped) = exact.split_at(exact.len() - MOST_DIGITS + digits);
    let up = dropped
        .as_bytes()
        .first()
        .is_some_and(|digit| *digit >= b'5');
    let mut text = if up { increment(kept) } else { kept.to_owned() };
    if digits == 0 {
        text.truncate(text.len() - 1);
    }
    if value < 0.0 {
        format!("-{text}")
    } else {
        text
    }
}

/// Adds one to the last digit of a decimal number.
fn increment(number: &str) -> String {
    let mut bytes = number.as_bytes().to_vec();
    for byte in bytes.iter_mut().rev().filter(|byte| **byte != b'.') {
        if *byte < b'9' {
            *byte += 1;
            return String::from_utf8(bytes).expect("decimal digits are ASCII");
        }
        *byte = b'0';
    }
    format!(
        "1{}",
        String::from_utf8(bytes).expect("decimal digits are ASCII")
    )
}

/// Returns `String(value)`: the shortest digits that read back as the same double, with an
/// exponent from 1e21 on and below 1e-6.
pub fn to_string(value: f64) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    if value.is_infinite() {
        return if value > 0.0 {
            "Infinity".into()
        } else {
            "-Infinity".into()
        };
    }
    if value == 0.0 {
        return "0".into();
    }
    let (digits, exponent) = scientific(value);
    if (-6..21).contains(&exponent) {
        return format!("{value}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{}", exponent.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recorded with node 20: `x.toFixed(4)` and `String(x)`.
    #[test]
    fn numbers_are_written_as_node_writes_them() {
        for (value, fixed, text) in [
            (0.0, "0.0000", "0"),
            (-0.0, "0.0000", "0"),
            (0.15, "0.1500", "0.15"),
            (0.150_000_000_000_000_02, "0.1500", "0.15000000000000002"),
            (0.03125, "0.0313", "0.03125"),
            (-0.03125, "-0.0313", "-0.03125"),
            (0.00005, "0.0001", "0.00005"),
            (-0.00004, "-0.0000", "-0.00004"),
            (0.00015, "0.0001", "0.00015"),
            (2.5e-5, "0.0000", "0.000025"),
            (0.99995, "1.0000", "0.99995"),
            (1.00005, "1.0001", "1.00005"),
            (0.20005, "0.2001", "0.20005"),
            (0.05005, "0.0500", "0.05005"),
            (123_456_789.123_45, "123456789.1234", "123456789.12345"),
            (
                999_999_999_999_999.9,
                "999999999999999.8750",
                "999999999999999.9",
            ),
            (1e20, "100000000000000000000.0000", "100000000000000000000"),
            (1e21, "1e+21", "1e+21"),
            (1.5e300, "1.5e+300", "1.5e+300"),
            (1.5e-7, "0.0000", "1.5e-7"),
            (f64::NAN, "NaN", "NaN"),
            (f64::NEG_INFINITY, "-Infinity", "-Infinity"),
        ] {
            assert_eq!(to_fixed(value, 4), fixed, "{value:?}");
            assert_eq!(to_string(value), text, "{value:?}");
        }
        assert_eq!(to_fixed(2.5, 0), "3");
        assert_eq!(to_fixed(9.999, 2), "10.00");
    }

    /// Ten thousand bit patterns, spread by the golden ratio over all doubles.
    #[test]
    fn what_is_written_reads_back_as_the_same_double_in_both_languages() {
        let patterns = (1..=10_000_u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        for value in patterns
            .map(f64::from_bits)
            .filter(|value| value.is_finite())
        {
            assert_eq!(to_string(value).parse(), Ok(value));
            assert_eq!(crate::common::python_text::repr(value).parse(), Ok(value));
        }
    }

    /// Numbers of k / 2^16 are exact in both the double and the decimal, so that whole numbers say
    /// what rounding half away from zero must give.
    #[test]
    fn four_digits_are_those_of_exact_arithmetic() {
        for k in (0..2_000_000_u64)
            .step_by(37)
            .chain((0..65_536).step_by(2048))
        {
            let rounded = (k * 10_000 + 32_768) / 65_536;
            let expect = format!("{}.{:04}", rounded / 10_000, rounded % 10_000);
            assert_eq!(to_fixed(k as f64 / 65_536.0, 4), expect, "{k}/65536");
        }
    }
}
