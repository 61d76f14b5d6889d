//! Plays a campaign.

use std::sync::atomic::{AtomicBool, Ordering};

use chaos::generator::Terrain;
use chaos::rehearsal::Rehearsal;
use chaos::tolerance::Tolerance;
use rayon::prelude::*;
use sim_core::Seed;

use super::facts::Facts;
use super::part::{Generator, Part};
use super::tally::Tally;

/// What is to be played.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// Its name.
    pub name: String,
    /// The base, and what can go wrong in it.
    pub terrain: Terrain,
    /// What the policy is to withstand.
    pub tolerance: Tolerance,
    /// The root seed.
    pub seed: u64,
    /// The generators, in turn.
    pub parts: Vec<Part>,
    /// The share of rollbacks that may end after the deadline.
    pub late_allowed: f64,
    /// After so many rehearsals in a row that bring nothing new, the rest of a random part is left out.
    pub plateau: u64,
}

/// Who is told of the progress, and who may stop it.
pub struct Watch<'w> {
    /// Once it is set, no further rehearsal is begun.
    pub stop: &'w AtomicBool,
    /// Is told how many more rehearsals are done or left out.
    pub done: &'w (dyn Fn(u64) + Sync),
    /// Is asked after each wave whether to go on; it sees what has been added up.
    pub wave: &'w mut (dyn FnMut(&Tally) -> bool + Send),
}

/// Why a campaign came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// Everything was played, or left out because it brought nothing new.
    Done,
    /// The watch asked for it between two waves.
    Asked,
    /// Somebody interrupted it.
    Interrupted,
}

/// So many rehearsals are played between two looks at what has been added up.
const WAVE: u64 = 256;
/// One rehearsal in so many is played twice, as a check that equal inputs give equal hashes.
const CHECK_EVERY: u64 = 20;

impl Campaign {
    /// Returns how many rehearsals there are at most.
    pub fn total(&self) -> u64 {
        self.parts.iter().map(|part| part.runs).sum()
    }

    /// Returns the place of the part of rehearsal `number` with the number of its first rehearsal.
    fn part(&self, number: u64) -> Option<(usize, u64)> {
        let mut first = 0;
        self.parts.iter().enumerate().find_map(|(place, part)| {
            let found = (number < first + part.runs).then_some((place, first));
            first += part.runs;
            found
        })
    }

    /// Returns the word for the generator of rehearsal `number`.
    pub fn generator(&self, number: u64) -> &'static str {
        let part = self.part(number);
        part.map_or(Generator::Calm.word(), |(place, _)| {
            self.parts[place].generator.word()
        })
    }

    /// Returns rehearsal `number`; beyond the last one it is the base without faults.
    pub fn rehearsal(&self, number: u64) -> Rehearsal {
        let seed = Seed {
            root: self.seed,
            replication: number,
        };
        let (generator, place) = match self.part(number) {
            Some((place, first)) => {
                let part = &self.parts[place];
                (&part.generator, (number - first, part.runs))
            }
            None => (&Generator::Calm, (0, 1)),
        };
        generator.rehearsal(&self.terrain, &self.tolerance, place, seed)
    }

    /// Whether the policy is to withstand every fault of `rehearsal`.
    pub fn bears(&self, rehearsal: &Rehearsal) -> bool {
        self.tolerance
            .bears_all(&rehearsal.injections, &rehearsal.experiment)
    }

    /// Plays from where `tally` ends, on the threads of the pool that this is called in.
    pub fn play(&self, mut tally: Tally, watch: &mut Watch<'_>) -> (Tally, Stopped) {
        while let Some((place, first)) = self.part(tally.next) {
            let part = &self.parts[place];
            let (wave, end) = self.wave(part, first, &tally);
            let begin = tally.next;
            let one = |number: &u64| {
                (!watch.stop.load(Ordering::Relaxed)).then(|| {
                    let facts = self.facts(*number);
                    (watch.done)(1);
                    facts
                })
            };
            let played: Vec<Option<Facts>> = wave.par_iter().with_max_len(1).map(one).collect();
            // Threads stop where they are; what counts is what was played without a gap.
            let whole = played.into_iter().map_while(|facts| facts);
            let mut added = 0;
            for facts in whole {
                if let Some(places) = self.combination(facts.number) {
                    tally.lineage.add(places, &facts.violations);
                }
                tally.add(place, facts);
                added += 1;
            }
            if added == wave.len() {
                tally.next = end;
            }
            let settled = tally.next - begin - added as u64;
            match part.generator {
                Generator::Aimed(_) => tally.needless += settled,
                _ => tally.lineage.left_out += settled,
            }
            (watch.done)(settled);
            if added < wave.len() {
                return (tally, Stopped::Interrupted);
            }
            self.leave_out(part, first, &mut tally, watch);
            if !(watch.wave)(&tally) {
                return (tally, Stopped::Asked);
            }
        }
        (tally, Stopped::Done)
    }

    /// Returns the next rehearsals of a part that are worth playing, and the number after the last one that
    /// was looked at.
    fn wave(&self, part: &Part, first: u64, tally: &Tally) -> (Vec<u64>, u64) {
        let (mut wave, mut next) = (Vec::new(), tally.next);
        while next < first + part.runs && (wave.len() as u64) < WAVE {
            let places = self.combination(next);
            let settled = places.is_some_and(|places| tally.lineage.settles(&places));
            if !settled && part.generator.is_wanted(next - first, &tally.coverage) {
                wave.push(next);
            }
            next += 1;
        }
        (wave, next)
    }

    /// Returns which faults of the terrain's support rehearsal `number` combines; none where it is none of
    /// the combinations.
    fn combination(&self, number: u64) -> Option<Vec<u16>> {
        let (place, first) = self.part(number)?;
        match self.parts[place].generator {
            Generator::Lineage(lineage) => Some(lineage.places(&self.terrain, number - first)),
            _ => None,
        }
    }

    /// Leaves the rest of a random part out where it has brought nothing new for long.
    fn leave_out(&self, part: &Part, first: u64, tally: &mut Tally, watch: &Watch<'_>) {
        let end = first + part.runs;
        let since = tally.next - tally.news_at.max(first);
        if part.generator.is_random() && since >= self.plateau && tally.next < end {
            let rest = end - tally.next;
            tally.left_out += rest;
            tally.next = end;
            (watch.done)(rest);
        }
    }

    fn facts(&self, number: u64) -> Facts {
        let rehearsal = self.rehearsal(number);
        let within = self.bears(&rehearsal);
        let played = rehearsal
            .play_beside(&self.terrain.grid)
            .expect("a generator takes faults that fit the base");
        let mut facts = Facts::of(number, &rehearsal, &played, within);
        if number.is_multiple_of(CHECK_EVERY) {
            let again = self.rehearsal(number).play_beside(&self.terrain.grid);
            let hash = again.map(|again| again.run.history.hash());
            facts.repeats = Some(hash == Ok(facts.hash));
        }
        facts
    }
}
