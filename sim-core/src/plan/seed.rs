//! Where the randomness of a rollout comes from.

use crate::engine::Key;

/// Where the randomness of one rollout comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seed {
    /// The root seed of the study.
    pub root: u64,
    /// The number of the replication.
    pub replication: u64,
}

/// What sets the key of a study apart from those of its rollouts.
const STUDY: u64 = 0x5011_7731_0000_0000;

impl Seed {
    /// The key of one rollout.
    pub(crate) fn key(self) -> Key {
        Key::for_replication(self.root, self.replication)
    }

    /// The key of what stays the same over all rollouts of a study: who its users are.
    pub(crate) fn study(self) -> Key {
        Key::for_replication(self.root ^ STUDY, 0)
    }
}
