//! Rows of the kind `raptorq-conformal`: the threshold of a calibration sample, and what conforms.

use scenarios::adapter::Json;
use sim_core::policy::gate::test::Conformal;

use super::compare::{first_difference, object};
use super::outcome::{Outcome, Unusable, number, part};

/// A larger sample is no recording.
const MOST: u32 = 10_000_000;

pub(super) fn check(row: &Json) -> Outcome {
    let alpha = number(row, "alpha")?;
    if !(0.0 < alpha && alpha < 1.0) {
        return Err(Unusable("its alpha is not between 0 and 1".into()));
    }
    let gate = Conformal::calibrate(&samples(part(row, "samples")?)?, alpha);
    let expected = part(row, "threshold")?;
    // Without a threshold everything conforms: rows write that as null or as infinity.
    let none = match expected {
        Json::Null => Json::Null,
        _ => Json::Float(f64::INFINITY),
    };
    let at_threshold = gate.threshold().unwrap_or(f64::INFINITY);
    let at_limit = Json::Bool(gate.conforms(at_threshold));
    let threshold = gate.threshold().map_or(none, Json::Float);
    let fields = [
        "threshold",
        "value_equal_threshold_conforming",
        "nan_conforming",
    ];
    let found = [threshold, at_limit, Json::Bool(gate.conforms(f64::NAN))];
    let got = object([0, 1, 2].map(|place| (fields[place], found[place].clone())));
    let expected =
        fields.map(|field| part(row, field).map(|value| (field.to_owned(), value.clone())));
    let expected = expected.into_iter().collect::<Result<_, _>>()?;
    Ok(first_difference("row", &Json::Object(expected), &got))
}

/// A list of numbers, or a text such as `1..=19`.
fn samples(value: &Json) -> Result<Vec<f64>, Unusable> {
    let samples = match value {
        Json::Text(range) => numbers_of(range),
        Json::List(items) => items.iter().map(Json::number).collect(),
        _ => None,
    };
    samples.ok_or_else(|| Unusable("its samples are neither numbers nor a range".into()))
}

fn numbers_of(range: &str) -> Option<Vec<f64>> {
    let (first, last) = range.split_once("..=")?;
    let (first, last): (u32, u32) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (last <= MOST).then(|| (first..=last).map(f64::from).collect())
}
