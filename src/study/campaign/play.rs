//! Plays a campaign.

use std::ops::Range;
use std::sync::atomic::AtomicBool;

use chaos::generator::FaultSpace;
use chaos::rehearsal::Rehearsal;
use chaos::tolerance::Tolerance;
use sim_core::Seed;

use super::facts::CampaignFacts;
use super::part::{CampaignPart, Generator};
use super::stock::{Source, Stock};
use super::tally::CampaignTally;
use crate::study::shards::{Hands, RoundPlayer};

/// What is to be played.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// Its name.
    pub name: String,
    /// The base, and what can go wrong in it.
    pub space: FaultSpace,
    /// What the policy is to withstand.
    pub tolerance: Tolerance,
    /// The root seed.
    pub seed: u64,
    /// The generators, in turn.
    pub parts: Vec<CampaignPart>,
    /// The share of rollbacks that may end after the deadline.
    pub late_allowed: f64,
    /// After so many rehearsals in a row that bring nothing new, the rest of a random part is left out.
    pub plateau: u64,
}

/// Who is told of the progress, and who may stop it.
pub struct CampaignWatch<'w> {
    /// Who plays the rehearsals.
    pub player: &'w RoundPlayer,
    /// Once it is set, no further rehearsal is begun.
    pub stop: &'w AtomicBool,
    /// Is told how many more rehearsals are done.
    pub done: &'w (dyn Fn(u64) + Sync),
    /// Is told how many more rehearsals there are than was known, or how many fewer.
    pub more: &'w (dyn Fn(i64) + Sync),
    /// Is asked after each wave whether to go on; it sees what has been added up.
    pub wave: &'w mut (dyn FnMut(&CampaignTally) -> bool + Send),
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

/// A campaign that was played, as far as it was.
#[derive(Clone, Debug)]
pub struct Campaigned {
    /// Everything that was played.
    pub tally: CampaignTally,
    /// From where it is gone on with. What is worth playing is decided at the beginning of a wave, from what
    /// had been covered until then: a wave that was begun is played again as a whole.
    pub kept: CampaignTally,
    /// Why it came to its end.
    pub stopped: Stopped,
}

impl Campaigned {
    fn whole(tally: CampaignTally, stopped: Stopped) -> Self {
        Self {
            kept: tally.clone(),
            tally,
            stopped,
        }
    }
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

    /// Returns how many of the rehearsals from `next` on are known to be played, where nothing cuts them short:
    /// those that are aimed at what is missing become known only when it is known what is missing.
    pub fn known(&self, next: u64) -> u64 {
        let mut first = 0;
        let mut known = 0;
        for part in &self.parts {
            first += part.runs;
            if !matches!(part.generator, Generator::Directed(_)) {
                known += first.saturating_sub(next).min(part.runs);
            }
        }
        known
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
        generator.rehearsal(&self.space, &self.tolerance, place, seed)
    }

    /// Whether the policy is to withstand every fault of `rehearsal`.
    pub fn bears(&self, rehearsal: &Rehearsal) -> bool {
        self.tolerance
            .bears_all(&rehearsal.injections, &rehearsal.experiment)
    }

    /// Plays from where `tally` ends, on the threads of the pool that this is called in.
    pub fn play(&self, mut tally: CampaignTally, watch: &mut CampaignWatch<'_>) -> Campaigned {
        let mut stock = Stock::default();
        let source = Source {
            facts: &|number| self.facts(number),
            foreseen: &|number| self.foreseen(number),
            hands: Hands {
                player: watch.player,
                stop: watch.stop,
                done: watch.done,
            },
        };
        while let Some((place, first)) = self.part(tally.next) {
            let part = &self.parts[place];
            let (wave, end) = self.wave(part, first, &tally);
            match part.generator {
                Generator::Directed(_) => (watch.more)(wave.len() as i64),
                _ => (watch.more)(wave.len() as i64 - (end - tally.next) as i64),
            }
            let Some(played) = stock.wave(source, &wave) else {
                return Campaigned::whole(tally, Stopped::Interrupted);
            };
            if played.len() < wave.len() && !stock.gap {
                let kept = tally.clone();
                self.add(&mut tally, place, played);
                let stopped = Stopped::Interrupted;
                return Campaigned {
                    tally,
                    kept,
                    stopped,
                };
            }
            let settled = end - tally.next - wave.len() as u64;
            self.add(&mut tally, place, played);
            tally.next = end;
            match part.generator {
                Generator::Directed(_) => tally.needless += settled,
                _ => tally.lineage.left_out += settled,
            }
            self.leave_out(part, first, &mut tally, watch);
            if !(watch.wave)(&tally) {
                return Campaigned::whole(tally, Stopped::Asked);
            }
        }
        let done = if stock.gap {
            Stopped::Interrupted
        } else {
            Stopped::Done
        };
        Campaigned::whole(tally, done)
    }

    fn add(&self, tally: &mut CampaignTally, place: usize, played: Vec<CampaignFacts>) {
        for facts in played {
            if let Some(places) = self.combination(facts.number) {
                tally.lineage.add(places, &facts.violations);
            }
            tally.add(place, facts);
        }
    }

    /// Returns the next rehearsals of a part that are worth playing, and the number after the last one that
    /// was looked at.
    fn wave(&self, part: &CampaignPart, first: u64, tally: &CampaignTally) -> (Vec<u64>, u64) {
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

    /// Returns which faults of the space's support rehearsal `number` combines; none where it is none of
    /// the combinations.
    fn combination(&self, number: u64) -> Option<Vec<u16>> {
        let (place, first) = self.part(number)?;
        match self.parts[place].generator {
            Generator::Lineage(lineage) => Some(lineage.places(&self.space, number - first)),
            _ => None,
        }
    }

    /// Leaves the rest of a random part out where it has brought nothing new for long.
    fn leave_out(
        &self,
        part: &CampaignPart,
        first: u64,
        tally: &mut CampaignTally,
        watch: &CampaignWatch<'_>,
    ) {
        let end = first + part.runs;
        let since = tally.next - tally.news_at.max(first);
        if part.generator.is_random() && since >= self.plateau && tally.next < end {
            let rest = end - tally.next;
            tally.left_out += rest;
            tally.next = end;
            (watch.more)(-(rest as i64));
        }
    }

    /// Returns the rehearsals from `number` on that are played whatever others come to, unless they are left out:
    /// up to the next combination or aim.
    fn foreseen(&self, number: u64) -> Range<u64> {
        let mut end = 0;
        for part in &self.parts {
            let known = !matches!(
                part.generator,
                Generator::Directed(_) | Generator::Lineage(_)
            );
            if end + part.runs > number && !known {
                break;
            }
            end += part.runs;
        }
        number..end.max(number)
    }

    /// Plays rehearsal `number`.
    fn facts(&self, number: u64) -> CampaignFacts {
        let rehearsal = self.rehearsal(number);
        let within = self.bears(&rehearsal);
        let played = rehearsal
            .play_beside(&self.space.grid)
            .expect("a generator takes faults that fit the base");
        let mut facts = CampaignFacts::of(number, &rehearsal, &played, within);
        if number.is_multiple_of(CHECK_EVERY) {
            let again = self.rehearsal(number).play_beside(&self.space.grid);
            let hash = again.map(|again| again.run.history.hash());
            facts.repeats = Some(hash == Ok(facts.hash));
        }
        facts
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use chaos::generator::{Directed, Lineage, Phases, Swarm};
    use scenarios::{library, load};
    use sim_core::policy::Profile;

    use super::*;

    const ROOT: u64 = 42;

    /// A part of each kind that decides what to play from what has been covered, over the edges of waves.
    fn campaign() -> Campaign {
        let system = library::system("wedge").expect("it is shipped");
        let policy = system.policy(Profile::AsWritten).expect("it is shipped");
        let policy = load::policy("wedge", policy.as_bytes()).expect("it loads");
        let scenario = system.scenario("healthy").expect("it is shipped");
        let scenario = load::scenario("wedge", scenario.as_bytes()).expect("it loads");
        let world = load::world("wedge", system.world.as_bytes()).expect("it loads");
        let experiment = load::experiment(&policy.value, &scenario.value, &world.value);
        let experiment = experiment.expect("they fit together");
        let mut space = FaultSpace::new(&experiment, Phases::of(&experiment));
        space.support = Lineage::support(&space, ROOT, |_| true, |one| one);
        space.support.truncate(6);
        let aimed = Directed::new(&space, ROOT, 1, false);
        let part = |generator, runs| CampaignPart { generator, runs };
        let swarm = Swarm {
            faults_max: 3,
            moments: chaos::generator::Moments {
                anchored: 0.5,
                chained: 0.2,
            },
        };
        let aims = aimed.count();
        Campaign {
            name: "resumed".to_owned(),
            tolerance: Tolerance::of(&experiment.policy),
            parts: vec![
                part(Generator::Lineage(Lineage { size: 1 }), 6),
                part(Generator::Lineage(Lineage { size: 2 }), 15),
                part(Generator::SwarmBeyond(swarm), 300),
                part(Generator::Directed(Arc::new(aimed)), aims),
            ],
            space,
            seed: ROOT,
            late_allowed: 0.0,
            // The first wave ends the random part.
            plateau: 0,
        }
    }

    /// Plays on and stops before rehearsal `most` of those that are left.
    fn play(campaign: &Campaign, before: CampaignTally, most: u64) -> Campaigned {
        let (stop, played) = (AtomicBool::new(most == 0), AtomicU64::new(0));
        let done = |more| {
            let so_far = played.fetch_add(more, Ordering::Relaxed) + more;
            stop.store(so_far >= most, Ordering::Relaxed);
        };
        let mut watch = CampaignWatch {
            player: &RoundPlayer::here(),
            stop: &stop,
            done: &done,
            more: &|_| {},
            wave: &mut |_| true,
        };
        crate::study::on_threads(1, || campaign.play(before, &mut watch)).expect("one thread")
    }

    /// The short form stops after every so many rehearsals.
    const EVERY: usize = 61;

    #[track_caller]
    fn resumed_is_uninterrupted(every: usize) {
        let campaign = campaign();
        let whole = play(&campaign, CampaignTally::default(), u64::MAX);
        assert_eq!(whole.stopped, Stopped::Done);
        assert!(whole.tally.needless > 0, "some aims were reached before");
        assert!(whole.tally.left_out > 0, "a part ended before its runs");
        for stop in (0..whole.tally.runs).step_by(every) {
            let first = play(&campaign, CampaignTally::default(), stop);
            assert_eq!(first.stopped, Stopped::Interrupted, "after {stop}");
            assert_eq!(first.tally.runs, stop, "what was played is reported");
            let kept = serde_json::to_string(&first.kept).expect("a tally is plain data");
            let kept = serde_json::from_str(&kept).expect("as written");
            let second = play(&campaign, kept, u64::MAX);
            assert_eq!(second.tally, whole.tally, "seed {ROOT}, after {stop}");
        }
    }

    /// `COALMINE_EVERY=1` stops after every single one, which takes minutes.
    #[test]
    fn a_campaign_that_was_stopped_comes_to_the_result_of_one_that_was_not() {
        let every = std::env::var("COALMINE_EVERY").ok();
        resumed_is_uninterrupted(every.and_then(|every| every.parse().ok()).unwrap_or(EVERY));
    }
}
