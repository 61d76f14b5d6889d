//! Parts: which generator thinks up which rehearsals of a campaign.

use std::sync::Arc;

use chaos::coverage::Coverage;
use chaos::generator::{
    Aimed, Alone, Boundary, Kind, Lineage, Pairs, Plain, Realistic, Swarm, Terrain,
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
    Plain,
    /// Every limit and every window, just missed, met and passed.
    Boundary,
    /// Every fault alone, at every instant.
    Alone,
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
    Aimed(Arc<Aimed>),
}

/// A generator with the rehearsals that it contributes.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
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
            Self::Plain => "plain failures",
            Self::Boundary => "boundary values",
            Self::Alone => "each fault alone",
            Self::Pairs(_) => "event-pair coverage",
            Self::SwarmWithin(_) => "swarm, within tolerance",
            Self::SwarmBeyond(_) => "swarm, beyond tolerance",
            Self::Realistic(_) => "realistic",
            Self::Lineage(Lineage { size: 0 }) => "lineage: the release alone",
            Self::Lineage(Lineage { size: 1 }) => "lineage: one fault",
            Self::Lineage(Lineage { size: 2 }) => "lineage: two faults",
            Self::Lineage(_) => "lineage: three faults",
            Self::Aimed(_) => "aimed at what is missing",
        }
    }

    /// Whether more rehearsals of it are more of the same, so that a campaign may leave the rest out
    /// once they bring nothing new.
    pub const fn is_random(&self) -> bool {
        match self {
            Self::Calm
            | Self::Plain
            | Self::Boundary
            | Self::Alone
            | Self::Realistic(_)
            | Self::Lineage(_)
            | Self::Aimed(_) => false,
            Self::Pairs(_) | Self::SwarmWithin(_) | Self::SwarmBeyond(_) => true,
        }
    }

    /// Whether rehearsal `number` of it is worth playing after what has been `covered`.
    pub fn is_wanted(&self, number: u64, covered: &Coverage) -> bool {
        match self {
            Self::Aimed(aimed) => aimed.is_wanted(number, covered),
            _ => true,
        }
    }

    /// Returns how many different rehearsals there are, where they can be counted.
    pub fn count(&self, terrain: &Terrain) -> Option<u64> {
        match self {
            Self::Plain => Some(Plain.count(terrain)),
            Self::Boundary => Some(Boundary.count(terrain)),
            Self::Alone => Some(Alone.count(terrain)),
            Self::Pairs(pairs) => Some(pairs.count(terrain)),
            Self::Aimed(aimed) => Some(aimed.count()),
            _ => None,
        }
    }

    /// Returns rehearsal `number` of `runs` of this generator: where fewer are wanted than there are,
    /// those that are taken are spread over all.
    pub fn rehearsal(
        &self,
        terrain: &Terrain,
        tolerance: &Tolerance,
        (number, runs): (u64, u64),
        seed: Seed,
    ) -> Rehearsal {
        let place = match self.count(terrain) {
            Some(count) if count > runs && runs > 0 => {
                (u128::from(number) * u128::from(count) / u128::from(runs)) as u64
            }
            _ => number,
        };
        let within = |kind: &Kind| tolerance.bears(kind.entry.name);
        match self {
            Self::Calm => Rehearsal {
                experiment: terrain.experiment.clone(),
                injections: Vec::new(),
                seed,
            },
            Self::Plain => Plain.rehearsal(terrain, place, seed),
            Self::Boundary => Boundary.rehearsal(terrain, place, seed),
            Self::Alone => Alone.rehearsal(terrain, place, seed),
            Self::Pairs(pairs) => pairs.rehearsal(terrain, place, seed, |_| true),
            Self::SwarmWithin(swarm) => {
                let mut rehearsal = swarm.rehearsal(terrain, seed, within);
                let drawn = std::mem::take(&mut rehearsal.injections).into_iter();
                rehearsal.injections = drawn.map(|one| tolerance.limited(one)).collect();
                rehearsal
            }
            Self::SwarmBeyond(swarm) => swarm.rehearsal(terrain, seed, |_| true),
            Self::Realistic(realistic) => realistic.rehearsal(terrain, seed),
            Self::Lineage(lineage) => lineage.rehearsal(terrain, number, seed.root),
            Self::Aimed(aimed) => aimed.rehearsal(terrain, place),
        }
    }
}
