//! Plays a campaign.

use std::sync::atomic::{AtomicBool, Ordering};

use chaos::generator::{Swarm, Terrain};
use chaos::rehearsal::Rehearsal;
use chaos::tolerance::Tolerance;
use rayon::prelude::*;
use sim_core::Seed;

use super::facts::Facts;
use super::tally::Tally;

/// What is to be played.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// The base, and what can go wrong in it.
    pub terrain: Terrain,
    /// What the policy is to withstand.
    pub tolerance: Tolerance,
    /// The root seed.
    pub seed: u64,
    /// The generators, in turn, each with its rehearsals.
    pub parts: Vec<(Part, u64)>,
}

/// A generator, as a campaign uses it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part {
    /// The base without any fault.
    Calm,
    /// Random subsets of the faults that the policy is to withstand.
    SwarmWithin(Swarm),
    /// Random subsets of all faults.
    SwarmBeyond(Swarm),
}

/// Who is told of the progress, and who may stop it.
pub struct Watch<'w> {
    /// Once it is set, no further wave is begun.
    pub stop: &'w AtomicBool,
    /// Is told how many more rehearsals are done.
    pub done: &'w (dyn Fn(u64) + Sync),
    /// Is asked after each wave whether to go on; it sees what has been added up.
    pub wave: &'w mut dyn FnMut(&Tally) -> bool,
}

/// Why a campaign came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// Everything was played.
    Done,
    /// The watch asked for it between two waves.
    Asked,
    /// Somebody interrupted it.
    Interrupted,
}

/// A campaign that was played, as far as it was.
#[derive(Clone, Debug)]
pub struct Played {
    /// The sum.
    pub tally: Tally,
    /// Why it came to its end.
    pub stopped: Stopped,
}

/// So many rehearsals are played between two looks at what has been added up.
const WAVE: u64 = 256;
/// One rehearsal in so many is played twice, as a check that equal inputs give equal hashes.
const CHECK_EVERY: u64 = 20;

impl Part {
    /// Returns the word that reports use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Calm => "no fault",
            Self::SwarmWithin(_) => "swarm, within tolerance",
            Self::SwarmBeyond(_) => "swarm, beyond tolerance",
        }
    }
}

impl Campaign {
    /// Returns how many rehearsals there are.
    pub fn total(&self) -> u64 {
        self.parts.iter().map(|(_, runs)| runs).sum()
    }

    /// Returns the generator of rehearsal `number`.
    pub fn part(&self, number: u64) -> Part {
        let mut end = 0;
        let mut parts = self.parts.iter();
        let found = parts.find(|(_, runs)| {
            end += runs;
            number < end
        });
        found.map_or(Part::Calm, |(part, _)| *part)
    }

    /// Returns rehearsal `number`.
    pub fn rehearsal(&self, number: u64) -> Rehearsal {
        let seed = Seed {
            root: self.seed,
            replication: number,
        };
        match self.part(number) {
            Part::Calm => Rehearsal {
                experiment: self.terrain.experiment.clone(),
                injections: Vec::new(),
                seed,
            },
            Part::SwarmWithin(swarm) => {
                let bears = |kind: &chaos::generator::Kind| self.tolerance.bears(kind.entry.name);
                swarm.rehearsal(&self.terrain, seed, bears)
            }
            Part::SwarmBeyond(swarm) => swarm.rehearsal(&self.terrain, seed, |_| true),
        }
    }

    /// Plays from where `tally` ends, on the threads of the pool that this is called in.
    pub fn play(&self, mut tally: Tally, watch: &mut Watch<'_>) -> Played {
        let total = self.total();
        while tally.runs < total {
            let end = total.min(tally.runs + WAVE);
            let wave: Vec<u64> = (tally.runs..end).collect();
            let played: Vec<Option<Facts>> = wave
                .par_iter()
                .with_max_len(1)
                .map(|&number| {
                    let go_on = !watch.stop.load(Ordering::Relaxed);
                    go_on.then(|| {
                        let facts = self.facts(number);
                        (watch.done)(1);
                        facts
                    })
                })
                .collect();
            // Threads stop where they are; what counts is what was played without a gap.
            let whole = played.iter().map_while(Option::as_ref);
            whole.for_each(|facts| tally.add(facts));
            let stopped = if tally.runs < end {
                Stopped::Interrupted
            } else if (watch.wave)(&tally) {
                continue;
            } else {
                Stopped::Asked
            };
            return Played { tally, stopped };
        }
        let stopped = Stopped::Done;
        Played { tally, stopped }
    }

    fn facts(&self, number: u64) -> Facts {
        let rehearsal = self.rehearsal(number);
        let within = self.tolerance.bears_all(&rehearsal.injections);
        let played = rehearsal
            .play()
            .expect("a generator takes faults that fit the base");
        let mut facts = Facts::of(number, &rehearsal, &played, within);
        if number % CHECK_EVERY == 0 {
            let again = self.rehearsal(number).play();
            let hash = again.map(|again| again.run.history.hash());
            facts.repeats = Some(hash == Ok(facts.hash));
        }
        facts
    }
}
