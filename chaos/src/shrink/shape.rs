//! Plainer faults: the catalogue's own parameters, no coming and going, shorter, weaker.

use sim_core::effect::Course;
use sim_core::engine::SimDuration;

use super::layers::is_graded;
use super::reducer::Reducer;
use crate::catalogue::Injection;
use crate::rehearsal::Rehearsal;

/// How long a fault may last, from the shortest.
const LASTS: [SimDuration; 7] = [
    SimDuration::from_secs(1),
    SimDuration::from_mins(1),
    SimDuration::from_mins(5),
    SimDuration::from_mins(15),
    SimDuration::from_hours(1),
    SimDuration::from_hours(4),
    SimDuration::from_hours(24),
];

/// How strong a graded fault may be, from the weakest.
const STRENGTHS: [f64; 5] = [0.01, 0.1, 0.25, 0.5, 0.75];

/// Makes each fault plainer.
pub(super) fn pass(reducer: &mut Reducer<'_, '_>) {
    for place in 0..reducer.now.injections.len() {
        usual(reducer, place);
        steady(reducer, place);
        unhealed(reducer, place);
        let lasts = course(&reducer.now, place).lasts;
        let shorter = LASTS
            .into_iter()
            .filter(|it| lasts.is_none_or(|lasts| *it < lasts));
        let shorter: Vec<SimDuration> = shorter.collect();
        reducer.halves(&shorter, |candidate, lasts| {
            course_mut(candidate, place).lasts = Some(lasts);
        });
        if is_graded(&reducer.now, place) {
            let strength = course(&reducer.now, place).strength;
            let weaker = STRENGTHS.into_iter().filter(|it| *it < strength);
            let weaker: Vec<f64> = weaker.collect();
            reducer.halves(&weaker, |candidate, strength| {
                course_mut(candidate, place).strength = strength;
            });
        }
    }
}

/// Takes the catalogue's own parameters, and no remedies.
fn usual(reducer: &mut Reducer<'_, '_>, place: usize) {
    reducer.tries(|candidate| {
        let injection = &mut candidate.injections[place];
        injection.fault = (injection.fault.entry().default)();
        injection.cured_by.clear();
    });
}

/// Lets the fault be there at once and stay.
fn steady(reducer: &mut Reducer<'_, '_>, place: usize) {
    let all = reducer.tries(|candidate| {
        let course = course_mut(candidate, place);
        (course.cycle, course.ramp) = (None, SimDuration::ZERO);
    });
    if !all {
        reducer.tries(|candidate| course_mut(candidate, place).cycle = None);
        reducer.tries(|candidate| course_mut(candidate, place).ramp = SimDuration::ZERO);
    }
}

/// Forgets that the fault is healed, where the promise was broken before that. A promise that is broken
/// afterwards is broken although the fault is gone, which is quite another matter.
fn unhealed(reducer: &mut Reducer<'_, '_>, place: usize) {
    let broken = reducer.violation.at.elapsed();
    let until = course(&reducer.now, place).until;
    if until.is_some_and(|until| broken <= until) {
        reducer.tries(|candidate| course_mut(candidate, place).until = None);
    }
}

/// Returns when the fault at `place` happens.
pub(super) fn course(rehearsal: &Rehearsal, place: usize) -> Course {
    rehearsal.injections[place].course()
}

/// As [`course`], to be changed.
pub(super) fn course_mut(rehearsal: &mut Rehearsal, place: usize) -> &mut Course {
    let injection: &mut Injection = &mut rehearsal.injections[place];
    let course = injection.course();
    injection.at.insert(course)
}
