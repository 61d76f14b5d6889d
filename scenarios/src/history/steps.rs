//! The step of a recording, and the places where steps are missing.

use std::collections::BTreeMap;

use super::kept::{Gap, Point};
use super::timestamp::Timestamp;

/// The step of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub millis: i64,
    pub is_regular: bool,
}

/// The share of distances that must be about a whole number of steps in a regular recording.
const REGULAR: f64 = 0.9;

/// How far a distance may be from a whole number of steps, in steps.
const JITTER: f64 = 0.1;

/// Returns the median distance between samples of one series; nothing if no series has two.
pub(super) fn step(points: &[Point]) -> Option<Step> {
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
    let millis = *distances.get(distances.len() / 2)?;
    let off = |distance: i64| {
        let steps = distance as f64 / millis as f64;
        (steps - steps.round().max(1.0)).abs()
    };
    let on_grid = distances.iter().filter(|&&d| off(d) <= JITTER).count();
    Some(Step {
        millis,
        is_regular: on_grid as f64 >= REGULAR * distances.len() as f64,
    })
}

/// How many steps without a sample are a gap in an irregular recording, whose steps vary anyway.
const IRREGULAR_GAP: f64 = 10.0;

/// Returns the stretches without any sample.
pub(super) fn gaps(points: &[Point], step: Step) -> Vec<Gap> {
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

fn gap(from: Timestamp, to: Timestamp, steps: f64) -> Gap {
    Gap {
        from,
        to,
        missing: (steps.round() as u64).saturating_sub(1),
    }
}
