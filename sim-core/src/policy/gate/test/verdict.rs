//! Verdicts: what a test says after a look.

/// What a test says after a look.
///
/// "Rejects" is about the null hypothesis that the release is harmless: a gate that waits for it
/// fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The evidence suffices for neither side.
    Undecided,
    /// The null is accepted; only tests that bound the second kind of error say so.
    Accepted,
    /// The null is rejected.
    Rejected,
}

impl Verdict {
    /// Returns `Rejected` where `rejects` holds, and `Undecided` otherwise.
    pub const fn rejected_if(rejects: bool) -> Self {
        if rejects {
            Self::Rejected
        } else {
            Self::Undecided
        }
    }

    /// Says whether the null is rejected.
    pub const fn rejects(self) -> bool {
        matches!(self, Self::Rejected)
    }
}
