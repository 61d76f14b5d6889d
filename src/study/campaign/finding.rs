//! Broken promises, as they are found and as they are shrunk.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use chaos::checker::Finding;
use chaos::rehearsal::Rehearsal;
use chaos::shrink::{Shrunk, manner, shrink_while};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::Campaign;
use super::tally::Tally;

/// A promise that was broken in one rehearsal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Violation {
    /// The rehearsal.
    pub number: u64,
    /// The promise, by its code.
    pub invariant: String,
    /// What happened, as a sentence without a full stop.
    pub detail: String,
    /// The same without its numbers: in which manner the promise was broken.
    pub manner: String,
    /// Milliseconds of virtual time until it was broken first.
    pub at_ms: Option<u64>,
    /// The names of the faults, in their order.
    pub faults: Vec<String>,
    /// Whether every fault was within what the policy tolerates.
    pub within: bool,
}

/// A broken promise with the smallest rehearsal that still breaks it in the same manner.
#[derive(Clone, Debug)]
pub struct Shown {
    /// How it was found.
    pub found: Violation,
    /// How it looks now; the number is that of the rehearsal in which it was found.
    pub shrunk: Violation,
    /// The smallest rehearsal, where any was looked for.
    pub small: Option<Shrunk>,
    /// The rehearsal as it was found.
    pub original: Rehearsal,
}

impl Violation {
    /// Notes what was found in a rehearsal.
    pub fn of(number: u64, finding: &Finding, rehearsal: &Rehearsal, within: bool) -> Self {
        let faults = rehearsal.injections.iter();
        Self {
            number,
            invariant: finding.id.to_owned(),
            detail: finding.detail.clone(),
            manner: manner(finding),
            at_ms: finding.at.map(|at| at.as_nanos() / 1_000_000),
            faults: faults.map(|one| one.fault.name().to_owned()).collect(),
            within,
        }
    }

    /// Whether a rollback ended, but after its deadline.
    ///
    /// How long hosts take is drawn, and a scenario says which share of the rollbacks may be late: one that
    /// is late breaks the promise by chance and not by design.
    pub fn is_late(&self) -> bool {
        self.invariant == "INV-ROLLBACK"
            && self.manner.starts_with("the last host was reverted after")
    }

    /// By what one violation is preferred to another as the example of both: within the tolerance, with
    /// fewer faults, earlier in the rollout, earlier in the campaign.
    pub fn rank(&self) -> (bool, usize, u64, u64) {
        let at = self.at_ms.unwrap_or(u64::MAX);
        (!self.within, self.faults.len(), at, self.number)
    }
}

/// So many ways of breaking promises are shrunk.
const SHRUNK_MAX: usize = 40;

/// Shrinks the best example of each way in which a promise was broken, on the threads of the pool that
/// this is called in; returns the distinct ones, the worst first. Once `stop` is set they stay as they are.
pub fn shrink_all(
    campaign: &Campaign,
    tally: &Tally,
    replays: u32,
    stop: &AtomicBool,
) -> Vec<Shown> {
    let promises = tally.promises.values();
    let mut examples: Vec<&Violation> = promises.flat_map(|one| &one.examples).collect();
    examples.sort_by_key(|violation| violation.rank());
    examples.truncate(SHRUNK_MAX);
    let shrunk = examples.par_iter().with_max_len(1);
    let mut shown: Vec<Shown> = shrunk
        .map(|violation| shrunk_one(campaign, violation, replays, stop))
        .collect();
    shown.sort_by_key(|one| one.shrunk.rank());
    distinct(shown)
}

fn shrunk_one(campaign: &Campaign, found: &Violation, replays: u32, stop: &AtomicBool) -> Shown {
    let original = campaign.rehearsal(found.number);
    let goes_on = || !stop.load(Ordering::Relaxed);
    let small = (replays > 0 && goes_on())
        .then(|| shrink_while(&original, &found.invariant, replays, &goes_on));
    let small = small.flatten();
    let rehearsal = small.as_ref().map_or(&original, |one| &one.rehearsal);
    let within = campaign.bears(rehearsal);
    let again = rehearsal.play().ok();
    let finding = again
        .as_ref()
        .and_then(|played| played.finding(&found.invariant));
    let shrunk = finding.map_or_else(
        || found.clone(),
        |finding| Violation::of(found.number, finding, rehearsal, within),
    );
    Shown {
        found: found.clone(),
        shrunk,
        small,
        original,
    }
}

/// One finding for each promise, manner and set of faults.
fn distinct(shown: Vec<Shown>) -> Vec<Shown> {
    let mut seen = BTreeSet::new();
    let key = |one: &Shown| {
        let mut faults = one.shrunk.faults.clone();
        faults.sort();
        (one.shrunk.invariant.clone(), faults)
    };
    shown
        .into_iter()
        .filter(|one| seen.insert(key(one)))
        .collect()
}
