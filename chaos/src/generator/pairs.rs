//! Anchored pairs: one fault right after another, within seconds of an instant that matters.
//!
//! Six faults in a drawn order hold fifteen ordered pairs, so that a sweep over all pairs takes a
//! fifteenth of the rehearsals, and each of them is still short enough to be read.

use sim_core::Seed;
use sim_core::effect::Course;
use sim_core::engine::{Key, SimDuration};

use super::driver::{named, toward};
use super::single_fault::healed;
use super::{FaultSpace, Kind};
use crate::rehearsal::Rehearsal;

/// Faults in quick succession at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pairs {
    /// How many faults follow each other; at least 2.
    pub size: usize,
    /// Within how long of the instant all of them begin.
    pub within: SimDuration,
}

impl Default for Pairs {
    fn default() -> Self {
        Self {
            size: 6,
            within: SimDuration::from_secs(10),
        }
    }
}

/// Keeps a generator's draws apart from those of the world it is drawn for.
const ROOT: u64 = 0x5041_4952_5300_0000;
/// The natural logarithm of twenty: so many times all pairs must be drawn, for nineteen of twenty of
/// them to be among those drawn (an occupancy with random cells).
const TIMES: f64 = 3.0;

impl Pairs {
    /// Returns how many rehearsals meet about nineteen of twenty ordered pairs at each instant.
    pub fn count(self, space: &FaultSpace) -> u64 {
        let kinds = space.kinds.len() as f64;
        let each = (self.size * (self.size - 1)) as f64 / 2.0;
        let rounds = libm::ceil(TIMES * kinds * (kinds - 1.0) / each) as u64;
        rounds * space.anchors.len() as u64
    }

    /// Returns rehearsal `number`: the instants take turns. `wanted` says which faults take part.
    pub fn rehearsal(
        self,
        space: &FaultSpace,
        number: u64,
        seed: Seed,
        wanted: impl Fn(&Kind) -> bool,
    ) -> Rehearsal {
        let anchor = space.anchors[(number % space.anchors.len() as u64) as usize];
        let draws = &mut Key::for_replication(seed.root ^ ROOT, seed.replication).draws(1, 0, 0);
        let mut injections = toward(anchor, &space.releases, draws.next_u64());
        let mut left: Vec<&Kind> = space.kinds.iter().filter(|kind| wanted(kind)).collect();
        let size = self.size.min(left.len());
        for place in 0..size {
            let kind = left.swap_remove(draws.below(left.len() as u64) as usize);
            let at = Course {
                from: anchor,
                after: self.within.mul_f64(place as f64 / self.size as f64),
                ..(kind.entry.at)()
            };
            let id = format!("{} {}", place + 1, kind.entry.name);
            injections.push(named(&id, kind.vary(draws, &space.experiment), Some(at)));
        }
        healed(space, &mut injections);
        Rehearsal {
            experiment: space.experiment.clone(),
            injections,
            seed,
        }
    }
}
