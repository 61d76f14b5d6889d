//! Tests of generators.

use std::collections::BTreeSet;

use sim_core::Seed;

use super::{Phases, Swarm, Terrain};
use crate::catalogue::tests::ground::Ground;
use crate::rehearsal::Rehearsal;

fn terrain() -> Terrain {
    let experiment = Ground::Good.experiment();
    Terrain::new(&experiment, Phases::of(&experiment))
}

fn swarm(terrain: &Terrain, root: u64, replication: u64) -> Rehearsal {
    let seed = Seed { root, replication };
    Swarm::default().rehearsal(terrain, seed, |_| true)
}

#[test]
fn a_rehearsal_is_the_same_whoever_asks_for_it_and_when() {
    let terrain = terrain();
    let forward: Vec<_> = (0..20).map(|n| swarm(&terrain, 7, n)).collect();
    let backward: Vec<_> = (0..20).rev().map(|n| swarm(&terrain, 7, n)).collect();
    assert!(forward.iter().eq(backward.iter().rev()));
    assert_ne!(forward[0].injections, swarm(&terrain, 8, 0).injections);
}

#[test]
fn every_swarm_can_be_played() {
    let terrain = terrain();
    for number in 0..400 {
        let rehearsal = swarm(&terrain, 20_261_121, number);
        if let Err(misfits) = rehearsal.play() {
            panic!("seed 20261121/{number}: {misfits:?}");
        }
    }
}

#[test]
fn a_swarm_takes_every_kind_and_never_all_of_them() {
    let terrain = terrain();
    let mut seen = BTreeSet::new();
    for number in 0..400 {
        let names: Vec<_> = swarm(&terrain, 3, number)
            .injections
            .iter()
            .map(|injection| injection.fault.name())
            .collect();
        assert!((1..=12).contains(&names.len()));
        seen.extend(names);
    }
    assert_eq!(seen.len(), terrain.kinds.len());
}

#[test]
fn parameters_are_drawn_and_not_only_the_defaults() {
    let terrain = terrain();
    for name in [
        "telemetry.nan",
        "telemetry.lag",
        "env.zone_loss",
        "version.step",
    ] {
        let kind = terrain.kind(name).expect("it can happen here");
        let key = sim_core::engine::Key::for_replication(5, 0);
        let drawn = |n| kind.vary(&mut key.draws(1, n, 0), &terrain.experiment);
        let forms: Vec<_> = (0..60).map(drawn).collect();
        let different = forms.iter().filter(|fault| **fault != forms[0]).count();
        assert!(different > 20, "{name}: {different} of 60 differ");
    }
}

#[test]
fn everything_heals_when_it_should() {
    let terrain = terrain();
    let heal = Some(terrain.phases.heal_at);
    for number in 0..50 {
        let courses = swarm(&terrain, 1, number).injections;
        assert!(courses.iter().all(|one| one.course().until == heal));
    }
}
