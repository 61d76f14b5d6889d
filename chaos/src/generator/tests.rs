//! Tests of generators.

use std::collections::BTreeSet;

use sim_core::Seed;

use super::{Boundary, Directed, FaultSpace, Pairs, Phases, SingleFault, Swarm};
use crate::catalogue::tests::ground::Ground;
use crate::coverage::Coverage;
use crate::rehearsal::Rehearsal;

fn space() -> FaultSpace {
    let experiment = Ground::Good.experiment();
    FaultSpace::new(&experiment, Phases::of(&experiment))
}

fn swarm(space: &FaultSpace, root: u64, replication: u64) -> Rehearsal {
    let seed = Seed { root, replication };
    Swarm::default().rehearsal(space, seed, |_| true)
}

#[test]
fn a_rehearsal_is_the_same_whoever_asks_for_it_and_when() {
    let space = space();
    let forward: Vec<_> = (0..20).map(|n| swarm(&space, 7, n)).collect();
    let backward: Vec<_> = (0..20).rev().map(|n| swarm(&space, 7, n)).collect();
    assert!(forward.iter().eq(backward.iter().rev()));
    assert_ne!(forward[0].injections, swarm(&space, 8, 0).injections);
}

#[test]
fn every_swarm_can_be_played() {
    let space = space();
    for number in 0..400 {
        let rehearsal = swarm(&space, 20_261_121, number);
        if let Err(misfits) = rehearsal.play() {
            panic!("seed 20261121/{number}: {misfits:?}");
        }
    }
}

#[test]
fn a_swarm_takes_every_kind_and_never_all_of_them() {
    let space = space();
    let mut seen = BTreeSet::new();
    for number in 0..400 {
        let names: Vec<_> = swarm(&space, 3, number)
            .injections
            .iter()
            .map(|injection| injection.fault.name())
            .collect();
        assert!((1..=12).contains(&names.len()));
        seen.extend(names);
    }
    assert_eq!(seen.len(), space.kinds.len());
}

#[test]
fn parameters_are_drawn_and_not_only_the_defaults() {
    let space = space();
    for name in [
        "telemetry.nan",
        "telemetry.lag",
        "env.zone_loss",
        "version.step",
    ] {
        let kind = space.kind(name).expect("it can happen here");
        let key = sim_core::engine::Key::for_replication(5, 0);
        let drawn = |n| kind.vary(&mut key.draws(1, n, 0), &space.experiment);
        let forms: Vec<_> = (0..60).map(drawn).collect();
        let different = forms.iter().filter(|fault| **fault != forms[0]).count();
        assert!(different > 20, "{name}: {different} of 60 differ");
    }
}

#[test]
fn everything_heals_when_it_should() {
    let space = space();
    let heal = Some(space.phases.heal_at);
    for number in 0..50 {
        let courses = swarm(&space, 1, number).injections;
        assert!(courses.iter().all(|one| one.course().until == heal));
    }
}

#[test]
fn what_is_systematic_can_be_played_everywhere() {
    let space = space();
    let seed = |replication| Seed {
        root: 11,
        replication,
    };
    for number in (0..SingleFault.count(&space)).step_by(29) {
        played(&SingleFault.rehearsal(&space, number, seed(number)));
    }
    for number in 0..40 {
        played(&Pairs::default().rehearsal(&space, number, seed(number), |_| true));
    }
    for number in (0..Boundary.count(&space)).step_by(7) {
        played(&Boundary.rehearsal(&space, number, seed(number)));
    }
}

#[track_caller]
fn played(rehearsal: &Rehearsal) {
    if let Err(misfits) = rehearsal.play() {
        panic!("seed {:?}: {misfits:?}", rehearsal.seed);
    }
}

#[test]
fn each_fault_stands_alone_at_each_instant() {
    let space = space();
    let mut seen = BTreeSet::new();
    for number in 0..SingleFault.count(&space) {
        let seed = Seed {
            root: 11,
            replication: number,
        };
        let last = SingleFault.rehearsal(&space, number, seed).injections.pop();
        let last = last.expect("there is a fault");
        seen.insert((last.fault.name(), format!("{:?}", last.course().from)));
    }
    let each = space.kinds.len() * space.anchors.len();
    assert!(seen.len() >= each, "{} of {each}", seen.len());
}

/// A third of the aims, tried as often as they need: nearly every cell is come by, and nothing is aimed at
/// that has been.
#[test]
fn what_is_aimed_at_is_come_by() {
    let space = space();
    let aimed = Directed::new(&space, 7, 6, false);
    let (mut covered, mut played, mut given_up) = (Coverage::default(), 0, 0);
    let each = aimed.count() / 6;
    for first in (0..each).step_by(3) {
        let mut tries = (0..6).map(|attempt| first + attempt * each);
        let come_by = tries.any(|number| {
            if !aimed.is_wanted(number, &covered) {
                return true;
            }
            let rehearsal = aimed.rehearsal(&space, number);
            let rehearsed = rehearsal.play().expect("what is on the map can happen");
            covered.note(&rehearsal, &rehearsed);
            !aimed.is_wanted(number, &covered)
        });
        played += 1;
        given_up += u32::from(!come_by);
    }
    assert!(given_up * 10 <= played, "{given_up} of {played}, seed 7");
}
