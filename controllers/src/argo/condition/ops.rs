//! Operators on Go values. Source of the rules: expr-lang v1.17.7 `vm/runtime`.

use super::value::{Value, go_int};

/// What a running condition says when it stops, in the engine's words.
pub type Ran<T> = Result<T, String>;

fn undefined(op: &str, a: &Value, b: &Value) -> String {
    format!(
        "invalid operation: {} {op} {}",
        a.type_name(),
        b.type_name()
    )
}

/// `<`, `>`, `<=`, `>=`: numbers and texts; nothing holds for NaN.
///
/// # Errors
/// Other operands.
pub fn ordered(op: &str, a: &Value, b: &Value) -> Ran<bool> {
    let held = match (a, b) {
        (Value::Str(a), Value::Str(b)) => relation(op, a, b),
        _ => match (a.as_whole(), b.as_whole()) {
            (Some(a), Some(b)) => relation(op, &a, &b),
            _ => match (a.as_float(), b.as_float()) {
                (Some(a), Some(b)) => relation(op, &a, &b),
                _ => return Err(undefined(op, a, b)),
            },
        },
    };
    Ok(held)
}

fn relation<T: PartialOrd + ?Sized>(op: &str, a: &T, b: &T) -> bool {
    match op {
        "<" => a < b,
        ">" => a > b,
        "<=" => a <= b,
        _ => a >= b,
    }
}

/// `==`: numbers of any type by value, lists by element, nil only to nil.
pub fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::List(x), Value::List(y)) => {
            x.len() == y.len() && x.iter().zip(y.iter()).all(|(a, b)| equal(a, b))
        }
        (Value::List(x), other @ (Value::Floats(_) | Value::Ints(_)))
        | (other @ (Value::Floats(_) | Value::Ints(_)), Value::List(x)) => {
            let y = other.elements();
            x.len() == y.len() && x.iter().zip(&y).all(|(a, b)| equal(a, b))
        }
        _ => match (a.as_whole(), b.as_whole()) {
            (Some(a), Some(b)) => a == b,
            _ => match (a.as_float(), b.as_float()) {
                (Some(a), Some(b)) => a == b,
                _ => a == b,
            },
        },
    }
}

/// `+`, `-`, `*`, `/`, `%`, `**`, `^`.
///
/// # Errors
/// Operands that do not fit, a remainder of a division by zero.
pub fn arithmetic(op: &str, a: &Value, b: &Value) -> Ran<Value> {
    if let (Value::Str(a), Value::Str(b), "+") = (a, b, op) {
        return Ok(Value::Str(format!("{a}{b}").into()));
    }
    if let (Some(x), Some(y), "+" | "-" | "*" | "%") = (a.as_whole(), b.as_whole(), op) {
        return whole(op, x, y).map(Value::Int);
    }
    let wanted = if matches!(op, "**" | "^") {
        let name = if a.as_float().is_none() {
            a.type_name()
        } else {
            b.type_name()
        };
        format!("invalid operation: float({name})")
    } else {
        undefined(op, a, b)
    };
    let (Some(x), Some(y)) = (a.as_float(), b.as_float()) else {
        return Err(wanted);
    };
    Ok(Value::Float(match op {
        "+" => x + y,
        "-" => x - y,
        "*" => x * y,
        "/" => x / y,
        "**" | "^" => libm::pow(x, y),
        _ => return Err(wanted),
    }))
}

fn whole(op: &str, x: i64, y: i64) -> Ran<i64> {
    Ok(match op {
        "+" => x.wrapping_add(y),
        "-" => x.wrapping_sub(y),
        "*" => x.wrapping_mul(y),
        _ if y == 0 => return Err("runtime error: integer divide by zero".into()),
        _ => x.wrapping_rem(y),
    })
}

/// `-x`.
///
/// # Errors
/// What is no number.
pub fn negate(value: &Value) -> Ran<Value> {
    match value {
        Value::Int(i) => Ok(Value::Int(i.wrapping_neg())),
        Value::Int64(i) => Ok(Value::Int64(i.wrapping_neg())),
        Value::Float(f) => Ok(Value::Float(-f)),
        other => Err(format!("invalid operation: - {}", other.type_name())),
    }
}

/// An index or an end of a range: floats are cut.
///
/// # Errors
/// What is no number.
pub fn to_int(value: &Value) -> Ran<i64> {
    match value {
        Value::Int(i) | Value::Int64(i) => Ok(*i),
        Value::Float(f) => Ok(go_int(*f)),
        other => Err(format!("invalid operation: int({})", other.type_name())),
    }
}

fn bad_key(value: &Value, to: &str) -> String {
    format!(
        "reflect.Value.MapIndex: value of type {} is not assignable to type {to}",
        value.type_name()
    )
}

/// `x[i]`, `x.name`. An index below zero counts from the end; a missing name is nil.
///
/// # Errors
/// Outside of a list, a key that is no text, a value without elements.
pub fn fetch(from: &Value, index: &Value) -> Ran<Value> {
    let cannot = || format!("cannot fetch {} from {}", index.printed(), from.type_name());
    match from {
        Value::Map(map) => match index {
            Value::Str(key) => Ok(map.get(&**key).cloned().unwrap_or(Value::Nil)),
            Value::Nil => Ok(map.get("").cloned().unwrap_or(Value::Nil)),
            other => Err(bad_key(other, "string")),
        },
        Value::Str(text) => {
            let at = place(to_int(index)?, text.len())?;
            Ok(Value::Int(i64::from(text.as_bytes()[at])))
        }
        list => {
            let length = list.list_len().ok_or_else(cannot)?;
            let at = place(to_int(index)?, length)?;
            list.element(at).ok_or_else(cannot)
        }
    }
}

fn place(index: i64, length: usize) -> Ran<usize> {
    let length = length as i64;
    let at = if index < 0 {
        length.saturating_add(index)
    } else {
        index
    };
    if (0..length).contains(&at) {
        return Ok(at as usize);
    }
    Err(format!(
        "index out of range: {at} (array length is {length})"
    ))
}

/// `x[from:to]`, both ends cut to the list.
///
/// # Errors
/// Ends that are no numbers, a value without elements.
pub fn slice(base: &Value, from: &Value, to: &Value) -> Ran<Value> {
    let length = match base {
        Value::Str(text) => text.len(),
        list => list
            .list_len()
            .ok_or_else(|| format!("cannot slice {}", from.printed()))?,
    } as i64;
    let from_end = |i: i64| {
        if i < 0 {
            length.saturating_add(i).max(0)
        } else {
            i
        }
    };
    let (a, b) = (from_end(to_int(from)?), from_end(to_int(to)?).min(length));
    let (a, b) = (a.min(b) as usize, b as usize);
    Ok(match base {
        Value::Str(text) => Value::Str(String::from_utf8_lossy(&text.as_bytes()[a..b]).into()),
        Value::Floats(v) => Value::Floats(v[a..b].into()),
        Value::Ints(v) => Value::Ints(v[a..b].into()),
        Value::List(v) => Value::List(v[a..b].into()),
        _ => Value::Nil,
    })
}

/// `needle in hay`: an element of a list, a key of a map; nothing is in nil.
///
/// # Errors
/// A key that is no text, a value that holds nothing.
pub fn within(needle: &Value, hay: &Value) -> Ran<bool> {
    let key = |known: &dyn Fn(&str) -> bool| match needle {
        Value::Str(key) => Ok(known(key)),
        Value::Nil => Ok(known("")),
        other => Err(bad_key(other, "string")),
    };
    match hay {
        Value::Nil => Ok(false),
        Value::Map(map) => key(&|k| map.contains_key(k)),
        Value::Names(names) => key(&|k| names.contains(k)),
        list if list.list_len().is_some() => {
            Ok(list.elements().iter().any(|value| equal(value, needle)))
        }
        other => Err(format!(
            "operator \"in\" not defined on {}",
            other.type_name()
        )),
    }
}
