//! Frontiers of a policy, played on all cores.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use chaos::generator::{Axis, FaultSpace, axes, last_that_holds};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sim_core::Seed;

use super::Campaign;

/// How large a fault may get before a promise breaks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Frontier {
    /// The fault.
    pub fault: String,
    /// What of it is larger or smaller.
    pub knob: String,
    /// The largest size at which nothing broke, in seconds or as a fraction.
    pub holds: f64,
    /// The next size, at which something did; none where nothing ever did.
    pub breaks: Option<f64>,
    /// The size that the policy declares to withstand, where it declares one.
    pub declared: Option<f64>,
    /// Whether sizes are seconds; otherwise they are fractions.
    pub seconds: bool,
    /// The promises that broke first.
    pub promises: Vec<String>,
    /// How many rehearsals were played for it.
    pub runs: u64,
}

/// Returns the frontier along each axis that this space has, each size judged by so many rehearsals.
///
/// What breaks under the bad releases without the fault is no frontier of the fault: such promises are
/// left out. Once `stop` is set, what is not found yet is left out.
pub fn frontiers(campaign: &Campaign, replications: u64, stop: &AtomicBool) -> Vec<Frontier> {
    let declared: BTreeMap<&str, f64> = campaign.tolerance.sizes().collect();
    let one = |axis: &Axis| {
        let effort = FrontierEffort {
            root: campaign.seed,
            replications,
            stop,
        };
        let found = frontier(&campaign.space, *axis, effort)?;
        let declared = declared.get(axis.fault).copied();
        Some(Frontier { declared, ..found })
    };
    let axes = axes(campaign.tolerance.sizes());
    axes.par_iter().filter_map(one).collect()
}

/// The rehearsals by which each size is judged, and whether anybody still wants them.
#[derive(Clone, Copy)]
struct FrontierEffort<'a> {
    root: u64,
    replications: u64,
    stop: &'a AtomicBool,
}

impl FrontierEffort<'_> {
    fn is_over(self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// The last size at which nothing breaks, the next one, and what breaks there.
fn edge(most: u64, breaks: &mut impl FnMut(u64) -> Vec<String>) -> (u64, Option<u64>, Vec<String>) {
    let at_most = breaks(most);
    if at_most.is_empty() {
        return (most, None, Vec::new());
    }
    let holds = last_that_holds(most, |steps| breaks(steps).is_empty());
    let first = if holds + 1 == most {
        at_most
    } else {
        breaks(holds + 1)
    };
    (holds, Some(holds + 1), first)
}

fn frontier(space: &FaultSpace, axis: Axis, effort: FrontierEffort<'_>) -> Option<Frontier> {
    space.kind(axis.fault)?;
    let mut runs = 0;
    let mut broken = |steps: u64| {
        runs += effort.replications;
        broken(space, axis, steps, effort)
    };
    let anyway = broken(0);
    let mut new = |steps: u64| {
        let mut all = broken(steps);
        all.retain(|id| !anyway.contains(id));
        all
    };
    let most = axis.steps();
    let (holds, breaks, promises) = edge(most, &mut new);
    if effort.is_over() {
        return None;
    }
    Some(Frontier {
        fault: axis.fault.to_owned(),
        knob: axis.knob.word().to_owned(),
        holds: axis.size(holds),
        breaks: breaks.map(|steps| axis.size(steps)),
        declared: None,
        seconds: axis.knob.step() >= 1.0,
        promises,
        runs,
    })
}

/// The promises that break at a size, in the order of their codes.
fn broken(space: &FaultSpace, axis: Axis, steps: u64, effort: FrontierEffort<'_>) -> Vec<String> {
    let one = |replication: u64| {
        if effort.is_over() {
            return None;
        }
        let seed = Seed {
            root: effort.root,
            replication,
        };
        let rehearsal = axis.rehearsal(space, steps, seed)?;
        let played = rehearsal.play_beside(&space.grid).ok()?;
        let ids = played.violated().map(|finding| finding.id.to_owned());
        Some(ids.collect::<Vec<_>>())
    };
    let all: Vec<_> = (0..effort.replications)
        .into_par_iter()
        .filter_map(one)
        .collect();
    let mut ids = all.concat();
    ids.sort();
    ids.dedup();
    ids
}
