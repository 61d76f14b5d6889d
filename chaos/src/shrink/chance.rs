//! Less that is left to chance: constants where something was drawn.

use sim_core::engine::{Distribution, SimDuration};
use sim_core::fleet::Update;

use super::reducer::Reducer;
use crate::rehearsal::Rehearsal;

/// Replaces what is drawn about updates and people by constants: all of it, then the updates, then the
/// people.
pub(super) fn pass(reducer: &mut Reducer<'_, '_>) {
    let all = reducer.tries(|candidate| {
        updates(candidate);
        people(candidate);
    });
    if !all {
        reducer.tries(updates);
        reducer.tries(people);
    }
}

fn updates(candidate: &mut Rehearsal) {
    let fleet = &mut candidate.experiment.fleet;
    fleet.host_effect = 0.0;
    fleet.update = Update {
        takes: constant(&fleet.update.takes),
        common: 0.0,
        fails: 0.0,
        stragglers: None,
        ..fleet.update.clone()
    };
}

fn people(candidate: &mut Rehearsal) {
    for person in &mut candidate.experiment.operators {
        person.answers_in = constant(&person.answers_in);
        person.silent = 0.0;
    }
}

/// Returns a typical delay: the median where it is at hand, else the mean or the middle of the range.
fn constant(drawn: &Distribution) -> Distribution {
    Distribution::Constant(match drawn {
        Distribution::Constant(delay) => *delay,
        Distribution::Uniform { low, high } => {
            SimDuration::from_nanos(low.as_nanos().midpoint(high.as_nanos()))
        }
        Distribution::Exponential { mean } | Distribution::NormalPositive { mean, .. } => *mean,
        Distribution::Lognormal { median, .. } => *median,
        Distribution::Empirical { values } => {
            let mut values = values.clone();
            values.sort_unstable();
            values[values.len() / 2]
        }
    })
}
