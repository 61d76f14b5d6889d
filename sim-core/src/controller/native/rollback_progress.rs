//! How far a rollback is.

use crate::engine::SimTime;

/// How far a rollback is.
#[derive(Clone, Debug, Default)]
pub(crate) struct RollbackProgress {
    pub began: SimTime,
    /// The steps in the order in which they are taken, and how many of them have been.
    pub order: Vec<u16>,
    pub step: usize,
    pub attempt: u16,
    /// Whether a required step failed or the bad content came back.
    pub failed: bool,
    pub reverted: bool,
    pub partial: bool,
    /// The units that the step is taking back.
    pub moving: u32,
    /// The class that must sign off afterwards.
    pub class: Option<usize>,
}

impl RollbackProgress {
    /// A rollback that begins at `now`.
    pub fn beginning(now: SimTime) -> Self {
        Self {
            began: now,
            ..Self::default()
        }
    }
}
