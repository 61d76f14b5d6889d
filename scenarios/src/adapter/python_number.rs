//! Numbers in text as Python reads them: `float("…")`, `int("…")`, `str.strip()`.

/// Strips what `str.strip()` strips: Unicode white space and the four separators U+001C to U+001F.
pub fn strip(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c))
}

/// Returns what `float(text)` returns, or nothing where it raises `ValueError`.
///
/// Accepts `nan`, `inf` and `infinity` in any case and single underscores between digits. Digits
/// of other scripts are not read.
pub fn float(text: &str) -> Option<f64> {
    without_underscores(strip(text))?.parse().ok()
}

/// Returns what `int(text)` returns, or nothing where it raises `ValueError`. A number that does
/// not fit into 64 bits is returned as the nearest bound.
pub fn int(text: &str) -> Option<i64> {
    let plain = without_underscores(strip(text))?;
    let digits = plain.strip_prefix(['+', '-']).unwrap_or(&plain);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let bound = if plain.starts_with('-') {
        i64::MIN
    } else {
        i64::MAX
    };
    Some(plain.parse().unwrap_or(bound))
}

/// Removes underscores that stand between two digits; any other underscore spoils the number.
fn without_underscores(text: &str) -> Option<String> {
    let digit = |at: Option<usize>| {
        at.and_then(|at| text.as_bytes().get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    let lone = |at: usize| !digit(at.checked_sub(1)) || !digit(Some(at + 1));
    let spoilt = text.match_indices('_').any(|(at, _)| lone(at));
    (!spoilt).then(|| text.replace('_', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: Option<f64>) {
        assert_eq!(
            float(text).map(f64::to_bits),
            expect.map(f64::to_bits),
            "{text:?}"
        );
    }

    #[test]
    fn floats_are_read_as_python_reads_them() {
        check(" 1.5\n", Some(1.5));
        check("\u{1c}.5\u{a0}", Some(0.5));
        check("5.", Some(5.0));
        check("1_0e1_0", Some(10e10));
        check("-Infinity", Some(f64::NEG_INFINITY));
        check("+INF", Some(f64::INFINITY));
        check("1e999", Some(f64::INFINITY));
        check("-0", Some(-0.0));
        assert!(float("nan").is_some_and(f64::is_nan));
        for refused in [
            "", "abc", "1__0", "_1", "1_", "1_.5", "0x10", "1e", ".", "1 2", "infinit", "e5",
        ] {
            check(refused, None);
        }
    }

    #[test]
    fn whole_numbers_are_read_as_python_reads_them() {
        for (text, expect) in [
            (" 50 ", Some(50)),
            ("+5", Some(5)),
            ("-5", Some(-5)),
            ("1_00", Some(100)),
            ("007", Some(7)),
            ("99999999999999999999", Some(i64::MAX)),
            ("1.0", None),
            ("", None),
            ("+", None),
            ("1e3", None),
        ] {
            assert_eq!(int(text), expect, "{text:?}");
        }
    }
}
