//! What the rehearsals of a campaign add up to.

use std::collections::BTreeMap;

use chaos::coverage::Coverage;
use serde::{Deserialize, Serialize};
use sim_core::Outcome;
use sim_core::engine::RunningHash;

use super::facts::CampaignFacts;
use super::lineage::LineageTally;
use super::promise_tally::PromiseTally;
use super::violation::Violation;
use crate::study::Histogram;

/// The sum over the first rehearsals of a campaign, in their order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CampaignTally {
    /// The number of the next rehearsal.
    pub next: u64,
    /// How many rehearsals were played.
    pub runs: u64,
    /// How many were left out because such rehearsals had brought nothing new for long.
    pub left_out: u64,
    /// How many were not played because what they aim at had been come by.
    pub needless: u64,
    /// The number after the last rehearsal that brought something new.
    pub news_at: u64,
    /// What was covered.
    pub coverage: Coverage,
    /// In how many some fault had no effect that was seen.
    pub inconclusive: u64,
    /// In how many some promise was broken.
    pub violating: u64,
    /// How many were played twice, and how many of those differed.
    pub checked: u64,
    /// How many of them differed.
    pub differed: u64,
    /// The hash of the hashes, in order.
    pub hash: u64,
    /// How the rollouts ended.
    pub outcomes: BTreeMap<Outcome, u64>,
    /// How each promise fared, by its code.
    pub promises: BTreeMap<String, PromiseTally>,
    /// How each kind of fault fared, by its name.
    pub kinds: BTreeMap<String, KindTally>,
    /// What each part of the campaign came to, in their order.
    pub parts: Vec<PartTally>,
    /// What combinations of faults have shown.
    pub lineage: LineageTally,
    /// Thousandths of a minute of full outage.
    pub error_millimin: Histogram,
    /// Milliseconds until a regression was acted upon.
    pub detection_ms: Histogram,
    /// Milliseconds until the last host was back.
    pub rollback_ms: Histogram,
    /// The worst harm within the tolerance and the rehearsal in which it was done.
    pub worst_harm: Option<(u64, u64)>,
}

/// What the rehearsals of one part of a campaign came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PartTally {
    /// How many were played.
    pub runs: u64,
    /// In how many of them some promise was broken.
    pub violating: u64,
    /// In how many each promise was broken, by its code.
    pub broken: BTreeMap<String, u64>,
}

/// How a kind of fault fared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct KindTally {
    /// In how many rehearsals it was to happen.
    pub runs: u64,
    /// In how many of them it had an effect that was seen.
    pub shown: u64,
    /// In how many of those some promise was broken.
    pub broken: u64,
}

impl CampaignTally {
    /// Adds the next rehearsal, which belongs to the part of this place.
    pub fn add(&mut self, part: usize, facts: CampaignFacts) {
        let news = self.coverage.merge(&facts.coverage);
        self.next = facts.number + 1;
        self.runs += 1;
        self.inconclusive += u64::from(facts.inconclusive());
        self.violating += u64::from(!facts.violations.is_empty());
        self.checked += u64::from(facts.repeats.is_some());
        self.differed += u64::from(facts.repeats == Some(false));
        self.hash = joined(self.hash, facts.hash);
        *self.outcomes.entry(facts.outcome).or_default() += 1;
        self.parts
            .resize_with(self.parts.len().max(part + 1), PartTally::default);
        self.parts[part].add(&facts);
        self.note_faults(&facts);
        self.note_promises(&facts);
        self.measure(&facts);
        let mut new_manner = false;
        for violation in facts.violations {
            let promise = self.promises.entry(violation.invariant.clone());
            new_manner |= promise.or_default().example(violation);
        }
        if news > 0 || new_manner {
            self.news_at = self.next;
        }
    }

    fn note_faults(&mut self, facts: &CampaignFacts) {
        for (name, shown) in &facts.faults {
            let kind = self.kinds.entry(name.to_string()).or_default();
            kind.runs += 1;
            kind.shown += u64::from(*shown);
            kind.broken += u64::from(*shown && !facts.violations.is_empty());
        }
    }

    fn note_promises(&mut self, facts: &CampaignFacts) {
        for (id, status, slack) in &facts.promises {
            let promise = self.promises.entry(id.to_string()).or_default();
            let of_it = |violation: &&Violation| violation.invariant == **id;
            let late = facts.violations.iter().find(of_it);
            promise.add(facts, *status, *slack, late.is_some_and(Violation::is_late));
        }
    }

    fn measure(&mut self, facts: &CampaignFacts) {
        self.error_millimin.add(Some(facts.error_millimin));
        if let Some(detection) = facts.detection_ms {
            self.detection_ms.add(Some(detection));
        }
        if let Some(rollback) = facts.rollback_ms {
            self.rollback_ms.add(rollback);
        }
        let worst = self.worst_harm.map_or(0, |(harm, _)| harm);
        if facts.within && facts.error_millimin > worst {
            self.worst_harm = Some((facts.error_millimin, facts.number));
        }
    }
}

impl PartTally {
    pub(super) fn add(&mut self, facts: &CampaignFacts) {
        self.runs += 1;
        self.violating += u64::from(!facts.violations.is_empty());
        for violation in &facts.violations {
            *self.broken.entry(violation.invariant.clone()).or_default() += 1;
        }
    }
}

fn joined(before: u64, next: u64) -> u64 {
    let mut hash = RunningHash::new();
    hash.word(before);
    hash.word(next);
    hash.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_that_is_always_late_is_not_hidden_by_those_that_never_are() {
        let fared = |late_in: &[(u16, (u64, u64))]| PromiseTally {
            late_in: late_in.iter().copied().collect(),
            late_within: late_in.iter().map(|(_, (late, _))| late).sum(),
            tested_within: late_in.iter().map(|(_, (_, among))| among).sum(),
            ..PromiseTally::default()
        };
        let check = |late_in: &[(u16, (u64, u64))], late: bool, stages: &[u16]| {
            let fared = fared(late_in);
            assert_eq!(fared.is_too_late(0.05), late, "{late_in:?}");
            let found: Vec<u16> = fared.late_stages(0.05).map(|(stage, ..)| stage).collect();
            assert_eq!(found, stages, "{late_in:?}");
        };
        // 6 of 406 are 1.5 %, of which 5 % may be late; 6 of 6 are not chance.
        check(&[(0, (0, 400)), (1, (6, 6))], true, &[1]);
        check(&[(0, (3, 200)), (1, (3, 206))], false, &[]);
        check(&[(0, (0, 400)), (1, (1, 1))], false, &[]);
        check(&[(0, (60, 400)), (1, (0, 6))], true, &[0]);
    }
}
