//! What the rehearsals of a campaign add up to.

use std::collections::BTreeMap;

use chaos::checker::Status;
use chaos::coverage::Coverage;
use serde::{Deserialize, Serialize};
use sim_core::Outcome;
use sim_core::engine::RunningHash;

use super::facts::CampaignFacts;
use super::lineage::LineageTally;
use super::violation::Violation;
use crate::study::Histogram;
use crate::study::interval::clopper_pearson;

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

/// How a promise fared.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PromiseTally {
    /// It was put to the test and held.
    pub held: u64,
    /// It was put to the test and held, but some fault never showed: that says nothing about this fault.
    pub held_inconclusive: u64,
    /// In how many rehearsals it was put to the test while a fault showed, by the fault's name.
    pub under: BTreeMap<String, u64>,
    /// How it fared in the rehearsals in which a fault of a group showed, by the name of the group.
    pub groups: BTreeMap<String, GroupTally>,
    /// It was broken by faults that the policy tolerates.
    pub broken_within: u64,
    /// It was broken by such faults, but only by chance: see [`Violation::is_late`].
    pub late_within: u64,
    /// It was put to the test by such faults.
    pub tested_within: u64,
    /// For rollbacks by such faults, by the number of the stage that was entered last: how many were late, of how many.
    pub late_in: BTreeMap<u16, (u64, u64)>,
    /// It was broken with faults beyond that.
    pub broken_beyond: u64,
    /// It was not put to the test.
    pub not_reached: u64,
    /// The least slack where it held.
    pub slack_held: Option<f64>,
    /// The least slack at all.
    pub slack: Option<f64>,
    /// The best examples of how it was broken.
    pub examples: Vec<Violation>,
}

/// How a promise fared under the faults of one group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct GroupTally {
    /// In how many rehearsals it was put to the test.
    pub tested: u64,
    /// In how many of them it was broken.
    pub broken: u64,
    /// The least slack.
    pub slack: Option<f64>,
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

/// So many examples of each manner of breaking a promise are kept, within the tolerance and beyond it.
const EXAMPLES: usize = 2;
/// So many examples of each promise are kept in all.
const EXAMPLES_MAX: usize = 12;

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
    fn add(&mut self, facts: &CampaignFacts) {
        self.runs += 1;
        self.violating += u64::from(!facts.violations.is_empty());
        for violation in &facts.violations {
            *self.broken.entry(violation.invariant.clone()).or_default() += 1;
        }
    }
}

/// Beyond what chance explains (Clopper and Pearson, 95 %).
fn is_too_often(late: u64, among: u64, allowed: f64) -> bool {
    among > 0 && clopper_pearson(late, among).low > allowed
}

impl PromiseTally {
    fn add(&mut self, facts: &CampaignFacts, status: Status, slack: Option<f64>, late: bool) {
        let within = facts.within && status != Status::NotReached;
        self.tested_within += u64::from(within);
        if let Some(stage) = facts.rolled_back_in.filter(|_| within) {
            let (late_ones, all) = self.late_in.entry(stage).or_default();
            *late_ones += u64::from(late);
            *all += 1;
        }
        if status != Status::NotReached {
            self.note_groups(facts, status, slack);
        }
        match status {
            Status::NotReached => self.not_reached += 1,
            Status::Violated if facts.within && late => self.late_within += 1,
            Status::Violated if facts.within => self.broken_within += 1,
            Status::Violated => self.broken_beyond += 1,
            Status::Holds => {
                self.held += 1;
                self.held_inconclusive += u64::from(facts.inconclusive());
            }
        }
        if status == Status::Holds {
            self.slack_held = least(self.slack_held, slack);
        }
        self.slack = least(self.slack, slack);
    }

    fn note_groups(&mut self, facts: &CampaignFacts, status: Status, slack: Option<f64>) {
        if status != Status::NotReached {
            for (name, _) in facts.faults.iter().filter(|(_, shown)| *shown) {
                *self.under.entry(name.to_string()).or_default() += 1;
            }
            for name in facts.groups() {
                let group = self.groups.entry(name.to_owned()).or_default();
                group.tested += 1;
                group.broken += u64::from(status == Status::Violated);
                group.slack = least(group.slack, slack);
            }
        }
    }

    /// Keeps the best examples of each manner; says whether the manner is a new one.
    fn example(&mut self, violation: Violation) -> bool {
        let alike = |known: &&Violation| {
            known.manner == violation.manner && known.within == violation.within
        };
        let (new, rank) = (
            !self.examples.iter().any(|known| alike(&known)),
            violation.rank(),
        );
        self.examples.push(violation);
        self.examples.sort_by_key(Violation::rank);
        let mut kept: BTreeMap<(String, bool), usize> = BTreeMap::new();
        self.examples.retain(|known| {
            let count = kept
                .entry((known.manner.clone(), known.within))
                .or_default();
            *count += 1;
            *count <= EXAMPLES
        });
        self.examples.truncate(EXAMPLES_MAX);
        new && self.examples.iter().any(|known| known.rank() == rank)
    }

    /// Whether more rollbacks are late than the share `allowed`, from all stages or from one of them.
    pub fn is_too_late(&self, allowed: f64) -> bool {
        self.is_late_in_all(allowed) || self.late_stages(allowed).next().is_some()
    }

    /// Whether more rollbacks are late than the share `allowed`, whatever their stage.
    pub fn is_late_in_all(&self, allowed: f64) -> bool {
        is_too_often(self.late_within, self.tested_within, allowed)
    }

    /// The stages from which more rollbacks are late than the share `allowed`, with how many of how many: one that
    /// is always late is hidden in the mean over the others. A single late one says little of a stage.
    pub fn late_stages(&self, allowed: f64) -> impl Iterator<Item = (u16, u64, u64)> {
        let stages = self.late_in.iter();
        let stages = stages.map(|(stage, (late, among))| (*stage, *late, *among));
        stages.filter(move |&(_, late, among)| late > 1 && is_too_often(late, among, allowed))
    }

    /// Returns in how many rehearsals it was put to the test.
    pub const fn tested(&self) -> u64 {
        self.held + self.broken_within + self.late_within + self.broken_beyond
    }
}

fn least(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
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

fn joined(before: u64, next: u64) -> u64 {
    let mut hash = RunningHash::new();
    hash.word(before);
    hash.word(next);
    hash.finish()
}
