//! Plainer times: near the event that a fault belongs to, in round numbers.

use sim_core::effect::Anchor;
use sim_core::engine::{SimDuration, SimTime};

use super::reducer::Reducer;
use super::shape::{course, course_mut};

/// What times are rounded down to, from the coarsest.
const ROUND: [SimDuration; 4] = [
    SimDuration::from_hours(1),
    SimDuration::from_mins(10),
    SimDuration::from_mins(1),
    SimDuration::from_secs(1),
];

/// Counts each fault from the last event before it, and rounds what is left.
pub(super) fn pass(reducer: &mut Reducer<'_, '_>) {
    for place in 0..reducer.now.injections.len() {
        if course(&reducer.now, place).after.is_zero() {
            continue;
        }
        if reducer.tries(|candidate| course_mut(candidate, place).after = SimDuration::ZERO) {
            continue;
        }
        anchored(reducer, place);
        rounded(reducer, place);
    }
}

/// Counts the fault from the last event before it.
fn anchored(reducer: &mut Reducer<'_, '_>, place: usize) {
    let own = course(&reducer.now, place);
    let when = |anchor: Anchor| {
        let known = reducer
            .violation
            .anchors
            .iter()
            .find(|(known, _)| *known == anchor);
        known.map(|(_, at)| *at)
    };
    let Some(begins) = when(own.from).map(|at| at + own.after) else {
        return;
    };
    let before = |(_, at): &&(Anchor, SimTime)| *at <= begins;
    let Some(&(nearest, at)) = reducer.violation.anchors.iter().rev().find(before) else {
        return;
    };
    for after in [SimDuration::ZERO, begins - at] {
        let moved = reducer.tries(|candidate| {
            let course = course_mut(candidate, place);
            (course.from, course.after) = (nearest, after);
        });
        if moved {
            return;
        }
    }
}

fn rounded(reducer: &mut Reducer<'_, '_>, place: usize) {
    let after = course(&reducer.now, place).after.as_nanos();
    for unit in ROUND.map(SimDuration::as_nanos) {
        let down = SimDuration::from_nanos(after / unit * unit);
        if reducer.tries(|candidate| course_mut(candidate, place).after = down) {
            return;
        }
    }
}
