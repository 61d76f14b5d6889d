//! The deployment: which units serve which version.

use crate::engine::{Share, SimTime};
use crate::fleet::{Try, VersionAllocation};
use crate::plan::Plan;
use crate::run::Exposure;
use crate::traffic::{Reach, Split};

/// Where the versions are, and how far the new one has come.
#[derive(Clone)]
pub(crate) struct Deployment {
    pub(super) versions: VersionAllocation,
    /// What a declared share reaches where a splitter stands in between.
    pub(super) reach: Reach,
    /// The waves so far.
    pub(super) waves: u32,
    pub(super) exposure: Exposure,
    /// The exposure that was last written to the history.
    pub(super) exposure_noted: Share,
    /// Since when how many units serve the new version, the oldest first, where users are the same ones.
    pub(super) joined: Vec<(SimTime, u32)>,
    /// First tries of updates whose outcome nobody knows yet, where a signal tells it.
    pub(super) tries: Vec<Try>,
    /// The units that were taken back to the bad content: the old version by name, the release by what it does.
    pub(super) spoilt: u32,
}

impl Deployment {
    /// Nothing serves the new version yet.
    pub fn new(plan: &Plan, reach: Reach) -> Self {
        let split = plan.experiment.traffic.split;
        Self {
            versions: VersionAllocation::new(split != Split::ByHost, plan.units),
            reach,
            waves: 0,
            exposure: Exposure::default(),
            exposure_noted: Share::ZERO,
            joined: Vec::new(),
            tries: Vec::new(),
            spoilt: 0,
        }
    }

    /// Takes the tries whose outcome is known by `now`: how many failed, and how many there were.
    pub fn take_tries(&mut self, now: SimTime) -> [f64; 2] {
        let mut outcomes = [0.0; 2];
        if self.tries.is_empty() {
            return outcomes;
        }
        self.tries.retain(|it| {
            if it.known <= now {
                outcomes[0] += f64::from(u8::from(it.failed));
                outcomes[1] += 1.0;
            }
            it.known > now
        });
        outcomes
    }

    /// Forgets the tries that have not begun by `now`: they never will.
    pub fn drop_tries(&mut self, now: SimTime) {
        self.tries.retain(|it| it.begins < now);
    }

    /// Notes the exposure that is declared from now on.
    pub fn declare(&mut self, target: Share) {
        self.exposure.declared_max = self.exposure.declared_max.max(target);
    }

    /// Notes that so many more units serve the bad content under the old version's name.
    pub fn spoil(&mut self, units: u32) {
        self.spoilt = self.spoilt.saturating_add(units);
    }

    /// The good content is back.
    pub fn unspoil(&mut self) {
        self.spoilt = 0;
    }
}
