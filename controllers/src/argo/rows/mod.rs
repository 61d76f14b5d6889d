//! Recorded decisions of argo-rollouts 1.10.1, replayed through the state machines of this room.
//!
//! A row is `{"case": ..., "real": ...}`: what the engine was given and what it did. [`replay`] gives the case to our
//! machine and tells where the outcome differs.

mod analysis;
mod condition;
mod replicas;
mod retyped;
mod row;

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
        "argo.replica_counts_basic_canary" => retyped::table(row),
        _ => return None,
    })
}
