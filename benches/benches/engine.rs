//! The engine: queue, draws and samplers.

use std::hint::black_box;
use std::time::Duration;

use benches::clock::best_of_three;
use benches::goal::{Goals, SEED};
use criterion::{Criterion, criterion_group};
use sim_core::engine::{EventQueue, Key, SimDuration, SimTime, sample};

/// The hold model: take the next event, plan another one an exponential time later.
struct Hold {
    queue: EventQueue<u32>,
    draws: sim_core::engine::Draws,
}

impl Hold {
    fn with(pending: u32) -> Self {
        let mut draws = Key::for_replication(SEED, 0).draws(0, pending, 0);
        let mut queue = EventQueue::with_capacity(pending as usize);
        for event in 0..pending {
            queue.schedule(SimTime::ZERO + gap(&mut draws), 0, event);
        }
        Self { queue, draws }
    }

    fn step(&mut self) {
        let (now, event) = self
            .queue
            .pop()
            .expect("the number of events never changes");
        self.queue.schedule(now + gap(&mut self.draws), 0, event);
    }
}

fn gap(draws: &mut sim_core::engine::Draws) -> SimDuration {
    SimDuration::from_nanos(draws.next_u32().into())
}

fn queue(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("queue");
    for pending in [100, 10_000, 1_000_000] {
        let mut hold = Hold::with(pending);
        group.bench_function(format!("hold {pending}"), |bench| {
            bench.iter(|| hold.step());
        });
    }
}

fn draws(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("draws");
    let key = Key::for_replication(SEED, 0);
    let mut tick = 0;
    group.bench_function("first at an address", |bench| {
        bench.iter(|| {
            tick += 1;
            key.draws(1, 2, tick).next_u64()
        });
    });
    let mut stream = key.draws(1, 2, 3);
    group.bench_function("next", |bench| bench.iter(|| stream.next_u64()));
}

fn samplers(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("samplers");
    let mut draws = Key::for_replication(SEED, 0).draws(0, 0, 0);
    group.bench_function("normal", |bench| {
        bench.iter(|| sample::standard_normal(&mut draws));
    });
    group.bench_function("gamma 2", |bench| {
        bench.iter(|| sample::gamma(&mut draws, 2.0, 1.0));
    });
    group.bench_function("poisson 100", |bench| {
        bench.iter(|| sample::poisson(&mut draws, 100.0));
    });
    for (n, p) in [(1000, 0.001), (1000, 0.01), (15_000_000, 0.001)] {
        group.bench_function(format!("binomial {n} {p}"), |bench| {
            bench.iter(|| sample::binomial(&mut draws, black_box(n), black_box(p)));
        });
    }
}

/// Targets of the queue: at most 30 ns with 100 pending events, 60 ns with a million.
fn goals() {
    let mut goals = Goals::of("engine");
    for (pending, limit) in [(100, 30), (10_000, 40), (1_000_000, 60)] {
        let mut hold = Hold::with(pending);
        let steps = 1_000_000;
        let time = best_of_three(|| (0..steps).for_each(|_| hold.step()));
        goals.at_most(
            &format!("hold {pending}"),
            time,
            steps,
            Duration::from_nanos(limit),
        );
    }
    goals.write();
}

fn quick() -> Criterion {
    Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(800))
}

criterion_group! { name = all; config = quick(); targets = queue, draws, samplers }

fn main() {
    all();
    goals();
    Criterion::default().configure_from_args().final_summary();
}
