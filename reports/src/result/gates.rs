//! What the gates of a policy guarantee about firing on a harmless release.

use std::fmt::Debug;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sim_core::policy::Policy;
use sim_core::policy::gate::test::Guarantee;

/// One gate and its promise about firing on a release that is harmless.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GateRow {
    /// The name of the gate.
    pub id: String,
    /// The word of its window, such as `instant` or `msprt`.
    pub window: String,
    /// The promise.
    pub guarantee: Guarantee,
    /// The promise in words: `type I <= 1 % at any time`, `none`.
    pub promise: String,
    /// What the promise rests on, or why there is none.
    pub rests_on: String,
}

/// Returns a row for each gate of `policy`, in its order.
pub fn gate_rows(policy: &Policy) -> Vec<GateRow> {
    let row = |gate: &sim_core::policy::Gate| GateRow {
        id: gate.id.clone(),
        window: gate.window.word().to_owned(),
        guarantee: gate.guarantee(),
        promise: gate.guarantee().to_string(),
        rests_on: gate.window.assumption().to_owned(),
    };
    policy.gates.iter().map(row).collect()
}
