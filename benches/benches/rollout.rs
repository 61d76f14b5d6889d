//! One rollout: the workload of a day, every shipped system, a fleet of a million hosts, and rehearsals.

use std::time::Duration;

use benches::clock::{best_of_three, time};
use benches::goal::{Goals, SEED};
use benches::{day, library};
use chaos::generator::{FaultSpace, Pairs, Phases, SingleFault, Swarm};
use criterion::{Criterion, criterion_group};
use sim_core::{Experiment, Outcome, Plan, Seed};

fn player(experiment: &Experiment) -> impl FnMut() + use<> {
    let plan = Plan::new(experiment);
    let mut replication = 0;
    move || {
        replication += 1;
        std::hint::black_box(plan.play(Seed {
            root: SEED,
            replication,
        }));
    }
}

/// Plays and judges rehearsals as a campaign does: a fault alone, a pair and a swarm in turn.
fn rehearser(experiment: &Experiment) -> impl FnMut() + use<> {
    let space = FaultSpace::new(experiment, Phases::of(experiment));
    let mut replication = 0;
    move || {
        replication += 1;
        let seed = Seed {
            root: SEED,
            replication,
        };
        let rehearsal = match replication % 3 {
            0 => SingleFault.rehearsal(&space, replication, seed),
            1 => Pairs::default().rehearsal(&space, replication, seed, |_| true),
            _ => Swarm::default().rehearsal(&space, seed, |_| true),
        };
        let played = rehearsal.play_beside(&space.grid);
        std::hint::black_box(played.expect("generators take what can happen"));
    }
}

fn days(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("day");
    for hosts in [1000, 1_000_000] {
        let mut play = player(&day::day(hosts));
        group.bench_function(format!("{hosts} hosts"), |bench| bench.iter(&mut play));
    }
}

fn systems(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("system");
    for (name, experiment) in library::healthy() {
        let mut play = player(&experiment);
        group.bench_function(name, |bench| bench.iter(&mut play));
    }
}

fn goals() {
    let mut goals = Goals::of("rollout");
    for hosts in [1000, 1_000_000] {
        let mut play = player(&day::day(hosts));
        let count = 2000;
        let took = best_of_three(|| (0..count).for_each(|_| play()));
        goals.at_most(
            &format!("day of {hosts} hosts"),
            took,
            count,
            Duration::from_micros(150),
        );
    }
    let wedge = scenarios::library::system("wedge").expect("the library has the wedge");
    let mut play = player(&library::of(wedge, "healthy"));
    let took = best_of_three(|| (0..500).for_each(|_| play()));
    goals.at_most("fault-free wedge", took, 500, Duration::from_micros(500));

    let mut rehearse = rehearser(&library::of(wedge, "healthy"));
    let took = best_of_three(|| (0..500).for_each(|_| rehearse()));
    goals.at_most(
        "rehearsal of the wedge",
        took,
        500,
        Duration::from_millis(1),
    );

    let plan = Plan::new(&day::four_stages_and_a_rollback(1_000_000));
    let mut outcome = None;
    let took = time(|| {
        outcome = Some(
            plan.play(Seed {
                root: SEED,
                replication: 0,
            })
            .outcome,
        );
    });
    assert_eq!(
        outcome,
        Some(Outcome::RolledBack),
        "the workload is the one that is meant"
    );
    goals.at_most(
        "a million hosts, four stages and a rollback",
        took,
        1,
        Duration::from_secs(1),
    );
    goals.memory_at_most("memory of a million hosts", 1024.0);
    goals.write();
}

fn quick() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(1))
}

criterion_group! { name = all; config = quick(); targets = days, systems }

fn main() {
    all();
    goals();
    Criterion::default().configure_from_args().final_summary();
}
