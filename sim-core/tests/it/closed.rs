//! The whole machine against closed forms: what a policy sees of a fleet is what theory says.

use sim_core::engine::{Distribution, SimDuration};
use sim_core::history::{Event, Outcome};
use sim_core::policy::gate::{Limit, Window};
use sim_core::traffic::Split;
use sim_core::{Experiment, Plan, Run, Seed};

use crate::chance::check;
use crate::example::{bad_wedge, minutes, wedge};

const ROOT: u64 = 20_261_121;

fn runs(experiment: &Experiment, count: u64) -> impl Iterator<Item = Run> {
    let plan = Plan::new(experiment);
    (0..count).map(move |replication| {
        plan.play(Seed {
            root: ROOT,
            replication,
        })
    })
}

/// P(X > limit) for X ~ Binomial(n, p), summed from its definition.
fn binomial_tail(n: u64, p: f64, limit: u64) -> f64 {
    let mut mass = libm::exp(n as f64 * libm::log1p(-p));
    let mut below = mass;
    for k in 1..=limit {
        mass *= (n - k + 1) as f64 / k as f64 * p / (1.0 - p);
        below += mass;
    }
    1.0 - below
}

/// P(a run of `k` breaches within `n` evaluations), by the chain over the run's length.
fn run_probability(q: f64, k: usize, n: usize) -> f64 {
    let mut state = vec![0.0; k + 1];
    state[0] = 1.0;
    for _ in 0..n {
        let alive: f64 = state[..k].iter().sum();
        let mut next = vec![0.0; k + 1];
        next[0] = alive * (1.0 - q);
        for length in 0..k {
            next[length + 1] = state[length] * q;
        }
        next[k] += state[k];
        state = next;
    }
    state[k]
}

/// One stage at the router: 10 % of 100 requests a second, so 600 requests a minute, for an hour.
fn router(limit: f64, k: u32) -> Experiment {
    let mut experiment = wedge();
    experiment.traffic.split = Split::ByRequest;
    experiment.traffic.requests_per_second = 100.0;
    experiment.fleet.update.takes = Distribution::Constant(SimDuration::ZERO);
    experiment.fleet.update.parallel = None;
    experiment.policy.stages.truncate(1);
    experiment.policy.stages[0].target = "10%".parse().expect("a share");
    experiment.policy.stages[0].pause_after_windows = None;
    let gate = &mut experiment.policy.gates[0];
    gate.over = minutes(1);
    gate.window = Window::Consecutive(k);
    gate.breach.limit = Limit::Absolute(limit);
    experiment
}

#[test]
fn false_triggers_come_as_often_as_runs_of_binomial_breaches() {
    let (count, p) = (20_000, 0.005);
    for (limit, k) in [(0.01, 2_u32), (0.008, 3)] {
        let experiment = router(limit, k);
        let fired = runs(&experiment, count)
            .filter(|run| {
                run.history
                    .iter()
                    .any(|(_, e)| matches!(e, Event::Triggered { .. }))
            })
            .count();
        let q = binomial_tail(600, p, libm::floor(600.0 * limit + 1e-9) as u64);
        check(
            ROOT,
            fired as u64,
            count,
            run_probability(q, k as usize, 60),
        );
    }
}

#[test]
fn the_first_stage_of_single_hosts_and_that_of_a_router_show_the_same() {
    let router = router(0.01, 2);
    let mut hosts = router.clone();
    hosts.traffic.split = Split::ByHost;
    let count = 20_000;
    let rolled_back = |run: &Run| run.outcome == Outcome::RolledBack;
    let first = runs(&router, count).filter(rolled_back).count() as f64;
    let second = runs(&hosts, count).filter(rolled_back).count() as f64;
    let p = (first + second) / (2.0 * count as f64);
    let z = (first - second) / libm::sqrt(2.0 * count as f64 * p * (1.0 - p));
    assert!(
        z.abs() <= 4.0,
        "seed {ROOT}: {first} and {second} of {count}: z = {z:.2}"
    );
}

/// Acceptance row 11: the time from the trigger to the last host is the maximum over hosts; for 200
/// hosts of lognormal(20 s, 0.4) the deadline of 60 s is met with probability Phi(ln 3 / 0.4)^200 =
/// 0.547058 (closed form G01).
#[test]
fn the_slowest_host_decides_when_a_rollback_is_done() {
    let mut experiment = bad_wedge(0.3);
    experiment.fleet.hosts = 200;
    experiment.policy.stages.truncate(1);
    experiment.policy.stages[0].target = "100%".parse().expect("a share");
    experiment.fleet.update.parallel = None;
    experiment.fleet.update.takes = Distribution::Constant(SimDuration::ZERO);
    let takes = Distribution::Lognormal {
        median: SimDuration::from_secs(20),
        sigma: 0.4,
    };
    experiment.policy.rollback.steps[0].takes = Distribution::Constant(SimDuration::ZERO);
    experiment.policy.rollback.steps[0].effect =
        sim_core::policy::StepEffect::RevertHosts(sim_core::policy::RevertHosts {
            parallel: None,
            takes,
        });
    let count = 5000;
    let deadline = SimDuration::from_secs(60);
    let within =
        runs(&experiment, count).filter(|run| run.rollback.is_some_and(|took| took <= deadline));
    check(ROOT, within.count() as u64, count, 0.547_057_609_055_494_7);
}
