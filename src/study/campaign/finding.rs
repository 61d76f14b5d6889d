//! Broken promises, as they are found.

use chaos::checker::Finding;
use chaos::rehearsal::Rehearsal;
use serde::{Deserialize, Serialize};

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
    /// Seconds of virtual time until it was broken first.
    pub at_s: Option<f64>,
    /// The names of the faults, in their order.
    pub faults: Vec<String>,
    /// Whether every fault was within what the policy tolerates.
    pub within: bool,
}

impl Violation {
    /// Notes what was found in a rehearsal.
    pub fn of(number: u64, finding: &Finding, rehearsal: &Rehearsal, within: bool) -> Self {
        let faults = rehearsal.injections.iter();
        Self {
            number,
            invariant: finding.id.to_owned(),
            detail: finding.detail.clone(),
            at_s: finding.at.map(sim_core::engine::SimTime::as_secs_f64),
            faults: faults.map(|one| one.fault.name().to_owned()).collect(),
            within,
        }
    }

    /// By what one violation of a promise is preferred to another as its example: within the tolerance,
    /// with fewer faults, earlier in the rollout, earlier in the campaign.
    pub fn rank(&self) -> (bool, usize, u64, u64) {
        let at = self.at_s.map_or(u64::MAX, |at| (at * 1e3) as u64);
        (!self.within, self.faults.len(), at, self.number)
    }
}
