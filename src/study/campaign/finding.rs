//! Broken promises, as they are found and as they are shrunk.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use chaos::rehearsal::Rehearsal;
use chaos::shrink::{Shrunk, shrink_while};
use rayon::prelude::*;

use super::Campaign;
use super::tally::CampaignTally;
use super::violation::Violation;

/// A broken promise with the smallest rehearsal that still breaks it in the same manner.
#[derive(Clone, Debug)]
pub struct ShrunkViolation {
    /// How it was found.
    pub found: Violation,
    /// How it looks now; the number is that of the rehearsal in which it was found.
    pub shrunk: Violation,
    /// The smallest rehearsal, where any was looked for.
    pub small: Option<Shrunk>,
    /// The rehearsal as it was found.
    pub original: Rehearsal,
}

/// So many ways of breaking promises are shrunk.
const SHRUNK_MAX: usize = 40;

/// Shrinks the best example of each way in which a promise was broken, on the threads of the pool that
/// this is called in; returns the distinct ones, the worst first. Once `stop` is set they stay as they are.
pub fn shrink_all(
    campaign: &Campaign,
    tally: &CampaignTally,
    replays: u32,
    stop: &AtomicBool,
) -> Vec<ShrunkViolation> {
    let promises = tally.promises.values();
    let mut examples: Vec<&Violation> = promises.flat_map(|one| &one.examples).collect();
    examples.sort_by_key(|violation| violation.rank());
    examples.truncate(SHRUNK_MAX);
    let shrunk = examples.par_iter().with_max_len(1);
    let mut shown: Vec<ShrunkViolation> = shrunk
        .map(|violation| shrunk_one(campaign, violation, replays, stop))
        .collect();
    shown.sort_by_key(|one| one.shrunk.rank());
    distinct(shown)
}

fn shrunk_one(
    campaign: &Campaign,
    found: &Violation,
    replays: u32,
    stop: &AtomicBool,
) -> ShrunkViolation {
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
    ShrunkViolation {
        found: found.clone(),
        shrunk,
        small,
        original,
    }
}

/// One finding for each promise, manner and set of faults.
fn distinct(shown: Vec<ShrunkViolation>) -> Vec<ShrunkViolation> {
    let mut seen = BTreeSet::new();
    let key = |one: &ShrunkViolation| {
        let mut faults = one.shrunk.faults.clone();
        faults.sort();
        (one.shrunk.invariant.clone(), faults)
    };
    shown
        .into_iter()
        .filter(|one| seen.insert(key(one)))
        .collect()
}
