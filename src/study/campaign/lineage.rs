//! What the combinations of faults of a campaign have shown.

use chaos::generator::FaultSpace;
use reports::{ChaosCombination, ChaosLineage};
use serde::{Deserialize, Serialize};

use super::part::{CampaignPart, Generator};
use super::violation::Violation;

/// The sum over the combinations that were played, the small ones first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LineageTally {
    /// The promises that the release breaks with no fault at all.
    pub anyway: Vec<String>,
    /// How many combinations were played.
    pub played: u64,
    /// How many were left out because they hold a smaller one that breaks a promise already.
    pub left_out: u64,
    /// The combinations that break a promise and hold no smaller one that does: places in the support, and
    /// the promises.
    pub breaking: Vec<(Vec<u16>, Vec<String>)>,
}

impl LineageTally {
    /// Whether a combination holds a smaller one that breaks a promise, so that nothing is to be learnt.
    pub fn settles(&self, places: &[u16]) -> bool {
        let inside = |small: &[u16]| small.iter().all(|place| places.contains(place));
        let smaller = |small: &[u16]| small.len() < places.len() && inside(small);
        self.breaking.iter().any(|(small, _)| smaller(small))
    }

    /// Adds a combination that was played. All of them meet the same luck, so that what the release breaks by
    /// itself, by chance or not, no combination of faults is to blame for.
    pub fn add(&mut self, places: Vec<u16>, violations: &[Violation]) {
        let mut broken: Vec<String> = violations.iter().map(|one| one.invariant.clone()).collect();
        if places.is_empty() {
            self.anyway = broken;
            return;
        }
        self.played += 1;
        broken.retain(|id| !self.anyway.contains(id));
        if !broken.is_empty() {
            self.breaking.push((places, broken));
        }
    }

    /// Returns what is to be told of the combinations of a campaign; none where it has none.
    pub fn told(&self, space: &FaultSpace, parts: &[CampaignPart]) -> Option<ChaosLineage> {
        let sizes = parts.iter().filter_map(|part| match part.generator {
            Generator::Lineage(lineage) => Some(lineage),
            _ => None,
        });
        let sizes: Vec<_> = sizes.filter(|lineage| lineage.size > 0).collect();
        let depth = sizes.iter().map(|lineage| lineage.size).max()?;
        let name = |place: &u16| space.support[usize::from(*place)].fault.name().to_owned();
        let one = |(places, promises): &(Vec<u16>, Vec<String>)| ChaosCombination {
            faults: places.iter().map(name).collect(),
            promises: promises.clone(),
        };
        let release = space.releases.last()?;
        Some(ChaosLineage {
            release: release.fault.name().to_owned(),
            faults: space.support.len() as u64,
            depth,
            combinations: sizes.iter().map(|lineage| lineage.count(space)).sum(),
            played: self.played,
            left_out: self.left_out,
            anyway: self.anyway.clone(),
            breaking: self.breaking.iter().map(one).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violation(invariant: &str) -> Violation {
        Violation {
            number: 0,
            invariant: invariant.to_owned(),
            detail: String::new(),
            manner: String::new(),
            at_ms: None,
            faults: Vec::new(),
            within: true,
        }
    }

    #[test]
    fn what_holds_a_breaking_combination_is_settled() {
        let mut tally = LineageTally::default();
        tally.add(Vec::new(), &[violation("INV-GATE")]);
        tally.add(vec![0], &[violation("INV-GATE")]);
        assert!(tally.breaking.is_empty(), "the release does that alone");
        tally.add(vec![2, 4], &[violation("INV-GATE"), violation("INV-BLAST")]);
        assert_eq!(tally.breaking, [(vec![2, 4], vec!["INV-BLAST".to_owned()])]);
        assert!(tally.settles(&[2, 3, 4]));
        assert!(!tally.settles(&[2, 4]), "it is no smaller one");
        assert!(!tally.settles(&[1, 2, 3]));
        assert_eq!(tally.played, 2);
    }
}
