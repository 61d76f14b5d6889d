//! A waiver that is expired, refused or aimed at nothing.

use sim_core::engine::SimDuration;
use sim_core::policy::{Waiver, WaiverRefusal};

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM222",
        title: "a waiver does not count",
        explanation: "A waiver needs two different people, a reason and at most 90 days, and it must \
                      name a rule that exists. Until then the rule holds as if there were none.",
    },
    name: "refused-waiver",
    source: "Rollout Wedge Policy, Appeal Process",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let waivers = crate::check::each("waivers", &subject.policy.waivers);
    let refused = waivers.filter_map(|(path, waiver)| {
        let message = match waiver.refusal(SimDuration::ZERO) {
            Some(refusal) => format!("the waiver of `{}` {}", waiver.rule, words(refusal, waiver)),
            None if !(subject.is_rule)(&waiver.rule) => {
                let problem = Problem::warning(
                    "CM222",
                    format!("{path}.rule"),
                    format!("the waiver names `{}`, which is no rule", waiver.rule),
                );
                return Some(
                    problem.help("name a rule by its code, such as CM205, or by its name"),
                );
            }
            None => return None,
        };
        Some(Problem::warning("CM222", path, message).help("renew the waiver, or obey the rule"))
    });
    refused.collect()
}

fn words(refusal: WaiverRefusal, waiver: &Waiver) -> String {
    match refusal {
        WaiverRefusal::TooFewApprovers => "needs two different approvers".to_owned(),
        WaiverRefusal::TooLong => {
            format!(
                "is for {}, longer than {}",
                waiver.valid_for,
                Waiver::LONGEST
            )
        }
        WaiverRefusal::Expired => {
            format!(
                "expired: it is {} old and was for {}",
                waiver.age, waiver.valid_for
            )
        }
        WaiverRefusal::NoRationale => "gives no rationale".to_owned(),
    }
}
