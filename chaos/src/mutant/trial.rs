//! A trial: one mutant, probe by probe, until some promise of the original is broken.

use super::base::{play, violations};
use super::{Base, Mutant, MutantStatus, Survival};

/// What one probe shows of a mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Whether the machine wrote the very history that it wrote for the original.
    pub same: bool,
    /// Whether the witnesses tell the same.
    pub same_told: bool,
    /// The promises that count and were broken, and how.
    pub broken: Vec<(&'static str, String)>,
}

/// Plays a mutant in one probe and holds it against the original.
pub fn look(mutant: &Mutant, base: &Base<'_>, probe: usize) -> Look {
    let original = &base.plays[probe];
    let seed = base.probes[probe].rehearsal.seed;
    let family = base.probes[probe].family;
    let weak = mutant.weaken(&original.experiment);
    let (raw, told) = play(weak, &original.experiment, seed);
    let broken = violations(&original.experiment, &told)
        .into_iter()
        .filter(|(promise, _)| base.keeps(family, promise))
        .collect();
    Look {
        same: raw == original.raw,
        same_told: told.hash() == original.told,
        broken,
    }
}

/// A mutant on its way through a campaign.
#[derive(Clone, Debug)]
pub struct Trial<'m> {
    mutant: &'m Mutant,
    same: bool,
    same_told: bool,
}

impl<'m> Trial<'m> {
    /// A trial that has not begun.
    pub const fn new(mutant: &'m Mutant) -> Self {
        Self {
            mutant,
            same: true,
            same_told: true,
        }
    }

    /// Returns the probes in the order in which they are played: those that are about the mutant's place
    /// first, then the others.
    pub fn order(&self, base: &Base<'_>) -> Vec<usize> {
        let about = |place: &usize| {
            let topics = &base.probes[*place].about;
            !topics.iter().any(|topic| self.mutant.needs.contains(topic))
        };
        let mut order: Vec<usize> = (0..base.probes.len()).collect();
        order.sort_by_key(about);
        order
    }

    /// Plays one more probe; returns the mutant's fate if it is caught.
    pub fn step(&mut self, base: &Base<'_>, probe: usize) -> Option<MutantStatus> {
        let look = look(self.mutant, base, probe);
        self.same &= look.same;
        self.same_told &= look.same_told;
        let (promise, detail) = look.broken.into_iter().next()?;
        Some(MutantStatus::Caught {
            promise,
            probe,
            detail,
        })
    }

    /// Returns the fate of a mutant that no probe has caught.
    ///
    /// Equivalence is claimed only where every history of the `whole` campaign was the same to the last bit
    /// and something that happened put the place to the test, or nothing can.
    pub fn close(&self, base: &Base<'_>, whole: bool) -> MutantStatus {
        MutantStatus::Survived(match (self.same, self.same_told) {
            (true, _) if whole && (self.mutant.dead || base.reaches(&self.mutant.needs)) => {
                Survival::Equivalent
            }
            (true, _) => Survival::NotReached,
            (false, true) => Survival::Masked,
            (false, false) => Survival::NoOracle,
        })
    }
}
