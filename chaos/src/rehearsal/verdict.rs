//! Verdicts: what a rehearsal, or many, say about a promise. The worst wins; nothing is averaged.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is said of a promise, from the best to the worst.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It was put to the test and held.
    #[default]
    Pass,
    /// It was broken only beyond what the policy declares to tolerate.
    KnownLimitation,
    /// It was never put to the test, so that nothing is known.
    Miss,
    /// A fault had no effect that was seen, so that the rehearsal did not show what it was meant to.
    Inconclusive,
    /// It was broken within what the policy declares to tolerate.
    Fail,
}

impl Verdict {
    /// Returns the word that reports use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::KnownLimitation => "KNOWN LIMITATION",
            Self::Miss => "MISS",
            Self::Inconclusive => "INCONCLUSIVE",
            Self::Fail => "FAIL",
        }
    }
}
