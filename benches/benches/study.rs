//! A study: many rollouts of a simple policy, judged and added up.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use benches::clock::time_of_process;
use benches::day;
use benches::goal::{Goals, SEED};
use coalmine::study::{Case, Detail, Study};
use criterion::{Criterion, Throughput, criterion_group};
use scenarios::Scenario;

const SCENARIO: &str = "\
version: 1
name: simple
description: nothing is wrong
world: {library: wedge}
release: {is: good}
horizon: 6h
";

fn study(runs: u64) -> Study {
    let scenario: Scenario = scenarios::load::scenario("simple", SCENARIO.as_bytes())
        .expect("it is well formed")
        .value;
    Study {
        cases: vec![Case::new(&day::simple(), &scenario)],
        seed: SEED,
        runs,
        detail: Detail::Values,
    }
}

fn play(study: &Study) {
    let played = study.play(0, &AtomicBool::new(false), &|_| {});
    let tallies = played.expect("threads can be started");
    assert_eq!(tallies[0].runs, study.runs, "every rollout was played");
}

fn throughput(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("study");
    let study = study(2000);
    group.throughput(Throughput::Elements(study.runs));
    group.bench_function("2000 simple rollouts on all cores", |bench| {
        bench.iter(|| play(&study));
    });
}

/// A hundred thousand rollouts in 20 s on two cores are 400 us of one core each.
fn goals() {
    let mut goals = Goals::of("study");
    let study = study(10_000);
    let took = time_of_process(|| play(&study));
    goals.at_most(
        "simple rollout in a study",
        took,
        study.runs,
        Duration::from_micros(400),
    );
    goals.write();
}

fn quick() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(2))
}

criterion_group! { name = all; config = quick(); targets = throughput }

fn main() {
    all();
    goals();
    Criterion::default().configure_from_args().final_summary();
}
