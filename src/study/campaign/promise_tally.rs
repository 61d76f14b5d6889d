//! How promises fared in a campaign.

use std::collections::BTreeMap;

use chaos::checker::Status;
use serde::{Deserialize, Serialize};

use crate::study::campaign::facts::CampaignFacts;
use crate::study::campaign::violation::Violation;
use crate::study::interval::clopper_pearson;

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

/// So many examples of each manner of breaking a promise are kept, within the tolerance and beyond it.
pub(super) const EXAMPLES: usize = 2;
/// So many examples of each promise are kept in all.
pub(super) const EXAMPLES_MAX: usize = 12;

/// Beyond what chance explains (Clopper and Pearson, 95 %).
pub(super) fn is_too_often(late: u64, among: u64, allowed: f64) -> bool {
    among > 0 && clopper_pearson(late, among).low > allowed
}

impl PromiseTally {
    fn note_rollback(&mut self, stage: u16, late: bool) {
        let (late_ones, all) = self.late_in.entry(stage).or_default();
        *late_ones += u64::from(late);
        *all += 1;
    }

    pub(super) fn add(
        &mut self,
        facts: &CampaignFacts,
        status: Status,
        slack: Option<f64>,
        late: bool,
    ) {
        let within = facts.within && status != Status::NotReached;
        self.tested_within += u64::from(within);
        if let Some(stage) = facts.rolled_back_in.filter(|_| within) {
            self.note_rollback(stage, late);
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
    pub(super) fn example(&mut self, violation: Violation) -> bool {
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

pub(super) fn least(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
