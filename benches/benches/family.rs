//! Families: 120 settings of one gate played in one world, against each of them alone.

use std::time::Duration;

use benches::clock::best_of_three;
use benches::goal::{Goals, SEED};
use benches::{day, library};
use criterion::{Criterion, criterion_group};
use sim_core::engine::SimDuration;
use sim_core::policy::gate::{Limit, Sustain, SustainMode, Window};
use sim_core::{Experiment, Family, Plan, Seed};

const LIMITS: u32 = 12;
const WINDOWS: u32 = 10;

/// Replications of a family, and of its members one by one.
const REPLICATIONS: (u32, u32) = (200, 10);

/// Every limit from `lowest` up by `step`, with every window.
fn settings(
    experiment: &Experiment,
    gate: &str,
    (lowest, step): (f64, f64),
    window: impl Fn(u32) -> Window,
) -> Vec<Experiment> {
    let mut settings = Vec::new();
    for limit in 0..LIMITS {
        for length in 0..WINDOWS {
            let mut setting = experiment.clone();
            let gates = &mut setting.policy.gates;
            let gate = gates.iter_mut().find(|known| known.id == gate);
            let gate = gate.expect("the policy has the gate");
            gate.breach.limit = Limit::Absolute(lowest + step * f64::from(limit));
            gate.window = window(length);
            settings.push(setting);
        }
    }
    settings
}

/// The trigger on errors of the shipped wedge: limits of 1 % to 6.5 %, sustained for 3 to 30 minutes.
fn wedge(scenario: &str) -> Vec<Experiment> {
    let system = scenarios::library::system("wedge").expect("the library has the wedge");
    let experiment = library::of(system, scenario);
    settings(&experiment, "error-rate-trigger", (0.01, 0.005), |length| {
        Window::Sustained(Sustain {
            over: SimDuration::from_mins(u64::from(3 * (length + 1))),
            mode: SustainMode::Every,
        })
    })
}

/// A policy of two stages and one gate, which is both criterion and trigger; where the release is bad, it
/// grows worse from the second stage on.
fn simple(bad: bool) -> Vec<Experiment> {
    let mut experiment = day::simple();
    if bad {
        experiment.release = day::late_regression(6.0, "20m");
    }
    settings(&experiment, "level", (103.0, 0.5), |length| {
        Window::Consecutive(length + 1)
    })
}

/// Returns the CPU time of one replication of all members, together and each alone.
fn times(members: &[Experiment]) -> [Duration; 2] {
    let seeds = |replications: u32| {
        (0..replications.into()).map(|replication| Seed {
            root: SEED,
            replication,
        })
    };
    let family = Family::new(members);
    let together = best_of_three(|| {
        for seed in seeds(REPLICATIONS.0) {
            std::hint::black_box(family.play(seed));
        }
    });
    let plans: Vec<Plan> = members.iter().map(Plan::new).collect();
    let alone = best_of_three(|| {
        for seed in seeds(REPLICATIONS.1) {
            for plan in &plans {
                std::hint::black_box(plan.play(seed));
            }
        }
    });
    [together / REPLICATIONS.0, alone / REPLICATIONS.1]
}

type Pair = (&'static str, [Vec<Experiment>; 2]);

/// Each policy with a good and with a bad release.
fn pairs() -> [Pair; 2] {
    [
        ("wedge", ["healthy", "step-regression"].map(wedge)),
        ("simple policy", [false, true].map(simple)),
    ]
}

fn families(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("family of 120");
    for (name, releases) in pairs() {
        for (release, members) in ["good", "bad"].into_iter().zip(releases) {
            let family = Family::new(&members);
            let mut replication = 0;
            group.bench_function(format!("{name}, {release} release"), |bench| {
                bench.iter(|| {
                    replication += 1;
                    family.play(Seed {
                        root: SEED,
                        replication,
                    })
                });
            });
        }
    }
}

fn goals() {
    let mut goals = Goals::of("family");
    for (name, releases) in pairs() {
        let [good, bad] = releases.map(|members| times(&members));
        let [together, alone] = [0, 1].map(|way| (good[way] + bad[way]).as_secs_f64());
        goals.times_at_least(
            &format!("{name}, good and bad release"),
            alone / together,
            10.0,
        );
    }
    goals.write();
}

fn quick() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(1))
}

criterion_group! { name = all; config = quick(); targets = families }

fn main() {
    all();
    goals();
    Criterion::default().configure_from_args().final_summary();
}
