//! Numbers as JavaScript sees them: what `x > 0.15` makes of an `x` that is not a number.

use super::Json;

/// Returns the number to which JavaScript converts `value` in a comparison with a number.
///
/// `null` is 0, `true` is 1, an empty string is 0, a list is the string of its items, an object
/// is not a number.
pub fn number(value: &Json) -> f64 {
    match value {
        Json::Null => 0.0,
        Json::Bool(value) => f64::from(u8::from(*value)),
        Json::Integer(value) | Json::Float(value) => *value,
        Json::Text(text) => number_of_text(text),
        Json::List(items) => number_of_list(items),
        Json::Object(_) => f64::NAN,
    }
}

/// A list becomes its items joined by commas: no item is the empty string, one item stands for
/// itself, more are no number. `null` as an item is the empty string, a boolean is a word.
fn number_of_list(items: &[Json]) -> f64 {
    match items {
        [] | [Json::Null] => 0.0,
        [Json::Bool(_) | Json::Object(_)] => f64::NAN,
        [one] => number(one),
        _ => f64::NAN,
    }
}

/// Returns what `Number(text)` returns: `NaN` where the text is not a number (ECMA-262,
/// StringToNumber).
fn number_of_text(text: &str) -> f64 {
    let plain = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let radix = |prefixes: [&str; 2], radix: u32| {
        prefixes
            .iter()
            .find_map(|prefix| plain.strip_prefix(prefix))
            .map(|digits| whole(digits, radix))
    };
    if plain.is_empty() {
        return 0.0;
    }
    if let Some(value) = radix(["0x", "0X"], 16)
        .or_else(|| radix(["0o", "0O"], 8))
        .or_else(|| radix(["0b", "0B"], 2))
    {
        return value;
    }
    match plain.strip_prefix(['+', '-']).unwrap_or(plain) {
        "Infinity" if plain.starts_with('-') => f64::NEG_INFINITY,
        "Infinity" => f64::INFINITY,
        // Rust reads some words as numbers that JavaScript does not.
        digits if digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') => {
            plain.parse().unwrap_or(f64::NAN)
        }
        _ => f64::NAN,
    }
}

fn whole(digits: &str, radix: u32) -> f64 {
    if digits.is_empty() {
        return f64::NAN;
    }
    digits
        .chars()
        .try_fold(0.0, |sum: f64, c| {
            c.to_digit(radix)
                .map(|d| sum.mul_add(f64::from(radix), f64::from(d)))
        })
        .unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::super::lenient_json::parse;
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: f64) {
        let found = number(&parse(text).expect("the test's own text is JSON"));
        assert!(
            found == expect || (found.is_nan() && expect.is_nan()),
            "{text}: {found}"
        );
    }

    #[test]
    fn values_become_the_numbers_that_node_makes_of_them() {
        check("null", 0.0);
        check("true", 1.0);
        check("\"0.9\"", 0.9);
        check("\" \"", 0.0);
        check("\"0x1F\"", 31.0);
        check("\"-Infinity\"", f64::NEG_INFINITY);
        check("\"1_0\"", f64::NAN);
        check("\"inf\"", f64::NAN);
        check("\"nan\"", f64::NAN);
        check("[]", 0.0);
        check("[0.9]", 0.9);
        check("[[\"2\"]]", 2.0);
        check("[true]", f64::NAN);
        check("[1,2]", f64::NAN);
        check("{}", f64::NAN);
    }
}
