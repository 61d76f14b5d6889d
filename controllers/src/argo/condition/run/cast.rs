//! What the engine takes for granted of a value, and what it says where that is wrong.

use crate::argo::condition::ops::Ran;
use crate::argo::condition::value::Value;

/// Go's words for a value that is not of the type that it is taken for.
pub(super) fn converted(value: &Value, to: &str) -> String {
    let name = if *value == Value::Nil {
        "nil"
    } else {
        value.type_name()
    };
    format!("interface conversion: interface {{}} is {name}, not {to}")
}

pub(super) fn boolean(value: &Value) -> Ran<bool> {
    if let Value::Bool(b) = value {
        Ok(*b)
    } else {
        Err(converted(value, "bool"))
    }
}

pub(super) fn text(value: &Value) -> Ran<&str> {
    if let Value::Str(s) = value {
        Ok(s)
    } else {
        Err(converted(value, "string"))
    }
}
