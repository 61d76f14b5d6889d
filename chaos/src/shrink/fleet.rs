//! A smaller fleet.

use super::reducer::Reducer;

/// The sizes that are tried, from the smallest.
const HOSTS: [u32; 4] = [4, 10, 20, 100];

/// Takes hosts away, and the regions among which they are spread.
pub(super) fn pass(reducer: &mut Reducer<'_, '_>) {
    let hosts = reducer.now.experiment.fleet.hosts;
    let smaller: Vec<u32> = HOSTS.into_iter().filter(|few| *few < hosts).collect();
    let both = reducer.tries(|candidate| {
        candidate.experiment.fleet.hosts = smaller.first().copied().unwrap_or(hosts);
        candidate.experiment.fleet.regions.clear();
    });
    if both {
        return;
    }
    reducer.halves(&smaller, |candidate, hosts| {
        candidate.experiment.fleet.hosts = hosts;
    });
    reducer.tries(|candidate| candidate.experiment.fleet.regions.clear());
}
