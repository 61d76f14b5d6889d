//! Tests of shrinking: what comes out fails for the same reason, and nothing more can be taken away.

use sim_core::effect::{Anchor, Course};
use sim_core::engine::SimDuration;
use sim_core::{Experiment, Seed};

use super::{BUDGET, Shrunk, Weight, failure_signature, shrink, shrink_while};
use crate::catalogue::tests::ground::Ground;
use crate::catalogue::{ENTRIES, Entry, Injection};
use crate::rehearsal::Rehearsal;

const SEED: u64 = 20_261_121;

/// Numbers that look random, always the same (the finaliser of `SplitMix64`).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let word = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (word ^ (word >> 31)) % bound
    }

    fn minutes(&mut self, most: u64) -> SimDuration {
        SimDuration::from_secs(self.below(most * 60))
    }
}

const ANCHORS: [Anchor; 6] = [
    Anchor::Start,
    Anchor::FirstExposure,
    Anchor::Rollback,
    Anchor::StageEntered(1),
    Anchor::Reverted,
    Anchor::Paused,
];

fn course(dice: &mut Dice) -> Course {
    Course {
        from: ANCHORS[dice.below(6) as usize],
        after: dice.minutes(120),
        lasts: (dice.below(3) > 0).then(|| dice.minutes(240)),
        strength: 0.1 + 0.9 * dice.below(100) as f64 / 100.0,
        ..Course::default()
    }
}

/// A rehearsal of up to twenty faults of the catalogue that can happen here.
fn rehearsal(experiment: &Experiment, number: u64) -> Rehearsal {
    let mut dice = Dice(SEED ^ number << 8);
    let mut injections: Vec<Injection> = Vec::new();
    for place in 0..5 + dice.below(16) {
        let entry: &Entry = &ENTRIES[dice.below(ENTRIES.len() as u64) as usize];
        let mut injection = Injection::of(entry);
        injection.id = format!("{}-{place}", entry.name);
        injection.at = Some(course(&mut dice));
        if injection.lower(experiment).is_ok() {
            injections.push(injection);
        }
    }
    Rehearsal {
        experiment: experiment.clone(),
        injections,
        seed: Seed {
            root: SEED,
            replication: number,
        },
    }
}

/// The first `wanted` broken promises of random rehearsals.
fn failures(wanted: usize) -> Vec<(Rehearsal, &'static str)> {
    let mut found = Vec::new();
    for number in 0.. {
        let ground = [Ground::Good, Ground::Bad, Ground::Killed][number as usize % 3];
        let rehearsal = rehearsal(&ground.experiment(), number);
        let played = rehearsal.play().expect("it can happen");
        for finding in played.violated() {
            found.push((rehearsal.clone(), finding.id));
        }
        if found.len() >= wanted {
            return found;
        }
    }
    unreachable!("some rehearsal breaks an invariant")
}

fn shrunk(rehearsal: &Rehearsal, promise: &str) -> Shrunk {
    shrink(rehearsal, promise, 10 * BUDGET).expect("it breaks the invariant")
}

/// Says how a rehearsal breaks a promise, by playing it in full.
fn how(rehearsal: &Rehearsal, promise: &str) -> Option<String> {
    let played = rehearsal.play().expect("it can happen");
    let found = played.violated().find(|finding| finding.id == promise);
    found.map(failure_signature)
}

fn without(rehearsal: &Rehearsal, place: usize) -> Rehearsal {
    let mut other = rehearsal.clone();
    other.injections.remove(place);
    other
}

#[test]
fn what_is_left_breaks_the_same_promise_in_the_same_manner() {
    for (rehearsal, promise) in failures(60) {
        let shrunk = shrunk(&rehearsal, promise);
        assert_eq!(
            how(&shrunk.rehearsal, promise),
            how(&rehearsal, promise),
            "seed {SEED}"
        );
        assert_eq!(Some(shrunk.manner), how(&rehearsal, promise));
    }
}

#[test]
fn shrinking_twice_is_shrinking_once() {
    for (rehearsal, promise) in failures(20) {
        let once = shrunk(&rehearsal, promise);
        assert!(once.fixpoint, "the budget was large enough");
        let twice = shrunk(&once.rehearsal, promise);
        assert_eq!(once.rehearsal, twice.rehearsal, "seed {SEED}, {promise}");
    }
}

#[test]
fn each_fault_that_is_left_is_needed_and_nothing_has_grown() {
    for (rehearsal, promise) in failures(20) {
        let shrunk = shrunk(&rehearsal, promise);
        assert!(Weight::of(&shrunk.rehearsal) <= Weight::of(&rehearsal));
        for place in 0..shrunk.rehearsal.injections.len() {
            let fewer = how(&without(&shrunk.rehearsal, place), promise);
            assert_ne!(fewer, Some(shrunk.manner.clone()), "seed {SEED}, {promise}");
        }
    }
}

#[test]
fn the_same_rehearsal_shrinks_to_the_same() {
    let (rehearsal, promise) = failures(1).remove(0);
    assert_eq!(shrunk(&rehearsal, promise), shrunk(&rehearsal, promise));
}

#[test]
fn a_rehearsal_that_keeps_the_promise_is_not_shrunk() {
    let (rehearsal, _) = failures(1).remove(0);
    let kept = Rehearsal {
        injections: Vec::new(),
        ..rehearsal
    };
    assert_eq!(shrink(&kept, "INV-STAGED", BUDGET), None);
    assert_eq!(shrink(&kept, "INV-NOWHERE", BUDGET), None);
}

#[test]
fn a_promise_that_breaks_without_faults_needs_none() {
    let mut rehearsal = rehearsal(&Ground::Bad.experiment(), 1);
    rehearsal.experiment.policy.rollback.deadline = Some(SimDuration::from_secs(1));
    let shrunk = shrunk(&rehearsal, "INV-ROLLBACK");
    assert_eq!(shrunk.rehearsal.injections, []);
}

#[test]
fn what_is_reached_when_somebody_stops_it_still_breaks_the_promise() {
    for (rehearsal, promise) in failures(3) {
        let asked = std::cell::Cell::new(0);
        let goes_on = || {
            asked.set(asked.get() + 1);
            asked.get() < 40
        };
        let shrunk = shrink_while(&rehearsal, promise, 10 * BUDGET, &goes_on);
        let shrunk = shrunk.expect("it breaks the invariant");
        assert!(shrunk.replays < 40, "{promise}: {}", shrunk.replays);
        assert_eq!(how(&shrunk.rehearsal, promise), how(&rehearsal, promise));
    }
}

#[test]
fn no_more_is_played_than_the_budget_allows() {
    for (rehearsal, promise) in failures(10) {
        let shrunk = shrink(&rehearsal, promise, 9).expect("it breaks the invariant");
        assert!(shrunk.replays <= 9);
        assert_eq!(
            how(&shrunk.rehearsal, promise),
            Some(shrunk.manner),
            "seed {SEED}"
        );
    }
}
