//! Text as Python writes it: `repr` of a float, `f"{x:.3f}"`, `json.dumps(…, indent=2)`.
//!
//! The artifacts of the canary guard are read by other people's scripts; they must not change by
//! a byte when coalmine writes them.

use std::fmt::Write;

/// A value as `json.dumps` takes it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A float.
    Float(f64),
    /// A string.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// A dict, in the order in which it was built.
    Dict(Vec<(&'static str, Value)>),
    /// A dict whose keys are only known at run time.
    Map(Vec<(String, Value)>),
}

/// Returns `f"{value:.{digits}f}"`: exact rounding of the double, ties to even, and `nan`, `inf`,
/// `-inf` in lower case.
pub fn fixed(value: f64, digits: usize) -> String {
    if value.is_nan() {
        return "nan".into();
    }
    format!("{value:.digits$}")
}

/// Returns `repr(value)`: the shortest digits that read back as the same double, with an exponent
/// below 1e-4 and from 1e16 on.
pub fn repr(value: f64) -> String {
    if !value.is_finite() {
        return fixed(value, 0);
    }
    let (digits, exponent) = scientific(value);
    if (-4..16).contains(&exponent) {
        return format!("{value:?}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

/// Returns the shortest digits that read back as `value`, and the power of ten that they stand for.
pub(crate) fn scientific(value: f64) -> (String, i32) {
    let text = format!("{value:e}");
    let (digits, exponent) = text
        .split_once('e')
        .expect("Rust writes an exponent for {:e}");
    let exponent = exponent
        .parse()
        .expect("Rust writes the exponent as a whole number");
    (digits.to_owned(), exponent)
}

/// Returns `json.dumps(value, indent=2)`: ASCII only, `NaN` and `Infinity` as bare words.
pub fn dumps(value: &Value) -> String {
    let mut out = String::new();
    write_value(&mut out, value, 0);
    out
}

/// Returns `value` with `None` in place of every float that JSON cannot say.
pub fn finite(value: Value) -> Value {
    let dict = |members: Vec<(&'static str, Value)>| {
        members
            .into_iter()
            .map(|(key, value)| (key, finite(value)))
            .collect()
    };
    match value {
        Value::Float(value) if !value.is_finite() => Value::None,
        Value::List(items) => Value::List(items.into_iter().map(finite).collect()),
        Value::Dict(members) => Value::Dict(dict(members)),
        Value::Map(members) => Value::Map(
            members
                .into_iter()
                .map(|(key, value)| (key, finite(value)))
                .collect(),
        ),
        other => other,
    }
}

fn write_value(out: &mut String, value: &Value, depth: usize) {
    match value {
        Value::None => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Int(value) => out.push_str(&value.to_string()),
        Value::Float(value) => out.push_str(&json_float(*value)),
        Value::Text(text) => write_string(out, text),
        Value::List(items) => {
            let items = items.iter().map(|item| (None, item));
            write_items(out, ('[', ']'), items, depth);
        }
        Value::Dict(members) => {
            let members = members.iter().map(|(key, value)| (Some(*key), value));
            write_items(out, ('{', '}'), members, depth);
        }
        Value::Map(members) => {
            let members = members
                .iter()
                .map(|(key, value)| (Some(key.as_str()), value));
            write_items(out, ('{', '}'), members, depth);
        }
    }
}

fn json_float(value: f64) -> String {
    if value.is_nan() {
        "NaN".into()
    } else if value.is_infinite() {
        if value > 0.0 {
            "Infinity".into()
        } else {
            "-Infinity".into()
        }
    } else {
        repr(value)
    }
}

fn write_items<'v>(
    out: &mut String,
    (open, close): (char, char),
    items: impl Iterator<Item = (Option<&'v str>, &'v Value)>,
    depth: usize,
) {
    out.push(open);
    let mut any = false;
    for (key, value) in items {
        out.push_str(if any { ",\n" } else { "\n" });
        any = true;
        out.push_str(&"  ".repeat(depth + 1));
        if let Some(key) = key {
            write_string(out, key);
            out.push_str(": ");
        }
        write_value(out, value, depth + 1);
    }
    if any {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    }
    out.push(close);
}

fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(c),
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}").expect("writing to a string cannot fail");
                }
            }
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recorded with CPython 3.11: `repr(x)`, `f"{x:.3f}"`, `f"{x:.6f}"`.
    #[test]
    fn floats_are_written_as_cpython_writes_them() {
        for (value, short, three, six) in [
            (0.0, "0.0", "0.000", "0.000000"),
            (-0.0, "-0.0", "-0.000", "-0.000000"),
            (1200.0, "1200.0", "1200.000", "1200.000000"),
            (1e-9, "1e-09", "0.000", "0.000000"),
            (0.0001, "0.0001", "0.000", "0.000100"),
            (0.00001, "1e-05", "0.000", "0.000010"),
            (-0.0004, "-0.0004", "-0.000", "-0.000400"),
            (
                1e16,
                "1e+16",
                "10000000000000000.000",
                "10000000000000000.000000",
            ),
            (
                9_999_999_999_999_998.0,
                "9999999999999998.0",
                "9999999999999998.000",
                "9999999999999998.000000",
            ),
            (1.5e300, "1.5e+300", "", ""),
            (5e-324, "5e-324", "0.000", "0.000000"),
            (0.0005, "0.0005", "0.001", "0.000500"),
            (0.0625, "0.0625", "0.062", "0.062500"),
            (2.5, "2.5", "2.500", "2.500000"),
            (0.3125, "0.3125", "0.312", "0.312500"),
            (
                177.366_814_919_999_97,
                "177.36681491999997",
                "177.367",
                "177.366815",
            ),
            (0.005_000_01, "0.00500001", "0.005", "0.005000"),
            (f64::NAN, "nan", "nan", "nan"),
            (f64::INFINITY, "inf", "inf", "inf"),
            (f64::NEG_INFINITY, "-inf", "-inf", "-inf"),
        ] {
            assert_eq!(repr(value), short);
            if !three.is_empty() {
                assert_eq!(fixed(value, 3), three);
                assert_eq!(fixed(value, 6), six);
            }
        }
    }

    #[test]
    fn json_is_indented_by_two_and_is_ascii() {
        let value = Value::Dict(vec![
            ("empty", Value::Dict(vec![])),
            ("none", Value::List(vec![])),
            ("rate", Value::Float(f64::NAN)),
            ("engine", Value::Text("rlm \"é😀\"\u{7f}\u{1}".into())),
            (
                "steps",
                Value::List(vec![Value::Int(3), Value::Bool(true), Value::None]),
            ),
        ]);
        let expect = "{\n  \"empty\": {},\n  \"none\": [],\n  \"rate\": NaN,\n  \"engine\": \
            \"rlm \\\"\\u00e9\\ud83d\\ude00\\\"\\u007f\\u0001\",\n  \"steps\": [\n    3,\n    true,\n    null\n  ]\n}";
        assert_eq!(dumps(&value), expect);
    }
}
