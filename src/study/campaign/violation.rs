//! One way in which an invariant was broken.

use chaos::checker::Finding;
use chaos::rehearsal::Rehearsal;
use chaos::shrink::failure_signature;
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
    /// The same without its numbers: in which manner the promise was broken.
    pub manner: String,
    /// Milliseconds of virtual time until it was broken first.
    pub at_ms: Option<u64>,
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
            manner: failure_signature(finding),
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
