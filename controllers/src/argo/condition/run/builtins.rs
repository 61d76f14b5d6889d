//! Builtins without a closure. Source of the rules: expr-lang v1.17.7 `builtin`.

use super::ops::{self, Ran};
use super::value::{Value, go_int};

/// Calls a builtin with checked arguments.
///
/// # Errors
/// The engine's words.
pub fn call(name: &str, given: &[Value]) -> Ran<Value> {
    let nil = Value::Nil;
    let first = given.first().unwrap_or(&nil);
    let invalid = || format!("invalid argument for {name} (type {})", first.type_name());
    match name {
        "len" => length(first),
        "type" => Ok(Value::Str(kind(first).into())),
        "string" => Ok(Value::Str(first.printed().into())),
        "abs" => absolute(first).ok_or_else(invalid),
        "ceil" => first
            .as_float()
            .map(|f| Value::Float(f.ceil()))
            .ok_or_else(invalid),
        "floor" => first
            .as_float()
            .map(|f| Value::Float(f.floor()))
            .ok_or_else(invalid),
        "round" => first
            .as_float()
            .map(|f| Value::Float(f.round()))
            .ok_or_else(invalid),
        "int" => to_int(first),
        "float" => to_float(first),
        "max" => extreme("max", "<", given),
        "min" => extreme("min", ">", given),
        "mean" => Ok(Value::Float(mean(&numbers("mean", given)?))),
        "median" => Ok(Value::Float(median(numbers("median", given)?))),
        "first" => Ok(ops::fetch(first, &Value::Int(0)).unwrap_or(Value::Nil)),
        "last" => Ok(ops::fetch(first, &Value::Int(-1)).unwrap_or(Value::Nil)),
        "get" => get(first, &given[1]),
        "take" => take(first, &given[1]),
        "reverse" => listed("reverse", first).map(|mut list| {
            list.reverse();
            Value::List(list.into())
        }),
        "uniq" => listed("uniq", first).map(unique),
        "concat" => {
            let lists: Ran<Vec<Vec<Value>>> =
                given.iter().map(|value| listed("concat", value)).collect();
            Ok(Value::List(lists?.concat().into()))
        }
        _ => on_texts(name, given),
    }
}

fn length(value: &Value) -> Ran<Value> {
    let length = match value {
        Value::Str(s) => s.chars().count(),
        Value::Map(m) => m.len(),
        list => list
            .list_len()
            .ok_or_else(|| format!("invalid argument for len (type {})", value.type_name()))?,
    };
    Ok(Value::Int(length as i64))
}

/// The end of a slice that names none: bytes of a text.
///
/// # Errors
/// What has no length.
pub fn length_in_bytes(value: &Value) -> Ran<Value> {
    match value {
        Value::Str(s) => Ok(Value::Int(s.len() as i64)),
        other => length(other),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Nil => "nil",
        Value::Bool(_) => "bool",
        Value::Int(_) | Value::Int64(_) => "int",
        Value::Float(_) => "float",
        Value::Str(_) => "string",
        Value::Floats(_) | Value::Ints(_) | Value::List(_) => "array",
        Value::Map(_) | Value::Names(_) => "map",
    }
}

fn absolute(value: &Value) -> Option<Value> {
    Some(match value {
        Value::Int(i) => Value::Int(i.wrapping_abs()),
        Value::Int64(i) => Value::Int64(i.wrapping_abs()),
        Value::Float(f) => Value::Float(if *f < 0.0 { -f } else { *f }),
        _ => return None,
    })
}

fn to_int(value: &Value) -> Ran<Value> {
    match value {
        Value::Float(f) => Ok(Value::Int(go_int(*f))),
        Value::Int(i) | Value::Int64(i) => Ok(Value::Int(*i)),
        Value::Str(s) => parse_int(s)
            .map(Value::Int)
            .map_err(|_| format!("invalid operation: int({s})")),
        other => Err(format!("invalid operation: int({})", other.type_name())),
    }
}

fn to_float(value: &Value) -> Ran<Value> {
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

/// A whole number as Go's `strconv.ParseInt(text, 10, 64)`.
///
/// # Errors
/// Go's words.
pub fn parse_int(text: &str) -> Ran<i64> {
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
pub fn parse_float(text: &str) -> Ran<f64> {
    let fails = |why| format!("strconv.ParseFloat: parsing {text:?}: {why}");
    let read: f64 = text.parse().map_err(|_| fails("invalid syntax"))?;
    let named = text.to_lowercase().contains("inf");
    if read.is_infinite() && !named {
        Err(fails("value out of range"))
    } else {
        Ok(read)
    }
}

/// The largest or the smallest. A NaN stays if it comes first and is passed over later; nothing at all is nil.
fn extreme(name: &str, replaces: &str, given: &[Value]) -> Ran<Value> {
    let mut best: Option<Value> = None;
    for argument in given {
        let Some(_) = argument.list_len() else {
            if argument.as_float().is_some() {
                better(&mut best, replaces, argument.clone());
                continue;
            }
            if given.len() == 1 {
                return Ok(argument.clone());
            }
            return Err(format!(
                "invalid argument for {name} (type {})",
                argument.type_name()
            ));
        };
        for element in argument.elements() {
            let inner = extreme(name, replaces, std::slice::from_ref(&element))?;
            if inner.as_float().is_none() {
                return Err(format!(
                    "invalid argument for {name} (type {})",
                    inner.type_name()
                ));
            }
            better(&mut best, replaces, inner);
        }
    }
    Ok(best.unwrap_or(Value::Nil))
}

fn better(best: &mut Option<Value>, replaces: &str, value: Value) {
    let take = best
        .as_ref()
        .is_none_or(|b| ops::ordered(replaces, b, &value).unwrap_or(false));
    if take {
        *best = Some(value);
    }
}

fn numbers(name: &str, given: &[Value]) -> Ran<Vec<f64>> {
    let mut out = Vec::new();
    for argument in given {
        match (argument.list_len(), argument.as_float()) {
            (Some(_), _) => out.extend(numbers(name, &argument.elements())?),
            (_, Some(f)) => out.push(f),
            _ => {
                return Err(format!(
                    "invalid argument for {name} (type {})",
                    argument.type_name()
                ));
            }
        }
    }
    Ok(out)
}

/// The mean of nothing is 0.
fn mean(values: &[f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    values.iter().fold(0.0, |total, value| total + value) / values.len() as f64
}

/// The median of nothing is 0; NaN sorts before everything.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(|a, b| match (a.is_nan(), b.is_nan()) {
        (true, true) => std::cmp::Ordering::Equal,
        (true, false) => std::cmp::Ordering::Less,
        (false, true) => std::cmp::Ordering::Greater,
        _ => a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal),
    });
    let n = values.len();
    match n {
        0 => 0.0,
        n if n % 2 == 1 => values[n / 2],
        n => {
            let both = values[n / 2 - 1] + values[n / 2];
            both / 2.0
        }
    }
}

fn listed(name: &str, value: &Value) -> Ran<Vec<Value>> {
    match value.list_len() {
        Some(_) => Ok(value.elements()),
        None => Err(format!("cannot {name} {}", value.kind_name())),
    }
}

fn unique(list: Vec<Value>) -> Value {
    let mut kept: Vec<Value> = Vec::new();
    for value in list {
        if !kept.iter().any(|known| ops::equal(&value, known)) {
            kept.push(value);
        }
    }
    Value::List(kept.into())
}

fn get(from: &Value, index: &Value) -> Ran<Value> {
    match from {
        Value::Nil => Ok(Value::Nil),
        Value::Map(_) => ops::fetch(from, index),
        other if other.list_len().is_some() || matches!(other, Value::Str(_)) => {
            ops::to_int(index)?;
            Ok(ops::fetch(other, index).unwrap_or(Value::Nil))
        }
        _ => Ok(Value::Nil),
    }
}

fn take(from: &Value, size: &Value) -> Ran<Value> {
    let length = from
        .list_len()
        .ok_or_else(|| format!("cannot take from {}", from.kind_name()))?;
    let wanted = size
        .as_whole()
        .ok_or_else(|| format!("cannot take {} elements", size.kind_name()))?;
    if wanted < 0 {
        return Err("reflect.Value.Slice: slice index out of bounds".into());
    }
    ops::slice(from, &Value::Int(0), &Value::Int(wanted.min(length as i64)))
}

fn on_texts(name: &str, given: &[Value]) -> Ran<Value> {
    let mut texts = Vec::with_capacity(given.len());
    for value in given {
        let Value::Str(text) = value else {
            let found = if *value == Value::Nil {
                "nil"
            } else {
                value.type_name()
            };
            return Err(format!(
                "interface conversion: interface {{}} is {found}, not string"
            ));
        };
        texts.push(&**text);
    }
    let text = texts.first().copied().unwrap_or_default();
    let other = texts.get(1).copied();
    let cut = other.unwrap_or(" ");
    let of_set = |c: char| cut.contains(c);
    let index = |found: Option<usize>| Value::Int(found.map_or(-1, |i| i as i64));
    Ok(match name {
        "upper" => Value::Str(text.to_uppercase().into()),
        "lower" => Value::Str(text.to_lowercase().into()),
        "trim" if other.is_none() => Value::Str(text.trim().into()),
        "trim" => Value::Str(text.trim_matches(of_set).into()),
        "trimPrefix" => Value::Str(text.strip_prefix(cut).unwrap_or(text).into()),
        "trimSuffix" => Value::Str(text.strip_suffix(cut).unwrap_or(text).into()),
        "indexOf" => index(text.find(cut)),
        "lastIndexOf" => index(text.rfind(cut)),
        "hasPrefix" => Value::Bool(text.starts_with(cut)),
        "hasSuffix" => Value::Bool(text.ends_with(cut)),
        _ => return Err(format!("unknown builtin {name}")),
    })
}
