//! The lattice of verdicts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::common::style::Tone;

/// What is to be thought of a run. Verdicts are never averaged: the worst one wins, and the order
/// of the variants is the order from best to worst.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Verdict {
    /// Everything that was expected came true.
    Pass,
    /// It is a known limitation: violated only outside the declared tolerance, or within the accepted rate. Results of version 1 call
    /// it CHARACTERISED.
    #[serde(alias = "CHARACTERISED")]
    KnownLimitation,
    /// An objective or an expectation was not met.
    Miss,
    /// Something that the scenario declares never showed, so that nothing was put to the test.
    Inconclusive,
    /// A safety promise was broken.
    Fail,
}

impl Verdict {
    /// All verdicts, from best to worst.
    pub const ALL: [Self; 5] = [
        Self::Pass,
        Self::KnownLimitation,
        Self::Miss,
        Self::Inconclusive,
        Self::Fail,
    ];

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

    /// Returns the tone in which the word is said.
    pub const fn tone(self) -> Tone {
        match self {
            Self::Pass => Tone::Good,
            Self::KnownLimitation => Tone::Strong,
            Self::Miss | Self::Fail => Tone::Bad,
            Self::Inconclusive => Tone::Doubt,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_verdict_wins() {
        assert!(Verdict::ALL.is_sorted());
        assert_eq!(
            Verdict::Miss.max(Verdict::Inconclusive),
            Verdict::Inconclusive
        );
    }

    #[test]
    fn files_and_reports_use_the_same_words_but_for_the_blank() {
        for verdict in Verdict::ALL {
            let json = serde_json::to_string(&verdict).expect("a word");
            assert_eq!(json, format!("\"{}\"", verdict.word().replace(' ', "_")));
        }
    }
}
