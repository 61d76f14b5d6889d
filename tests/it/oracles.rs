//! What the oracles must never do, over many rollouts: let a promotion on inadequate data pass, and accuse
//! a good release that nothing disturbs.
//!
//! The long forms (30 000 rollouts of each policy, and 100 000 in all) belong to the release profile.

use std::collections::BTreeMap;

use coalmine::chaos::catalogue::{ENTRIES, Injection};
use coalmine::chaos::checker::{Status, check};
use coalmine::chaos::rehearsal::Rehearsal;
use coalmine::scenarios::library;
use coalmine::sim_core::effect::{Anchor, Course};
use coalmine::sim_core::engine::{Draws, Key, SimDuration};
use coalmine::sim_core::history::Event;
use coalmine::sim_core::{Experiment, Plan, Seed};
use rayon::prelude::*;

use crate::acceptance::{ROOT, written};

/// Rollouts of each policy under faults of telemetry.
const BLIND: u64 = if cfg!(debug_assertions) { 120 } else { 30_000 };
/// Rollouts of each policy with a good release and no fault.
const QUIET: u64 = if cfg!(debug_assertions) { 40 } else { 20_000 };

/// Draws up to three faults of telemetry, each at some time of the first day or of a stage.
fn blinding(draws: &mut Draws) -> Vec<Injection> {
    let entries: Vec<_> = ENTRIES
        .iter()
        .filter(|entry| entry.group() == "telemetry")
        .collect();
    let anchors = [
        Anchor::Start,
        Anchor::FirstExposure,
        Anchor::StageEntered(0),
        Anchor::StageEntered(1),
        Anchor::WindowOver(0),
    ];
    let count = 1 + draws.below(3);
    let one = |place: u64, draws: &mut Draws| {
        let entry = entries[draws.below(entries.len() as u64) as usize];
        let from = anchors[draws.below(anchors.len() as u64) as usize];
        let mut injection = Injection::of(entry);
        injection.id = format!("{} {place}", entry.name);
        injection.at = Some(Course {
            from,
            after: SimDuration::from_mins(draws.below(240)),
            lasts: draws
                .chance(0.7)
                .then(|| SimDuration::from_mins(1 + draws.below(600))),
            ..injection.course()
        });
        injection
    };
    (0..count).map(|place| one(place, draws)).collect()
}

/// What came of a policy's rollouts: faults that showed, promotions, and promotions on inadequate data.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    showed: u64,
    promotions: u64,
    inadequate: u64,
}

impl Count {
    fn and(self, other: Self) -> Self {
        Self {
            showed: self.showed + other.showed,
            promotions: self.promotions + other.promotions,
            inadequate: self.inadequate + other.inadequate,
        }
    }
}

fn blinded(experiment: &Experiment, replication: u64) -> Count {
    let mut draws = Key::for_replication(ROOT, replication).draws(0, 0, 0);
    let rehearsal = Rehearsal {
        experiment: experiment.clone(),
        injections: blinding(&mut draws),
        seed: Seed {
            root: ROOT,
            replication,
        },
    };
    // A fault that has nothing to happen to here is left out with its companions.
    let Ok(played) = rehearsal.play() else {
        return Count::default();
    };
    let gate = played.finding("INV-GATE").expect("it is judged");
    let promoted = played
        .run
        .history
        .iter()
        .filter(|(_, event)| matches!(event, Event::Advanced { .. }));
    Count {
        showed: played.confirmed.iter().filter(|shown| **shown).count() as u64,
        promotions: promoted.count() as u64,
        inadequate: u64::from(gate.status == Status::Violated),
    }
}

/// Goal: no promotion on inadequate data in 30 000 rollouts of each policy as it is written, which bounds
/// the chance of one at 1e-4 with 95 % confidence (three over the number of rollouts).
#[test]
fn no_policy_as_written_promotes_on_inadequate_data() {
    for system in library::systems() {
        let bases = ["healthy", "step-regression"].map(|name| written(system.name, name));
        let count = (0..BLIND)
            .into_par_iter()
            .map(|replication| blinded(&bases[(replication % 2) as usize], replication))
            .reduce(Count::default, Count::and);
        println!("{}: {BLIND} rollouts, {count:?}, seed {ROOT}", system.name);
        assert_eq!(count.inadequate, 0, "{}, seed {ROOT}", system.name);
        // Faults that never show and rollouts that never go on would show nothing.
        assert!(count.showed > BLIND / 4, "{}: {count:?}", system.name);
        assert!(count.promotions > BLIND / 20, "{}: {count:?}", system.name);
    }
}

/// The same faults do find the policies that are said to pass on such data.
#[test]
fn policies_as_implemented_do_promote_on_inadequate_data() {
    for name in ["raptorq", "control-plane", "optimize", "cutover"] {
        let base = crate::acceptance::implemented(name, "healthy");
        let found = (0..400)
            .into_par_iter()
            .any(|replication| blinded(&base, replication).inadequate > 0);
        assert!(found, "{name}, seed {ROOT}");
    }
}

/// Goal: no oracle accuses a good release that nothing disturbs, in 100 000 rollouts.
#[test]
fn no_oracle_accuses_an_undisturbed_good_release() {
    let mut accused = BTreeMap::new();
    for system in library::systems() {
        let experiment = written(system.name, "healthy");
        let plan = Plan::new(&experiment);
        let found: Vec<String> = (0..QUIET)
            .into_par_iter()
            .flat_map_iter(|replication| {
                let run = plan.play(Seed {
                    root: ROOT,
                    replication,
                });
                let findings = check(&experiment, &run).into_iter();
                let broken = findings.filter(|finding| finding.status == Status::Violated);
                broken
                    .map(move |finding| format!("{replication} {}: {}", finding.id, finding.detail))
            })
            .collect();
        if !found.is_empty() {
            accused.insert(system.name, found);
        }
    }
    assert!(
        accused.is_empty(),
        "{QUIET} rollouts each, seed {ROOT}: {accused:#?}"
    );
}
