//! The rows that every build carries.

use scenarios::adapter::{Json, parse};

const FILES: [(&str, &str); 5] = [
    (
        "control-plane-guard",
        include_str!("../builtin/control_plane_guard.jsonl"),
    ),
    (
        "optimize-gates",
        include_str!("../builtin/optimize_gates.jsonl"),
    ),
    (
        "raptorq-eprocess",
        include_str!("../builtin/raptorq_eprocess.jsonl"),
    ),
    (
        "raptorq-conformal",
        include_str!("../builtin/raptorq_conformal.jsonl"),
    ),
    (
        "rollout-wedge",
        include_str!("../builtin/rollout_wedge.jsonl"),
    ),
];

/// Returns the rows that every build carries, with their places.
pub fn built_in() -> Vec<(String, Json)> {
    let rows = FILES.iter().flat_map(|(name, text)| {
        text.lines()
            .enumerate()
            .map(move |(index, line)| (format!("built-in {name}:{}", index + 1), line))
    });
    rows.map(|(place, line)| (place, parse(line).expect("built-in rows are JSON")))
        .collect()
}
