//! Numbers as Go makes them of texts and of each other.

use crate::argo::condition::ops::Ran;
use crate::argo::condition::value::{Value, go_int};

/// A whole number as Go's `strconv.ParseInt(text, 10, 64)`.
///
/// # Errors
/// Go's words.
pub(super) fn parse_int(text: &str) -> Ran<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let well_formed = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let why = if well_formed {
        "value out of range"
    } else {
        "invalid syntax"
    };
    let read = text.parse().ok().filter(|_| well_formed);
    read.ok_or_else(|| format!("strconv.ParseInt: parsing {text:?}: {why}"))
}

/// A number as Go's `strconv.ParseFloat(text, 64)`, without hexadecimal forms.
///
/// # Errors
/// Go's words.
pub(super) fn parse_float(text: &str) -> Ran<f64> {
    let fails = |why| format!("strconv.ParseFloat: parsing {text:?}: {why}");
    let read: f64 = text.parse().map_err(|_| fails("invalid syntax"))?;
    let named = text.to_lowercase().contains("inf");
    if read.is_infinite() && !named {
        Err(fails("value out of range"))
    } else {
        Ok(read)
    }
}

pub(super) fn absolute(value: &Value) -> Option<Value> {
    Some(match value {
        Value::Int(i) => Value::Int(i.wrapping_abs()),
        Value::Int64(i) => Value::Int64(i.wrapping_abs()),
        Value::Float(f) => Value::Float(if *f < 0.0 { -f } else { *f }),
        _ => return None,
    })
}

pub(super) fn to_int(value: &Value) -> Ran<Value> {
    match value {
        Value::Float(f) => Ok(Value::Int(go_int(*f))),
        Value::Int(i) | Value::Int64(i) => Ok(Value::Int(*i)),
        Value::Str(s) => parse_int(s)
            .map(Value::Int)
            .map_err(|_| format!("invalid operation: int({s})")),
        other => Err(format!("invalid operation: int({})", other.type_name())),
    }
}

pub(super) fn to_float(value: &Value) -> Ran<Value> {
    match value {
        Value::Str(s) => parse_float(s)
            .map(Value::Float)
            .map_err(|_| format!("invalid operation: float({s})")),
        other => other
            .as_float()
            .map(Value::Float)
            .ok_or_else(|| format!("invalid operation: float({})", other.type_name())),
    }
}
