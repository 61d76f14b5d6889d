//! Evidence: artifacts that must exist, be fresh, be readable and say something.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::engine::SimDuration;

/// A piece of evidence that a policy asks for, and how strictly it looks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent questions that a policy asks of an artifact"
)]
pub struct Evidence {
    /// The name of the evidence, unique in its policy.
    pub id: String,
    /// Whether an artifact that does not exist counts as a flaw.
    pub must_exist: bool,
    /// Whether an artifact that cannot be parsed counts as a flaw.
    pub must_parse: bool,
    /// Whether an artifact that reports nothing (no test run, a null field) counts as a flaw.
    pub must_not_be_vacuous: bool,
    /// Whether the artifact must say that what it checked passed.
    pub must_pass: bool,
    /// The greatest age at which the artifact still counts; none means that age is not looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<SimDuration>,
    /// The trigger class of a flaw found while a stage holds; none means that it only blocks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
}

/// How an artifact really is at some instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the facts that the four questions ask for"
)]
pub struct EvidenceState {
    /// Whether the artifact is there.
    pub exists: bool,
    /// Whether it can be parsed.
    pub parses: bool,
    /// Whether it reports at least one thing that was checked.
    pub says_something: bool,
    /// Whether what it reports is green.
    pub passes: bool,
    /// Its age when the rollout begins or when this state takes hold.
    pub age: SimDuration,
}

impl EvidenceState {
    /// Evidence in perfect order, made just now.
    pub const GOOD: Self = Self {
        exists: true,
        parses: true,
        says_something: true,
        passes: true,
        age: SimDuration::ZERO,
    };

    /// Returns whether the artifact is there, readable, not empty and green, at whatever age.
    pub const fn is_sound(&self) -> bool {
        self.exists && self.parses && self.says_something && self.passes
    }
}

/// What is wrong with a piece of evidence.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceFlaw {
    /// There is no artifact.
    Missing,
    /// The artifact cannot be parsed.
    Unparseable,
    /// The artifact is older than the policy accepts.
    Stale,
    /// The artifact checked nothing.
    Vacuous,
    /// The artifact says that something failed.
    Failed,
}

impl Evidence {
    /// Returns the first flaw that this policy sees in `state`, whose age is now `age`.
    ///
    /// The order is that in which a reader meets the flaws: an absent file has no age, an unreadable
    /// one no content.
    pub fn flaw(&self, state: EvidenceState, age: SimDuration) -> Option<EvidenceFlaw> {
        if !state.exists {
            return self.must_exist.then_some(EvidenceFlaw::Missing);
        }
        if !state.parses {
            return self.must_parse.then_some(EvidenceFlaw::Unparseable);
        }
        if self.max_age.is_some_and(|limit| age > limit) {
            return Some(EvidenceFlaw::Stale);
        }
        if !state.says_something && self.must_not_be_vacuous {
            return Some(EvidenceFlaw::Vacuous);
        }
        (!state.passes && self.must_pass).then_some(EvidenceFlaw::Failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strict() -> Evidence {
        Evidence {
            id: "bundle".into(),
            must_exist: true,
            must_parse: true,
            must_not_be_vacuous: true,
            must_pass: true,
            max_age: Some(SimDuration::from_hours(24)),
            class: None,
        }
    }

    #[track_caller]
    fn check(state: EvidenceState, age: SimDuration, expect: Option<EvidenceFlaw>) {
        assert_eq!(strict().flaw(state, age), expect);
    }

    #[test]
    fn each_flaw_alone_is_found() {
        let good = EvidenceState::GOOD;
        let day = SimDuration::from_hours(24);
        check(good, day, None);
        check(
            good,
            day + SimDuration::from_nanos(1),
            Some(EvidenceFlaw::Stale),
        );
        check(
            EvidenceState {
                exists: false,
                ..good
            },
            day,
            Some(EvidenceFlaw::Missing),
        );
        check(
            EvidenceState {
                parses: false,
                ..good
            },
            day,
            Some(EvidenceFlaw::Unparseable),
        );
        check(
            EvidenceState {
                says_something: false,
                ..good
            },
            day,
            Some(EvidenceFlaw::Vacuous),
        );
        check(
            EvidenceState {
                passes: false,
                ..good
            },
            day,
            Some(EvidenceFlaw::Failed),
        );
    }

    #[test]
    fn a_policy_that_does_not_ask_does_not_see() {
        let blind = Evidence {
            must_exist: false,
            must_parse: false,
            must_not_be_vacuous: false,
            must_pass: false,
            max_age: None,
            ..strict()
        };
        let worst = EvidenceState {
            exists: true,
            parses: true,
            says_something: false,
            passes: false,
            age: SimDuration::from_hours(9000),
        };
        assert_eq!(blind.flaw(worst, worst.age), None);
    }
}
