//! How a rollout ended.

/// How a rollout ended.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The last stage was done.
    Completed,
    /// Everything returned to the old version.
    RolledBack,
    /// The rollout stands still and nobody let it go on.
    Paused,
    /// A rung of the fallback ladder holds.
    FellBack,
    /// The kill switch was thrown.
    Killed,
    /// The rollout was never allowed to start, or its rollback could not be carried out.
    Aborted,
    /// The simulation ended first.
    Unfinished,
}

impl Outcome {
    /// All outcomes, in the order of reports.
    pub const ALL: [Self; 7] = [
        Self::Completed,
        Self::RolledBack,
        Self::Paused,
        Self::FellBack,
        Self::Killed,
        Self::Aborted,
        Self::Unfinished,
    ];

    /// Returns the word that files and reports use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::RolledBack => "rolled_back",
            Self::Paused => "paused",
            Self::FellBack => "fell_back",
            Self::Killed => "killed",
            Self::Aborted => "aborted",
            Self::Unfinished => "unfinished",
        }
    }
}
