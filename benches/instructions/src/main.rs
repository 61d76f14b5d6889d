//! Three fixed runs whose instructions `.ci/instructions` counts: the queue, a quiet day, a rollback.

#[path = "../../src/day.rs"]
#[expect(dead_code, reason = "the benches play more of them")]
mod day;

use std::hint::black_box;
use std::process::ExitCode;

use day::{day, four_stages_and_a_rollback};
use sim_core::engine::{EventQueue, Key, SimDuration, SimTime};
use sim_core::{Experiment, Plan, Seed};

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("queue") => queue(),
        Some("day") => rollouts(&day(1000), 50),
        Some("rollback") => rollouts(&four_stages_and_a_rollback(1000), 50),
        _ => return ExitCode::FAILURE,
    }
    ExitCode::SUCCESS
}

/// The hold model beside 100 and beside 100 000 pending events.
fn queue() {
    for pending in [100, 100_000] {
        let mut draws = Key::for_replication(1, 0).draws(1, pending, 0);
        let mut gap = || SimDuration::from_nanos(draws.next_u32().into());
        let mut queue = EventQueue::new();
        for event in 0..pending {
            queue.schedule(SimTime::ZERO + gap(), 0, event);
        }
        for _ in 0..500_000 {
            let (now, event) = queue.pop().expect("as many are pending as before");
            queue.schedule(now + gap(), 0, event);
        }
        black_box(queue.len());
    }
}

fn rollouts(experiment: &Experiment, number: u64) {
    let plan = Plan::new(experiment);
    for replication in 0..number {
        let root = 1;
        black_box(plan.play(Seed { root, replication }));
    }
}
