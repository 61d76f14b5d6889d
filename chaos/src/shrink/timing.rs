//! Plainer times: near the event that a fault belongs to, in round numbers.

use sim_core::effect::Anchor;
use sim_core::engine::{SimDuration, SimTime};

use super::engine::Hunt;
use super::shape::{course, course_mut};

/// What times are rounded down to, from the coarsest.
const ROUND: [SimDuration; 4] = [
    SimDuration::from_hours(1),
    SimDuration::from_mins(10),
    SimDuration::from_mins(1),
    SimDuration::from_secs(1),
];

/// Counts each fault from the last event before it, and rounds what is left.
pub(super) fn pass(hunt: &mut Hunt<'_, '_>) {
    for place in 0..hunt.now.injections.len() {
        if course(&hunt.now, place).after.is_zero() {
            continue;
        }
        if hunt.tries(|candidate| course_mut(candidate, place).after = SimDuration::ZERO) {
            continue;
        }
        anchored(hunt, place);
        rounded(hunt, place);
    }
}

/// Counts the fault from the last event before it.
fn anchored(hunt: &mut Hunt<'_, '_>, place: usize) {
    let own = course(&hunt.now, place);
    let when = |anchor: Anchor| {
        let known = hunt
            .sight
            .anchors
            .iter()
            .find(|(known, _)| *known == anchor);
        known.map(|(_, at)| *at)
    };
    let Some(begins) = when(own.from).map(|at| at + own.after) else {
        return;
    };
    let before = |(_, at): &&(Anchor, SimTime)| *at <= begins;
    let Some(&(nearest, at)) = hunt.sight.anchors.iter().rev().find(before) else {
        return;
    };
    for after in [SimDuration::ZERO, begins - at] {
        let moved = hunt.tries(|candidate| {
            let course = course_mut(candidate, place);
            (course.from, course.after) = (nearest, after);
        });
        if moved {
            return;
        }
    }
}

fn rounded(hunt: &mut Hunt<'_, '_>, place: usize) {
    let after = course(&hunt.now, place).after.as_nanos();
    for unit in ROUND.map(SimDuration::as_nanos) {
        let down = SimDuration::from_nanos(after / unit * unit);
        if hunt.tries(|candidate| course_mut(candidate, place).after = down) {
            return;
        }
    }
}
