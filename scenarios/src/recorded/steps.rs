//! The step of a recording, and the places where steps are missing.

use std::collections::BTreeMap;

use super::series::{Point, RecordingGap};
use super::timestamp::Timestamp;

/// The step of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SampleStep {
    pub millis: i64,
    pub is_regular: bool,
}

/// The share of distances that must be about a whole number of steps in a regular recording.
const REGULAR: f64 = 0.9;

/// How far a distance may be from a whole number of steps, in steps.
const JITTER: f64 = 0.1;

/// Returns the usual distance between samples of one series; nothing if no series has two.
///
/// It is the median, or a shorter distance of which most others are multiples: where more is missing than
/// is there, the median is that of the gaps.
pub(super) fn step(points: &[Point]) -> Option<SampleStep> {
    let mut last = BTreeMap::new();
    let mut distances = Vec::new();
    for point in points {
        let key = (point.host, point.version);
        if let Some(before) = last.insert(key, point.time.millis()) {
            distances.push(point.time.millis() - before);
        }
    }
    distances.retain(|&distance| distance > 0);
    distances.sort_unstable();
    let median = *distances.get(distances.len() / 2)?;
    let candidate = |part: usize| distances[distances.len() * part / (2 * PARTS)];
    let millis = (LEAST..=PARTS).rev().map(candidate);
    let regular = millis
        .into_iter()
        .find(|step| is_regular(&distances, *step));
    Some(SampleStep {
        millis: regular.unwrap_or(median),
        is_regular: regular.is_some(),
    })
}

/// So many quantiles of the distances are tried, from the median down.
const PARTS: usize = 20;
/// No step that is rarer than this many of them: any distance is a multiple of a second.
const LEAST: usize = 6;

/// Says whether most distances are about a whole number of steps.
fn is_regular(distances: &[i64], millis: i64) -> bool {
    let off = |distance: i64| {
        let steps = distance as f64 / millis as f64;
        (steps - steps.round().max(1.0)).abs()
    };
    let on_grid = distances.iter().filter(|&&d| off(d) <= JITTER).count();
    on_grid as f64 >= REGULAR * distances.len() as f64
}

/// How many steps without a sample are a gap in an irregular recording, whose steps vary anyway.
const IRREGULAR_GAP: f64 = 10.0;

/// Returns the stretches without any sample.
pub(super) fn gaps(points: &[Point], step: SampleStep) -> Vec<RecordingGap> {
    let mut gaps = Vec::new();
    let mut times = points.iter().map(|point| point.time);
    let Some(mut before) = times.next() else {
        return gaps;
    };
    for time in times {
        let steps = (time.millis() - before.millis()) as f64 / step.millis as f64;
        let longest = if step.is_regular { 1.5 } else { IRREGULAR_GAP };
        if steps > longest {
            gaps.push(gap(before, time, steps));
        }
        before = time;
    }
    gaps
}

fn gap(from: Timestamp, to: Timestamp, steps: f64) -> RecordingGap {
    RecordingGap {
        from,
        to,
        missing: (steps.round() as u64).saturating_sub(1),
    }
}
