//! Builtins that look into lists. Source of the rules: expr-lang v1.17.7 `builtin`.

use crate::argo::condition::ops::{self, Ran};
use crate::argo::condition::value::Value;

pub(super) fn listed(name: &str, value: &Value) -> Ran<Vec<Value>> {
    match value.list_len() {
        Some(_) => Ok(value.elements()),
        None => Err(format!("cannot {name} {}", value.kind_name())),
    }
}

pub(super) fn unique(list: Vec<Value>) -> Value {
    let mut kept: Vec<Value> = Vec::new();
    for value in list {
        if !kept.iter().any(|known| ops::equal(&value, known)) {
            kept.push(value);
        }
    }
    Value::List(kept.into())
}

pub(super) fn get(from: &Value, index: &Value) -> Ran<Value> {
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

pub(super) fn take(from: &Value, size: &Value) -> Ran<Value> {
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
