//! The words that a wedge may use, in the order in which the document lists them.

use crate::adapter::{Json, python_number};

/// The increment policies.
pub(super) const INCREMENT_POLICIES: [&str; 3] = ["linear", "exponential", "manual"];

/// The states of a wedge.
pub(super) const WEDGE_STATES: [&str; 5] =
    ["PENDING", "ACTIVE", "PAUSED", "ROLLED_BACK", "COMPLETE"];

/// The fields that every stage must have.
pub(super) const STAGE_FIELDS: [&str; 5] = [
    "stage_id",
    "target_percentage",
    "duration_hours",
    "success_criteria",
    "rollback_trigger",
];

/// Returns the text of a string that is more than white space, stripped as Python strips it.
pub(super) fn said(value: Option<&Json>) -> Option<&str> {
    value
        .and_then(Json::text)
        .map(python_number::strip)
        .filter(|text| !text.is_empty())
}
