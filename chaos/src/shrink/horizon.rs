//! A shorter play.

use sim_core::engine::SimDuration;

use super::reducer::Reducer;
use crate::rehearsal::Rehearsal;

/// Whether the play may be cut short after the promise was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Horizon {
    /// It may.
    Cut,
    /// It may not.
    Kept,
}

/// How long the play may go on after the promise was broken, from the shortest.
const AFTER: [SimDuration; 4] = [
    SimDuration::from_mins(1),
    SimDuration::from_mins(10),
    SimDuration::from_hours(1),
    SimDuration::from_hours(4),
];

/// Ends the play soon after the promise was broken, at a whole minute.
pub(super) fn pass(reducer: &mut Reducer<'_, '_>) {
    let broken = reducer.violation.at.elapsed();
    let latest = latest(&reducer.now);
    let steps = AFTER.map(|after| whole_minutes(broken.saturating_add(after)));
    let steps: Vec<SimDuration> = steps.into_iter().filter(|it| *it > latest).collect();
    reducer.halves(&steps, |candidate, horizon| {
        candidate.experiment.horizon = horizon;
    });
}

/// Returns the longest time after its anchor at which an effect begins: no play ends before that, even if the
/// effect then never comes.
fn latest(rehearsal: &Rehearsal) -> SimDuration {
    let lowered = rehearsal.lowered().map(|(experiment, _)| experiment);
    let experiment = lowered.unwrap_or_else(|_| rehearsal.experiment.clone());
    let effects = experiment.release.iter().chain(&experiment.faults);
    let after = effects.map(|effect| effect.course.after);
    after.max().unwrap_or(SimDuration::ZERO)
}

fn whole_minutes(time: SimDuration) -> SimDuration {
    let minute = SimDuration::from_mins(1).as_nanos();
    SimDuration::from_nanos(time.as_nanos() / minute * minute)
}

/// Returns the same rehearsal, played for `horizon`.
pub(super) fn with_horizon(rehearsal: &Rehearsal, horizon: SimDuration) -> Rehearsal {
    let mut other = rehearsal.clone();
    other.experiment.horizon = horizon;
    other
}
