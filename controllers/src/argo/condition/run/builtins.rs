//! Builtins without a closure. Source of the rules: expr-lang v1.17.7 `builtin`.

use super::aggregates::{extreme, invalid, mean, median, numbers};
use super::lists::{get, listed, take, unique};
use super::numbers::{absolute, to_float, to_int};
use super::texts::on_texts;
use crate::argo::condition::ops::{self, Ran};
use crate::argo::condition::value::Value;

/// Calls a builtin with checked arguments.
///
/// # Errors
/// The engine's words.
pub fn call(name: &str, given: &[Value]) -> Ran<Value> {
    let nil = Value::Nil;
    let first = given.first().unwrap_or(&nil);
    let number = |known: Option<Value>| known.ok_or_else(|| invalid(name, first));
    let rounded = |way: fn(f64) -> f64| number(first.as_float().map(|f| Value::Float(way(f))));
    match name {
        "len" => length(first),
        "type" => Ok(Value::Str(kind(first).into())),
        "string" => Ok(Value::Str(first.printed().into())),
        "abs" => number(absolute(first)),
        "ceil" => rounded(f64::ceil),
        "floor" => rounded(f64::floor),
        "round" => rounded(f64::round),
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
        "reverse" => reversed(first),
        "uniq" => listed("uniq", first).map(unique),
        "concat" => concat(given),
        _ => on_texts(name, given),
    }
}

fn reversed(first: &Value) -> Ran<Value> {
    let list = listed("reverse", first)?;
    Ok(Value::List(list.into_iter().rev().collect()))
}

fn concat(given: &[Value]) -> Ran<Value> {
    let lists: Ran<Vec<Vec<Value>>> = given.iter().map(|value| listed("concat", value)).collect();
    Ok(Value::List(lists?.concat().into()))
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
