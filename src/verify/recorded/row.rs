//! One recorded row.

use scenarios::adapter::Json;

use super::outcome::Unusable;
use super::{conformal, e_process, guard, optimize, wedge};
use crate::verify::verification::{CaseResult, CaseStatus};

/// Judges one row, which stands at `place` and names its `kind`.
///
/// A kind that is not known, and a row that lacks a part, are unknown, never skipped.
pub fn verify(place: &str, row: &Json) -> CaseResult {
    let kind = row.get("kind").and_then(Json::text);
    let kind = kind.unwrap_or_default().to_owned();
    let id = id(row, place);
    let outcome = match kind.as_str() {
        "control-plane-guard" => guard::check(row),
        "optimize-gates" => optimize::check(row),
        "rollout-wedge" => wedge::check(row),
        "raptorq-eprocess" => e_process::check(row),
        "raptorq-conformal" => conformal::check(row),
        other => Err(Unusable(format!("there is no recorded kind `{other}`"))),
    };
    match outcome {
        Err(Unusable(why)) => CaseResult::unknown(id, kind, why),
        Ok(note) => {
            let is_same = note.is_none();
            let differs = CaseStatus::Differs;
            let status = if is_same { CaseStatus::Ok } else { differs };
            CaseResult {
                id,
                kind,
                file: None,
                status,
                note,
                quantities: Vec::new(),
            }
        }
    }
}

/// The name of a row with what tells it from others of the same name. Points of a grid are all
/// called the same; their place is their name.
fn id(row: &Json, place: &str) -> String {
    let text = |key: &str| row.get(key).and_then(Json::text);
    match text("name").or_else(|| text("case")) {
        None | Some("grid") => place.to_owned(),
        Some(name) => match ["profile", "stage", "config"].into_iter().find_map(text) {
            Some(variant) => format!("{variant}/{name}"),
            None => name.to_owned(),
        },
    }
}
