//! Parts: which generator thinks up which rehearsals of a campaign.

use std::sync::Arc;

use chaos::coverage::Coverage;
use chaos::generator::{
    Baseline, Boundary, Directed, FaultSpace, Kind, Lineage, Pairs, Realistic, SingleFault, Swarm,
};
use chaos::rehearsal::Rehearsal;
use chaos::tolerance::Tolerance;
use sim_core::Seed;

/// A generator, as a campaign uses it.
#[derive(Clone, Debug, PartialEq)]
pub enum Generator {
    /// The base without any fault.
    Calm,
    /// Releases that fail plainly.
    Baseline,
    /// Every limit and every window, just missed, met and passed.
    Boundary,
    /// Every fault alone, at every instant.
    SingleFault,
    /// One fault right after another, at every instant.
    Pairs(Pairs),
    /// Random subsets of the faults that the policy is to withstand.
    SwarmWithin(Swarm),
    /// Random subsets of all faults.
    SwarmBeyond(Swarm),
    /// Faults as often as they happen.
    Realistic(Realistic),
    /// Every combination of so many of the faults that touch how a bad release is dealt with.
    Lineage(Lineage),
    /// What is on the map and has not been come by, one by one.
    Directed(Arc<Directed>),
}

/// A generator with the rehearsals that it contributes.
#[derive(Clone, Debug, PartialEq)]
pub struct CampaignPart {
    /// Who thinks them up.
    pub generator: Generator,
    /// How many there are at most.
    pub runs: u64,
}

impl Generator {
    /// Returns the word that reports use.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Calm => "no fault",
            Self::Baseline => "plain failures",
            Self::Boundary => "boundary values",
            Self::SingleFault => "each fault alone",
            Self::Pairs(_) => "event-pair coverage",
            Self::SwarmWithin(_) => "swarm, within tolerance",
            Self::SwarmBeyond(_) => "swarm, beyond tolerance",
            Self::Realistic(_) => "realistic",
            Self::Lineage(Lineage { size: 0 }) => "lineage: the release alone",
            Self::Lineage(Lineage { size: 1 }) => "lineage: one fault",
            Self::Lineage(Lineage { size: 2 }) => "lineage: two faults",
            Self::Lineage(_) => "lineage: three faults",
            Self::Directed(_) => "aimed at what is missing",
        }
    }

    /// Whether more rehearsals of it are more of the same, so that a campaign may leave the rest out
    /// once they bring nothing new.
    pub const fn is_random(&self) -> bool {
        match self {
            Self::Calm
            | Self::Baseline
            | Self::Boundary
            | Self::SingleFault
            | Self::Realistic(_)
            | Self::Lineage(_)
            | Self::Directed(_) => false,
            Self::Pairs(_) | Self::SwarmWithin(_) | Self::SwarmBeyond(_) => true,
        }
    }

    /// Whether rehearsal `number` of it is worth playing after what has been `covered`.
    pub fn is_wanted(&self, number: u64, covered: &Coverage) -> bool {
        match self {
            Self::Directed(aimed) => aimed.is_wanted(number, covered),
            _ => true,
        }
    }

    /// Returns how many different rehearsals there are, where they can be counted.
    pub fn count(&self, space: &FaultSpace) -> Option<u64> {
        match self {
            Self::Baseline => Some(Baseline.count(space)),
            Self::Boundary => Some(Boundary.count(space)),
            Self::SingleFault => Some(SingleFault.count(space)),
            Self::Pairs(pairs) => Some(pairs.count(space)),
            Self::Directed(aimed) => Some(aimed.count()),
            _ => None,
        }
    }

    /// Returns rehearsal `number` of `runs` of this generator: where fewer are wanted than there are,
    /// those that are taken are spread over all.
    pub fn rehearsal(
        &self,
        space: &FaultSpace,
        tolerance: &Tolerance,
        (number, runs): (u64, u64),
        seed: Seed,
    ) -> Rehearsal {
        let place = match self.count(space) {
            Some(count) if count > runs && runs > 0 => spread(number, count, runs),
            _ => number,
        };
        let within = |kind: &Kind| tolerance.bears(kind.entry.name);
        match self {
            Self::Calm => calm(space, seed),
            Self::Baseline => Baseline.rehearsal(space, place, seed),
            Self::Boundary => Boundary.rehearsal(space, place, seed),
            Self::SingleFault => SingleFault.rehearsal(space, place, seed),
            Self::Pairs(pairs) => pairs.rehearsal(space, place, seed, |_| true),
            Self::SwarmWithin(swarm) => {
                Self::limit_faults(swarm.rehearsal(space, seed, within), tolerance)
            }
            Self::SwarmBeyond(swarm) => swarm.rehearsal(space, seed, |_| true),
            Self::Realistic(realistic) => realistic.rehearsal(space, seed),
            Self::Lineage(lineage) => lineage.rehearsal(space, number, seed.root),
            Self::Directed(aimed) => aimed.rehearsal(space, place),
        }
    }

    fn limit_faults(mut rehearsal: Rehearsal, tolerance: &Tolerance) -> Rehearsal {
        let drawn = std::mem::take(&mut rehearsal.injections).into_iter();
        rehearsal.injections = drawn.map(|one| tolerance.limited(one)).collect();
        rehearsal
    }
}

fn calm(space: &FaultSpace, seed: Seed) -> Rehearsal {
    Rehearsal {
        experiment: space.experiment.clone(),
        injections: Vec::new(),
        seed,
    }
}

fn spread(number: u64, count: u64, runs: u64) -> u64 {
    (u128::from(number) * u128::from(count) / u128::from(runs)) as u64
}
