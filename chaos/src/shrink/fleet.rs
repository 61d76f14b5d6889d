//! A smaller fleet.

use super::engine::Hunt;

/// The sizes that are tried, from the smallest.
const HOSTS: [u32; 4] = [4, 10, 20, 100];

/// Takes hosts away, and the regions among which they are spread.
pub(super) fn pass(hunt: &mut Hunt<'_, '_>) {
    let hosts = hunt.now.experiment.fleet.hosts;
    let smaller: Vec<u32> = HOSTS.into_iter().filter(|few| *few < hosts).collect();
    let both = hunt.tries(|candidate| {
        candidate.experiment.fleet.hosts = smaller.first().copied().unwrap_or(hosts);
        candidate.experiment.fleet.regions.clear();
    });
    if both {
        return;
    }
    hunt.halves(&smaller, |candidate, hosts| {
        candidate.experiment.fleet.hosts = hosts;
    });
    hunt.tries(|candidate| candidate.experiment.fleet.regions.clear());
}
