//! Fates: what became of a mutant.

use serde::Serialize;

/// What became of a mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MutantStatus {
    /// A promise of the original was broken.
    Caught {
        /// The promise, by its code.
        promise: &'static str,
        /// The rehearsal, by its place in the campaign.
        probe: usize,
        /// What happened, as a sentence without a full stop.
        detail: String,
    },
    /// No rehearsal noticed.
    Survived(Survival),
    /// It is no policy that could be rolled out: its file would be refused.
    Unviable(String),
}

/// Why nobody noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Survival {
    /// It did something else, and no promise forbids that.
    NoOracle,
    /// Nothing that happened puts the place to the test.
    NotReached,
    /// It saw something else and did the same, because something else did the same work.
    Masked,
    /// Every history of the whole campaign is the same to the last bit although the place was put to the
    /// test.
    Equivalent,
}

/// The word for a fate in reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MutantVerdict {
    /// Some rehearsal noticed.
    Caught,
    /// None did.
    Missed,
    /// None did, and none had to: something else did the same work.
    Masked,
    /// There is nothing to notice.
    Equivalent,
    /// It could not be rolled out at all.
    Unviable,
}

impl MutantVerdict {
    /// All of them, in the order of reports.
    pub const ALL: [Self; 5] = [
        Self::Caught,
        Self::Missed,
        Self::Masked,
        Self::Equivalent,
        Self::Unviable,
    ];

    /// Returns the word that reports use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Caught => "caught",
            Self::Missed => "missed",
            Self::Masked => "masked",
            Self::Equivalent => "equivalent",
            Self::Unviable => "unviable",
        }
    }

    /// Whether the mutant counts: it can be rolled out, and there is something to notice.
    pub const fn counts(self) -> bool {
        matches!(self, Self::Caught | Self::Missed | Self::Masked)
    }
}

impl Survival {
    /// Returns the words that reports use.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NoOracle => "no oracle",
            Self::NotReached => "not reached",
            Self::Masked => "masked by redundancy",
            Self::Equivalent => "equivalent",
        }
    }
}

impl MutantStatus {
    /// Returns the word for it.
    pub const fn verdict(&self) -> MutantVerdict {
        match self {
            Self::Caught { .. } => MutantVerdict::Caught,
            Self::Survived(Survival::NoOracle | Survival::NotReached) => MutantVerdict::Missed,
            Self::Survived(Survival::Masked) => MutantVerdict::Masked,
            Self::Survived(Survival::Equivalent) => MutantVerdict::Equivalent,
            Self::Unviable(_) => MutantVerdict::Unviable,
        }
    }
}
