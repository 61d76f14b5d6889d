//! Fewer stages.

use sim_core::effect::Anchor;

use super::reducer::Reducer;
use crate::rehearsal::Rehearsal;

/// Drops the stages that the promise does not need: all but one, those behind, then one at a time from
/// the last.
pub(super) fn pass(reducer: &mut Reducer<'_, '_>) {
    let count = reducer.now.experiment.policy.stages.len();
    for keep in 1..count {
        if reducer.tries(|candidate| {
            (keep..count)
                .rev()
                .for_each(|stage| drops(candidate, stage));
        }) {
            break;
        }
    }
    for stage in (0..reducer.now.experiment.policy.stages.len()).rev() {
        if reducer.now.experiment.policy.stages.len() > 1 {
            reducer.tries(|candidate| drops(candidate, stage));
        }
    }
}

/// Takes a stage away; anchors on later stages move with them, and those on it go to the stage that
/// takes its place.
fn drops(rehearsal: &mut Rehearsal, stage: usize) {
    let policy = &mut rehearsal.experiment.policy;
    policy.stages.remove(stage);
    let first = policy.stages[0].target;
    policy.initial = policy.initial.map(|initial| initial.min(first));
    let moved = |number: u16| {
        if usize::from(number) > stage {
            number - 1
        } else {
            number
        }
    };
    let move_anchor = |from: &mut Anchor| match from {
        Anchor::StageEntered(number) | Anchor::WindowOver(number) => *number = moved(*number),
        Anchor::State(standing) => standing.stage = standing.stage.map(moved),
        _ => {}
    };
    for injection in &mut rehearsal.injections {
        if let Some(course) = &mut injection.at {
            move_anchor(&mut course.from);
        }
    }
    let experiment = &mut rehearsal.experiment;
    for effect in experiment.release.iter_mut().chain(&mut experiment.faults) {
        move_anchor(&mut effect.course.from);
    }
}
