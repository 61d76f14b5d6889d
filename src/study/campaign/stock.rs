//! Where the facts of a campaign's rehearsals come from: played wave by wave, or read from shards.
//!
//! Waves are too small to be cut into shards. Where a campaign is played in shards, everything whose rehearsals
//! are known beforehand is one round: each part up to the next one whose rehearsals depend on what others have
//! shown. Of such a part each wave is a round. What the campaign then leaves out was played for nothing.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::atomic::Ordering;

use rayon::prelude::*;

use super::facts::CampaignFacts;
use crate::study::shards::{Hands, Opened, Round, Share, StoredRound};

/// Facts that have been played or opened and are not used yet.
#[derive(Debug, Default)]
pub struct Stock {
    ahead: VecDeque<CampaignFacts>,
    stored: Option<StoredRound>,
    /// No more comes: somebody asked to stop.
    ended: bool,
    /// Some rehearsals are missing, and it was asked for an answer without them.
    pub gap: bool,
}

/// The numbers of some rehearsals, in order.
enum Numbers<'n> {
    All(Range<u64>),
    Some(&'n [u64]),
}

impl Numbers<'_> {
    const fn many(&self) -> u64 {
        match self {
            Self::All(range) => range.end - range.start,
            Self::Some(list) => list.len() as u64,
        }
    }

    fn at(&self, place: u64) -> u64 {
        match self {
            Self::All(range) => range.start + place,
            Self::Some(list) => list[place as usize],
        }
    }
}

/// How the rehearsals of a campaign are played.
#[derive(Clone, Copy)]
pub struct Source<'s> {
    /// Plays the rehearsal of this number.
    pub facts: &'s (dyn Fn(u64) -> CampaignFacts + Sync),
    /// Returns the rehearsals from this number on that are known to be played, whatever others come to, unless
    /// they are left out: up to the next part of which that is not known.
    pub foreseen: &'s dyn Fn(u64) -> Range<u64>,
    /// Who plays, and who is told.
    pub hands: Hands<'s>,
}

/// Some rehearsals, in order.
struct Rehearsals<'r> {
    facts: &'r (dyn Fn(u64) -> CampaignFacts + Sync),
    numbers: Numbers<'r>,
    hands: Hands<'r>,
}

impl Round for Rehearsals<'_> {
    type Sum = Vec<CampaignFacts>;

    fn units(&self) -> u64 {
        self.numbers.many()
    }

    fn play(&self, units: Range<u64>) -> Share<Vec<CampaignFacts>> {
        let one = |place: &u64| {
            (!self.hands.stop.load(Ordering::Relaxed)).then(|| {
                let facts = (self.facts)(self.numbers.at(*place));
                (self.hands.done)(1);
                facts
            })
        };
        let places: Vec<u64> = units.collect();
        let played: Vec<Option<CampaignFacts>> =
            places.par_iter().with_max_len(1).map(one).collect();
        // Threads stop where they are; what counts is what was played without a gap.
        let sum: Vec<CampaignFacts> = played.into_iter().map_while(|facts| facts).collect();
        let whole = sum.len() == places.len();
        Share { sum, whole }
    }

    fn join(&self, sum: &mut Vec<CampaignFacts>, next: Vec<CampaignFacts>) {
        sum.extend(next);
    }
}

impl<'s> Source<'s> {
    const fn rehearsals<'r>(&self, numbers: Numbers<'r>) -> Rehearsals<'r>
    where
        's: 'r,
    {
        Rehearsals {
            facts: self.facts,
            numbers,
            hands: self.hands,
        }
    }
}

impl Stock {
    /// Returns the facts of a wave, up to where somebody asked to stop; nothing where the player halts.
    pub fn wave(&mut self, source: Source<'_>, wave: &[u64]) -> Option<Vec<CampaignFacts>> {
        if source.hands.player.is_here() {
            let all = source.rehearsals(Numbers::Some(wave));
            return Some(all.play(0..all.units()).sum);
        }
        let mut facts = Vec::new();
        for (place, &number) in wave.iter().enumerate() {
            match self.take(source, &wave[place..])? {
                Some(one) => facts.push(one),
                None if self.gap => {}
                None => break,
            }
            debug_assert!(
                facts.last().is_none_or(|one| one.number <= number),
                "in order"
            );
        }
        Some(facts)
    }

    /// Returns the facts of the first of these rehearsals; the inner none where they are missing.
    #[expect(
        clippy::option_option,
        reason = "facts that are missing, and a stop, are two things"
    )]
    fn take(&mut self, source: Source<'_>, wave: &[u64]) -> Option<Option<CampaignFacts>> {
        let number = wave[0];
        loop {
            // What is passed over was left out: it brought nothing new, or was settled.
            while self.ahead.front().is_some_and(|one| one.number < number) {
                self.ahead.pop_front();
            }
            let is_next = self.ahead.front().is_some_and(|one| one.number == number);
            if let Some(one) = is_next.then(|| self.ahead.pop_front()).flatten() {
                if self.stored.is_some() {
                    (source.hands.done)(1);
                }
                return Some(Some(one));
            }
            if !self.ahead.is_empty() || self.ended {
                return Some(None);
            }
            let Some(stored) = &mut self.stored else {
                self.open(source, wave)?;
                continue;
            };
            match source.hands.player.next::<Vec<CampaignFacts>>(stored)? {
                Some(facts) => self.ahead.extend(facts),
                None if stored.whole => self.stored = None,
                None => return Some(None),
            }
        }
    }

    /// Opens the round that begins with the first of these rehearsals.
    fn open(&mut self, source: Source<'_>, wave: &[u64]) -> Option<()> {
        let foreseen = (source.foreseen)(wave[0]);
        let numbers = if foreseen.is_empty() {
            Numbers::Some(wave)
        } else {
            Numbers::All(foreseen)
        };
        match source.hands.player.open(&source.rehearsals(numbers))? {
            Opened::Played(share) => {
                self.ahead.extend(share.sum);
                self.ended = !share.whole;
            }
            Opened::Stored(stored) => {
                self.gap |= !stored.whole;
                self.stored = Some(stored);
            }
        }
        Some(())
    }
}
