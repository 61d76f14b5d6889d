//! What every row has: a case, what the engine did, and how a difference is told.

use serde_json::Value as Json;

use crate::argo::condition::Value;

/// The two halves of a row.
pub(super) fn halves(row: &Json) -> Result<(&Json, &Json), String> {
    match (row.get("case"), row.get("real")) {
        (Some(case), Some(real)) => Ok((case, real)),
        _ => Err("a row has `case` and `real`".into()),
    }
}

/// An answer as rows write it: numbers and `"NaN"`, `"+Inf"`, `"-Inf"` are floats; a list of only these is a vector.
pub(super) fn answer(json: &Json) -> Value {
    if let Some(f) = number(json) {
        return Value::Float(f);
    }
    if let Some(list) = json.as_array() {
        let numbers: Option<Vec<f64>> = list.iter().map(number).collect();
        if let Some(numbers) = numbers {
            return Value::vector(&numbers);
        }
    }
    Value::from_json(json)
}

fn number(json: &Json) -> Option<f64> {
    match json.as_str() {
        Some("NaN") => Some(f64::NAN),
        Some("+Inf" | "Inf") => Some(f64::INFINITY),
        Some("-Inf") => Some(f64::NEG_INFINITY),
        Some(_) => None,
        None => json.as_f64(),
    }
}

/// Tells of a difference.
pub(super) fn differ<T: PartialEq + std::fmt::Debug>(
    what: &str,
    real: &T,
    ours: &T,
) -> Result<(), String> {
    if real == ours {
        Ok(())
    } else {
        Err(format!("{what}: the engine {real:?}, ours {ours:?}"))
    }
}
