//! Waivers: a rule set aside, by whom and until when.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::engine::SimDuration;

/// A waiver of one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Waiver {
    /// The rule that is waived, by its code or id.
    pub rule: String,
    /// Who approved it.
    pub approvers: Vec<String>,
    /// How long ago it was approved when the rollout begins.
    pub age: SimDuration,
    /// For how long it was approved.
    pub valid_for: SimDuration,
    /// Why it was asked for.
    #[serde(default)]
    pub rationale: String,
}

/// A gap of the policy that its authors mean, such as no deadline for a rollback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct WaivedGap {
    /// The kind of gap, as a campaign names it, such as `no-deadline`.
    pub gap: String,
    /// The stage, gate, step or other part that is meant; none means all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Why it is meant.
    pub reason: String,
}

/// Why a waiver does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WaiverRefusal {
    /// Fewer than two different people approved it.
    TooFewApprovers,
    /// It was approved for more than the longest time allowed.
    TooLong,
    /// Its time is over.
    Expired,
    /// It gives no reason.
    NoRationale,
}

impl Waiver {
    /// The longest time for which a waiver may be approved (Rollout Wedge Policy, Appeal Process).
    pub const LONGEST: SimDuration = SimDuration::from_hours(90 * 24);

    /// Returns why the waiver does not count when the rollout is `elapsed` old, or nothing if it does.
    pub fn refusal(&self, elapsed: SimDuration) -> Option<WaiverRefusal> {
        let mut people = self.approvers.clone();
        people.sort();
        people.dedup();
        if people.len() < 2 {
            Some(WaiverRefusal::TooFewApprovers)
        } else if self.valid_for > Self::LONGEST {
            Some(WaiverRefusal::TooLong)
        } else if self.age + elapsed > self.valid_for {
            Some(WaiverRefusal::Expired)
        } else {
            self.rationale
                .trim()
                .is_empty()
                .then_some(WaiverRefusal::NoRationale)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(n: u64) -> SimDuration {
        SimDuration::from_hours(24 * n)
    }

    #[track_caller]
    fn check(approvers: &[&str], age: u64, valid_for: u64, expect: Option<WaiverRefusal>) {
        let waiver = Waiver {
            rule: "CM204".into(),
            approvers: approvers.iter().map(ToString::to_string).collect(),
            age: days(age),
            valid_for: days(valid_for),
            rationale: "one region only".into(),
        };
        assert_eq!(waiver.refusal(SimDuration::ZERO), expect);
    }

    /// Acceptance row 12, second part: an expired waiver is refused.
    #[test]
    fn a_waiver_needs_two_people_and_ends_after_its_time() {
        check(&["lead", "peer"], 0, 90, None);
        check(&["lead", "peer"], 90, 90, None);
        check(&["lead", "peer"], 91, 90, Some(WaiverRefusal::Expired));
        check(&["lead", "peer"], 0, 91, Some(WaiverRefusal::TooLong));
        check(&["lead"], 0, 90, Some(WaiverRefusal::TooFewApprovers));
        check(
            &["lead", "lead"],
            0,
            90,
            Some(WaiverRefusal::TooFewApprovers),
        );
    }
}
