//! What `coalmine export` writes is what each system's own consumer reads.

mod guard;
mod hostile;
mod papers;
mod postgres;
mod runbook;
mod snapshot;

use serde_json::Value;

use crate::command::coalmine;

/// What `coalmine export` answers; it must succeed.
fn export(words: &str) -> String {
    let args: Vec<_> = words.split(' ').collect();
    let ran = coalmine(&[&["export"], &args[..]].concat());
    assert_eq!(ran.code, 0, "{words}: {}", ran.err);
    ran.out
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(parsed).collect()
}

fn keys(value: &Value) -> Vec<&str> {
    let object = value.as_object().unwrap();
    object.keys().map(String::as_str).collect()
}

/// Whether there is something in a field, all the way down.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => !items.is_empty() && items.iter().all(says_something),
        Value::Object(members) => !members.is_empty() && members.values().all(says_something),
        Value::Bool(_) | Value::Number(_) => true,
    }
}
