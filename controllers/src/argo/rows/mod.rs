//! Recorded decisions of argo-rollouts 1.10.1, replayed through the state machines of this room.
//!
//! A row is `{"case": ..., "real": ...}`: what the engine was given and what it did. [`replay`] gives the case to our
//! machine and tells where the outcome differs.

mod analysis;
mod condition;
mod replicas;

use serde_json::Value as Json;

/// The kinds of rows that [`replay`] knows.
pub const KINDS: [&str; 6] = [
    "analysis",
    "condition",
    "replicas",
    "argo.approximate_weighted_counts",
    "argo.assess_metric_status",
    "argo.replica_counts_basic_canary",
];

/// Replays a row of a kind of this room; `None` for a kind that is not of this room.
///
/// Kinds with `case` and `real`: `analysis`, `condition`, `replicas`. Kinds of tables: `argo.assess_metric_status`, `argo.approximate_weighted_counts`,
/// `argo.replica_counts_basic_canary`.
///
/// # Errors
/// The first difference, or what of the row cannot be read.
pub fn replay(kind: &str, row: &Json) -> Option<Result<(), String>> {
    Some(match kind {
        "analysis" => analysis::replay(row),
        "argo.assess_metric_status" => analysis::table(row),
        "condition" => condition::replay(row),
        "replicas" => replicas::round(row),
        "argo.approximate_weighted_counts" => replicas::weighted(row),
        "argo.replica_counts_basic_canary" => replicas::table(row),
        _ => return None,
    })
}

/// The two halves of a row.
fn halves(row: &Json) -> Result<(&Json, &Json), String> {
    match (row.get("case"), row.get("real")) {
        (Some(case), Some(real)) => Ok((case, real)),
        _ => Err("a row has `case` and `real`".into()),
    }
}

/// An answer as rows write it: numbers and `"NaN"`, `"+Inf"`, `"-Inf"` are floats; a list of only these is a vector.
fn answer(json: &Json) -> crate::argo::condition::Value {
    use crate::argo::condition::Value;
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
fn differ<T: PartialEq + std::fmt::Debug>(what: &str, real: &T, ours: &T) -> Result<(), String> {
    if real == ours {
        Ok(())
    } else {
        Err(format!("{what}: the engine {real:?}, ours {ours:?}"))
    }
}
