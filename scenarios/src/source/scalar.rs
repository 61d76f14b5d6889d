//! What an unquoted word means: the core schema of YAML 1.2, on the strict side.

use crate::source::node::Value;

/// Reads an unquoted scalar.
///
/// Truth values are `true` and `false` (also `True`, `TRUE` and so on) and never `yes` or `on`.
/// A number with a leading zero such as `010` is text, because readers disagree whether it is
/// eight or ten.
pub(super) fn resolve(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        ".nan" | ".NaN" | ".NAN" => Value::Float(f64::NAN),
        _ => number(text).unwrap_or_else(|| Value::String(text.to_owned())),
    }
}

fn number(text: &str) -> Option<Value> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
        return Some(Value::Float(sign * f64::INFINITY));
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    is_decimal(unsigned).then(|| decimal(text))
}

fn radix(digits: &str, radix: u32) -> Option<Value> {
    let is_plain = digits.chars().all(|c| c.is_digit(radix));
    let value = i128::from_str_radix(digits, radix).ok()?;
    is_plain.then_some(Value::Int(value))
}

/// Matches `digits [. digits] [e [sign] digits]`, where one side of the point may be empty.
fn is_decimal(unsigned: &str) -> bool {
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let has_digits = !(whole.is_empty() && fraction.is_empty());
    let has_leading_zero = whole.len() > 1 && whole.starts_with('0');
    let exponent_is_sound = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !digits.is_empty() && all_digits(digits)
    });
    all_digits(whole)
        && all_digits(fraction)
        && has_digits
        && !has_leading_zero
        && exponent_is_sound
}

fn decimal(text: &str) -> Value {
    if let Ok(value) = text.parse::<i128>() {
        return Value::Int(value);
    }
    // Beyond `i128` a whole number becomes a float, beyond `f64` an infinite one.
    Value::Float(text.parse().unwrap_or(f64::NAN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_text_unless_the_core_schema_says_otherwise() {
        for text in [
            "yes", "no", "on", "off", "y", "nan", "NaN", "inf", "Infinity", "010", "1_000", "0x",
            "0xg", "0x-1", "-", "+", ".", "-.", "e5", "1e", "1e+", "1.2.3", "15m", "5%", "1,000",
            "--1", "tRUE", "٣",
        ] {
            assert_eq!(resolve(text), Value::String(text.to_owned()), "{text}");
        }
    }

    #[test]
    fn numbers_are_read_exactly() {
        let check = |text: &str, value: Value| assert_eq!(resolve(text), value, "{text}");
        check("0", Value::Int(0));
        check("-0", Value::Int(0));
        check("+12", Value::Int(12));
        check("18446744073709551615", Value::Int(u64::MAX.into()));
        check("0x1F", Value::Int(31));
        check("0o17", Value::Int(15));
        check("0.1", Value::Float(0.1));
        check(".5", Value::Float(0.5));
        check("5.", Value::Float(5.0));
        check("1e3", Value::Float(1000.0));
        check("-1.5E-3", Value::Float(-0.0015));
        check("1e999", Value::Float(f64::INFINITY));
        check("-.inf", Value::Float(f64::NEG_INFINITY));
        check(&"9".repeat(40), Value::Float(1e40));
        assert!(matches!(resolve(".nan"), Value::Float(x) if x.is_nan()));
    }
}
