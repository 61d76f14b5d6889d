//! Less that the scenario holds besides the faults: effects of its release, effects of its own, flawed evidence.

use super::reducer::Reducer;
use crate::rehearsal::Rehearsal;

/// Drops all of it, or else each piece that plays no part. A fault of the catalogue that works through the
/// release is a fault, and none of this.
pub(super) fn pass(reducer: &mut Reducer<'_, '_>) {
    let all = reducer.tries(|candidate| {
        let experiment = &mut candidate.experiment;
        experiment.release.clear();
        experiment.faults.clear();
        experiment.evidence.clear();
    });
    if all {
        return;
    }
    for list in [release, faults, evidence] {
        let mut place = 0;
        while let Some(fewer) = list(&reducer.now, place) {
            place += usize::from(!reducer.takes(fewer));
        }
    }
}

fn release(now: &Rehearsal, place: usize) -> Option<Rehearsal> {
    (place < now.experiment.release.len()).then(|| {
        let mut fewer = now.clone();
        fewer.experiment.release.remove(place);
        fewer
    })
}

fn faults(now: &Rehearsal, place: usize) -> Option<Rehearsal> {
    (place < now.experiment.faults.len()).then(|| {
        let mut fewer = now.clone();
        fewer.experiment.faults.remove(place);
        fewer
    })
}

fn evidence(now: &Rehearsal, place: usize) -> Option<Rehearsal> {
    (place < now.experiment.evidence.len()).then(|| {
        let mut fewer = now.clone();
        fewer.experiment.evidence.remove(place);
        fewer
    })
}
