//! Rows of the kind `rollout-wedge`.

use scenarios::adapter::Json;
use scenarios::wedge::{Readings, WedgeVerdict, total_rollout_hours};

use super::compare::{first_difference, object, texts};
use super::outcome::{Outcome, Unusable, part};

/// What a row writes for a verdict where the reference raised.
const RAISED: &str = "EXC";

pub(super) fn check(row: &Json) -> Outcome {
    let wedge = part(row, "wedge")?;
    let readings = Readings::of(wedge);
    let written = readings.as_written.valid().map_or(Json::Null, Json::Bool);
    let got = [
        ("reference_checker", verdict(&readings.reference_checker)),
        ("merge_gate", verdict(&readings.merge_gate)),
        ("as_written_valid", written),
    ];
    if got.iter().all(|(key, _)| row.get(key).is_none()) {
        return Err(Unusable(
            "it says nothing of any of the three readers".into(),
        ));
    }
    for (key, got) in got {
        let expected = row.get(key);
        let difference = expected.and_then(|expected| first_difference(key, expected, &got));
        if difference.is_some() {
            return Ok(difference);
        }
    }
    Ok(row
        .get("total_rollout_duration_hours")
        .and_then(|expected| hours(expected, wedge)))
}

fn verdict(verdict: &WedgeVerdict) -> Json {
    let valid = match verdict {
        WedgeVerdict::Read(errors) => Json::Bool(errors.is_empty()),
        WedgeVerdict::Raised(_) => Json::Text(RAISED.into()),
    };
    object([
        ("valid", valid),
        ("errors", texts(verdict.errors().to_vec())),
    ])
}

/// Where the helper raises there is no number; a row may then hold anything that is none.
fn hours(expected: &Json, wedge: &Json) -> Option<String> {
    let key = "total_rollout_duration_hours";
    match total_rollout_hours(wedge) {
        Some(hours) => first_difference(key, expected, &Json::Float(hours)),
        None if expected.number().is_none() => None,
        None => first_difference(key, expected, &Json::Null),
    }
}
