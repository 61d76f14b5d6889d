//! Swarms: a random subset of faults, each at a random moment.
//!
//! A swarm leaves out more than it takes: most rehearsals lack most faults altogether, because a fault
//! that is always there hides what happens without it (Groce and others, "Swarm testing", ISSTA 2012).

use sim_core::Seed;
use sim_core::effect::Course;
use sim_core::engine::{Draws, Key};

use super::{FaultSpace, Kind, Moments};
use crate::catalogue::Injection;
use crate::rehearsal::Rehearsal;

/// How swarms are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Swarm {
    /// The most faults of one rehearsal; at least 1.
    pub faults_max: usize,
    /// When they happen.
    pub moments: Moments,
}

impl Default for Swarm {
    fn default() -> Self {
        Self {
            faults_max: 12,
            moments: Moments::default(),
        }
    }
}

/// Keeps a generator's draws apart from those of the world it is drawn for.
const ROOT: u64 = 0x5357_4152_4d00_0000;
const KINDS: u32 = 1;
const FAULTS: u32 = 2;

impl Swarm {
    /// Returns rehearsal `seed.replication` of the swarm of `seed.root`, of the faults that `wanted`
    /// allows; without such faults it is the base alone.
    pub fn rehearsal(
        &self,
        space: &FaultSpace,
        seed: Seed,
        wanted: impl Fn(&Kind) -> bool,
    ) -> Rehearsal {
        let key = Key::for_replication(seed.root ^ ROOT, seed.replication);
        let all: Vec<&Kind> = space.kinds.iter().filter(|kind| wanted(kind)).collect();
        let chosen = self.choose(&mut key.draws(KINDS, 0, 0), &all);
        let mut injections: Vec<Injection> = Vec::new();
        let mut before: Option<Course> = None;
        for (place, kind) in chosen.into_iter().enumerate() {
            let draws = &mut key.draws(FAULTS, place as u32, 0);
            let at = self.moments.draw(draws, space, kind, before.as_ref());
            before = Some(at);
            injections.push(Injection {
                id: format!("{} {}", place + 1, kind.entry.name),
                fault: kind.vary(draws, &space.experiment),
                at: Some(at),
                cured_by: Vec::new(),
            });
        }
        Rehearsal {
            experiment: space.experiment.clone(),
            injections,
            seed,
        }
    }

    /// Draws how many faults there are and which, each kind once at most.
    fn choose<'k>(&self, draws: &mut Draws, all: &[&'k Kind]) -> Vec<&'k Kind> {
        let most = self.faults_max.min(all.len());
        if most == 0 {
            return Vec::new();
        }
        let count = 1 + draws.below(most as u64) as usize;
        let mut left = all.to_vec();
        let take = |_| left.swap_remove(draws.below(left.len() as u64) as usize);
        (0..count).map(take).collect()
    }
}
