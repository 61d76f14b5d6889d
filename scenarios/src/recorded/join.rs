//! Errors and requests as two recordings.

use std::collections::BTreeMap;

use super::series::{Point, RecordedSeries};
use crate::{Diagnostic, Report};

/// Puts the values of `requests` beside those of `errors` of the same time and version, as the number of
/// requests.
///
/// Requests without errors beside them are left out: whether nothing failed or nothing was recorded nobody
/// can say.
///
/// # Errors
/// That the two have too few instants in common.
pub fn with_requests(
    mut errors: RecordedSeries,
    requests: &RecordedSeries,
) -> Result<RecordedSeries, Report> {
    let grid = (errors.step.as_nanos() / 1_000_000).max(1) as f64;
    let start = errors.points.first().map_or(0, |point| point.time.millis());
    let place = |point: &Point| ((point.time.millis() - start) as f64 / grid).round() as i64;
    let version = |history: &RecordedSeries, point: &Point| {
        let at = point.version;
        at.map(|at| history.versions[at as usize].clone())
    };
    let mut known: BTreeMap<_, f64> = BTreeMap::new();
    for point in &requests.points {
        let place = (place(point), version(requests, point));
        *known.entry(place).or_default() += point.value;
    }
    let all = errors.points.len();
    let names = errors.clone();
    for point in errors.points.iter_mut().chain(&mut errors.spoilt) {
        point.n = known.get(&(place(point), version(&names, point))).copied();
    }
    errors.points.retain(|point| point.n.is_some());
    if 2 * errors.points.len() < all {
        let found = too_few_in_common(&errors, all, &requests.name);
        return Err(Report::new(&errors.name, "", vec![found]));
    }
    errors.are_errors = true;
    Ok(errors)
}

fn too_few_in_common(errors: &RecordedSeries, all: usize, requests: &str) -> Diagnostic {
    let known = errors.points.len();
    let message = format!("{known} of {all} instants have a number of requests in {requests}");
    Diagnostic::error("CM317", 0..0, message)
        .whole_file()
        .reason("errors are divided by the requests of the same interval")
        .help("query both over the same range and step, with the same labels")
}
