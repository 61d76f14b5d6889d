//! The deployment: which units serve which version.

use crate::engine::{Share, SimTime};
use crate::fleet::VersionAllocation;
use crate::run::Exposure;

/// Where the versions are, and how far the new one has come.
#[derive(Clone)]
pub(crate) struct Deployment {
    pub(super) versions: VersionAllocation,
    /// The waves so far.
    pub(super) waves: u32,
    pub(super) exposure: Exposure,
    /// The exposure that was last written to the history.
    pub(super) exposure_noted: Share,
    /// Since when how many units serve the new version, the oldest first, where users are the same ones.
    pub(super) joined: Vec<(SimTime, u32)>,
    /// The units that were taken back to the bad content: the old version by name, the release by what it does.
    pub(super) spoilt: u32,
}

impl Deployment {
    /// Nothing serves the new version yet; `by_router` says whether requests are split and not hosts.
    pub fn new(by_router: bool, units: u32) -> Self {
        Self {
            versions: VersionAllocation::new(by_router, units),
            waves: 0,
            exposure: Exposure::default(),
            exposure_noted: Share::ZERO,
            joined: Vec::new(),
            spoilt: 0,
        }
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
