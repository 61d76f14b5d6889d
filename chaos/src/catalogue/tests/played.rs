//! Every fault, played: without a trace at no strength, and confirmed at its own.

use sim_core::engine::SimTime;
use sim_core::{Event, Experiment, Run, Seed, run};

use super::super::{ENTRIES, Entry, Injection, inject};
use super::ground;

const SEED: Seed = Seed {
    root: 424_242,
    replication: 0,
};

fn with(experiment: &Experiment, injection: &Injection) -> Experiment {
    let mut experiment = experiment.clone();
    if let Err(misfits) = inject(std::slice::from_ref(injection), &mut experiment) {
        panic!("{}: {misfits:?}", injection.id);
    }
    experiment
}

/// What happened, apart from what is said about effects.
fn story(run: &Run) -> Vec<(SimTime, Event)> {
    let told = |(_, event): &&(SimTime, Event)| {
        !matches!(
            event,
            Event::EffectBegan { .. } | Event::EffectShowed { .. }
        )
    };
    run.history.iter().filter(told).copied().collect()
}

fn showed(run: &Run, effect: usize) -> bool {
    let is = |event: &Event| matches!(event, Event::EffectShowed { effect: at } if usize::from(*at) == effect);
    run.history.iter().any(|(_, event)| is(event))
}

#[test]
fn a_fault_of_no_strength_leaves_the_history_as_it_was() {
    for entry in ENTRIES {
        let (ground, injection) = ground::of(entry);
        let experiment = ground.experiment();
        let without = run(&experiment, SEED);
        let none = run(&with(&experiment, &injection.with_strength(0.0)), SEED);
        assert_eq!(
            none.history.hash(),
            without.history.hash(),
            "{}",
            entry.name
        );
        assert!(none.figures() == without.figures(), "{}", entry.name);
    }
}

/// Whether a fault was confirmed, and whether it made a difference to what happened.
fn played(entry: &Entry) -> (bool, bool) {
    let (ground, injection) = ground::of(entry);
    let experiment = ground.experiment();
    let without = run(&experiment, SEED);
    let run = run(&with(&experiment, &injection), SEED);
    let differs = story(&run) != story(&without)
        || run.harm.exposed_requests.to_bits() != without.harm.exposed_requests.to_bits()
        || run.harm.exposed_error_minutes.to_bits() != without.harm.exposed_error_minutes.to_bits();
    (showed(&run, experiment.release.len()), differs)
}

#[test]
fn every_fault_is_confirmed_where_it_can_happen_and_makes_a_difference() {
    let mut failed = Vec::new();
    for entry in ENTRIES {
        let (confirmed, differs) = played(entry);
        let word = |said, yes| if said { yes } else { "not yet" };
        println!(
            "{:<32} lowered  {:<9}  {}",
            entry.name,
            word(confirmed, "confirmed"),
            word(differs, "differs")
        );
        if !(confirmed && differs) {
            failed.push(entry.name);
        }
    }
    assert!(
        failed.is_empty(),
        "not confirmed or without a difference: {failed:?}"
    );
}

#[test]
fn a_fault_that_finds_nothing_to_change_is_not_confirmed() {
    let switch = Entry::of("defect.kill_switch_noop").unwrap();
    let experiment = ground::Ground::Good.experiment();
    let run = run(&with(&experiment, &Injection::of(switch)), SEED);
    assert!(!showed(&run, 0), "nobody threw the switch");
}

#[test]
fn hosts_that_come_back_with_the_bad_version_are_exposure_and_break_the_rollback() {
    use crate::checker::{Status, check};
    use sim_core::effect::{Anchor, Course};
    use sim_core::engine::SimDuration;
    let mut injection = Injection::of(Entry::of("env.zone_loss").unwrap());
    injection.at = Some(Course {
        from: Anchor::FirstExposure,
        after: SimDuration::from_mins(11),
        lasts: Some(SimDuration::from_mins(60)),
        ..Course::default()
    });
    let experiment = with(&ground::Ground::Bad.experiment(), &injection);
    let run = run(&experiment, SEED);
    let back = run.history.iter().find_map(|(_, event)| match event {
        Event::HostsReturned { exposed, .. } => Some(*exposed),
        _ => None,
    });
    assert!(back.is_some_and(|exposed| exposed > 0), "{back:?}");
    let findings = check(&experiment, &run);
    let rollback = findings
        .iter()
        .find(|found| found.id == "INV-ROLLBACK")
        .unwrap();
    assert_eq!(rollback.status, Status::Violated, "{}", rollback.detail);
}
