//! The rates that a study counts.

use serde::{Deserialize, Serialize};

/// Something whose frequency an objective limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rate {
    /// A good release was rolled back, fell back, was killed or aborted.
    FalseRollback,
    /// A good release stood still to the end: paused or unfinished.
    StalledRelease,
    /// A bad release was completed, nothing was done about it until the end, or users were left on it.
    MissedRegression,
    /// A rollback that began ended within the policy's deadline.
    RollbackWithinDeadline,
    /// The exposure that was reached stayed within the policy's blast radius.
    BlastWithin,
    /// The rollout ended as the scenario expects of this profile.
    ExpectedOutcome,
    /// The rollout of a bad release ended, or what ended it was decided, before the regression began.
    EndedBeforeRegression,
    /// The rollout of a bad release was stopped by a gate on a signal that the regression does not change.
    StoppedByChance,
    /// Users were still on a bad release at the end.
    StillExposed,
}

impl Rate {
    /// All rates, in the order of reports.
    pub const ALL: [Self; 9] = [
        Self::FalseRollback,
        Self::StalledRelease,
        Self::MissedRegression,
        Self::RollbackWithinDeadline,
        Self::BlastWithin,
        Self::ExpectedOutcome,
        Self::EndedBeforeRegression,
        Self::StoppedByChance,
        Self::StillExposed,
    ];

    /// Returns the word that files and reports use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::FalseRollback => "false_rollback",
            Self::StalledRelease => "stalled_release",
            Self::MissedRegression => "missed_regression",
            Self::RollbackWithinDeadline => "rollback_within_deadline",
            Self::BlastWithin => "blast_within",
            Self::ExpectedOutcome => "expected_outcome",
            Self::EndedBeforeRegression => "ended_before_regression",
            Self::StoppedByChance => "stopped_by_chance",
            Self::StillExposed => "still_exposed",
        }
    }

    /// Says whether the rate only tells how it went, without an objective.
    pub const fn is_told(self) -> bool {
        matches!(
            self,
            Self::EndedBeforeRegression | Self::StoppedByChance | Self::StillExposed
        )
    }

    /// Says whether the thing is wanted.
    pub const fn is_wanted(self) -> bool {
        matches!(
            self,
            Self::RollbackWithinDeadline | Self::BlastWithin | Self::ExpectedOutcome
        )
    }
}
