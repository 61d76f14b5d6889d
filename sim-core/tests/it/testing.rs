//! Gates that test, played: what they take, what they say, and how often they fire on nothing.

use serde_json::json;
use sim_core::effect::{Change, Course, DataChange, Effect};
use sim_core::engine::{Distribution, SimDuration};
use sim_core::history::{Event, Outcome};
use sim_core::policy::Judgement;
use sim_core::policy::gate::{Flaw, Limit, Population, Window};
use sim_core::telemetry::SignalKind;
use sim_core::traffic::Split;
use sim_core::{Experiment, Family, Grid, Plan, Run, Seed};

use crate::example::{errors, minutes, wedge};

const ROOT: u64 = 20_261_121;

/// A canary of 100 requests a minute beside a control of 900, both failing at 1 %, for an hour.
fn beside_control(window: serde_json::Value) -> Experiment {
    let mut experiment = wedge();
    experiment.traffic.split = Split::ByRequest;
    experiment.traffic.requests_per_second = 1_000.0 / 60.0;
    experiment.fleet.update.takes = Distribution::Constant(SimDuration::ZERO);
    experiment.fleet.update.parallel = None;
    experiment.telemetry.signals[0].kind = SignalKind::Ratio {
        base: 0.01,
        correlation: 0.0,
        of: sim_core::telemetry::Counted::Requests,
        unheard: 0.0,
    };
    experiment.policy.stages.truncate(1);
    experiment.policy.stages[0].target = "10%".parse().expect("a share");
    let gate = &mut experiment.policy.gates[0];
    gate.over = SimDuration::ZERO;
    gate.min_samples = 0;
    gate.window = serde_json::from_value(window).expect("the window is well formed");
    gate.breach.limit = Limit::Times {
        factor: 1.0,
        of: Population::Control,
    };
    experiment
}

/// The same without a control: the limit is the normal rate.
fn known_rate(window: serde_json::Value) -> Experiment {
    let mut experiment = beside_control(window);
    experiment.policy.gates[0].breach.limit = Limit::Absolute(0.01);
    experiment
}

/// A gate on the readings of single minutes, of which 1.84 % breach by chance: P(Bin(100, 1 %) > 3).
fn each_minute(window: serde_json::Value) -> Experiment {
    let mut experiment = known_rate(window);
    experiment.policy.gates[0].over = minutes(1);
    experiment.policy.gates[0].breach.limit = Limit::Absolute(0.03);
    experiment
}

fn worse(mut experiment: Experiment, by: f64) -> Experiment {
    experiment
        .release
        .push(errors("regression", by, Course::default()));
    experiment
}

fn play(plan: &Plan, replication: u64) -> Run {
    plan.play(Seed {
        root: ROOT,
        replication,
    })
}

fn rolled_back(experiment: &Experiment, runs: u64) -> u64 {
    let plan = Plan::new(experiment);
    let fired = |run: &u64| play(&plan, *run).outcome == Outcome::RolledBack;
    (0..runs).filter(fired).count() as u64
}

/// Plays harmless releases and holds the number of rollbacks against the promise: more than three
/// standard errors above it is a broken promise. A gate that never fires would keep any promise, so a
/// release that fails three times as often must be caught in 190 of 200 rollouts.
#[track_caller]
fn keeps_its_promise(experiment: &Experiment, alpha: f64) {
    let runs = 3_000;
    let fired = rolled_back(experiment, runs);
    let (mean, sd) = (
        alpha * runs as f64,
        (alpha * (1.0 - alpha) * runs as f64).sqrt(),
    );
    assert!(
        fired as f64 <= mean + 3.0 * sd,
        "seed {ROOT}: {fired} of {runs} rolled back at a guarantee of {alpha}"
    );
    let caught = rolled_back(&worse(experiment.clone(), 0.02), 200);
    assert!(
        caught >= 190,
        "seed {ROOT}: a rate of 3 % caught in {caught} of 200"
    );
}

#[test]
fn sequential_tests_keep_their_promise_on_harmless_releases() {
    let sprt = json!({"sprt": {"alternative": 0.02, "alpha": 0.05, "beta": 0.1}});
    keeps_its_promise(&known_rate(sprt), 0.05 / 0.9);
    let msprt = json!({"msprt": {"alpha": 0.05, "effect": 0.01}});
    keeps_its_promise(&beside_control(msprt), 0.05);
    let conditional =
        json!({"conditional-e-process": {"alpha": 0.05, "least": 1.25, "most": 10.0}});
    keeps_its_promise(&beside_control(conditional), 0.05);
}

#[test]
fn planned_looks_and_bets_on_breaches_keep_their_promise_too() {
    let planned = json!({"group-sequential": {
        "looks": 5, "over": "1h", "alpha": 0.05, "sides": "one", "boundary": "o-brien-fleming"}});
    keeps_its_promise(&beside_control(planned), 0.05);
    let bet = json!({"e-process": {"rate": 0.02, "bet": 10.0, "alpha": 0.05}});
    keeps_its_promise(&each_minute(bet), 0.05);
}

/// 505 of 10 000 independent simulations of the same setting (NumPy, the posterior by quadrature) passed
/// a level of 99 % at one of the sixty looks.
#[test]
fn peeking_at_a_posterior_fires_five_times_as_often_as_its_level_says() {
    let bayes = json!({"bayes": {"level": 0.99, "failures": 1.0, "successes": 99.0}});
    let runs = 2_000;
    let fired = rolled_back(&beside_control(bayes), runs) as f64 / runs as f64;
    let expect = 0.0505_f64;
    let sd = (expect * (1.0 - expect) * (1.0 / runs as f64 + 1.0 / 10_000.0)).sqrt();
    let z = (fired - expect) / sd;
    assert!(
        z.abs() <= 4.0,
        "seed {ROOT}: a share of {fired}, z = {z:.2}"
    );
}

/// Every judgement that was written, with the minute, the flaw and the samples.
fn judged(run: &Run) -> Vec<(u64, Judgement, Option<Flaw>, u64)> {
    let row = |(at, event): &(sim_core::engine::SimTime, Event)| match *event {
        Event::Judged {
            judgement,
            flaw,
            samples,
            ..
        } => Some((at.as_nanos() / 60_000_000_000, judgement, flaw, samples)),
        _ => None,
    };
    run.history.iter().filter_map(row).collect()
}

fn two_stages() -> Experiment {
    let mut experiment = beside_control(json!({"msprt": {"alpha": 1e-9, "effect": 0.01}}));
    let mut second = experiment.policy.stages[0].clone();
    second.id = "second".into();
    second.target = "50%".parse().expect("a share");
    experiment.policy.stages.push(second);
    experiment
}

#[test]
fn a_stage_takes_each_of_its_requests_once_and_the_next_begins_afresh() {
    let run = play(&Plan::new(&two_stages()), 0);
    let left: Vec<_> = judged(&run)
        .into_iter()
        .filter(|row| row.0 % 60 == 0)
        .collect();
    let pass = Judgement::Pass;
    assert_eq!(left[0], (60, pass, None, 60 * 100));
    assert_eq!(left[left.len() - 1], (120, pass, None, 60 * 500));
}

fn data_effect(change: fn(DataChange) -> Change) -> Effect {
    let of = DataChange {
        signal: Some("errors".into()),
        population: Some(Population::Canary),
    };
    let mut effect = errors("data", 0.0, Course::default());
    effect.change = change(of);
    effect.course.after = minutes(10);
    effect.course.lasts = Some(minutes(10));
    effect
}

/// Samples that are lost on their way leave the counters whole: what is late is taken later, once.
#[test]
fn an_outage_makes_the_test_wait_and_takes_nothing_from_it() {
    let mut experiment = two_stages();
    experiment.faults.push(data_effect(Change::Outage));
    let rows = judged(&play(&Plan::new(&experiment), 0));
    let stale = rows.iter().find(|row| row.2 == Some(Flaw::Stale));
    assert_eq!(stale.map(|row| (row.0, row.1)), Some((15, Judgement::Hold)));
    let left = rows
        .iter()
        .find(|row| row.0 == 60)
        .expect("the stage is left");
    assert_eq!(left.3, 60 * 100);
}

/// A sample that is not a number spoils what came with it, in both arms, and no more than that.
#[test]
fn spoilt_samples_are_lost_to_the_test_and_it_goes_on_after_them() {
    let mut experiment = two_stages();
    experiment.faults.push(data_effect(Change::Nan));
    let rows = judged(&play(&Plan::new(&experiment), 0));
    assert!(rows.iter().any(|row| row.2 == Some(Flaw::Nan)));
    let left = rows
        .iter()
        .find(|row| row.0 == 60)
        .expect("the stage is left");
    assert_eq!(left.3, 50 * 100);
}

#[test]
fn a_burn_rate_fires_while_both_windows_burn() {
    let mut experiment = each_minute(json!({"burn-rate": {"short": "5m"}}));
    let gate = &mut experiment.policy.gates[0];
    (gate.over, gate.breach.limit) = (minutes(30), Limit::Absolute(0.03));
    gate.min_samples = 500;
    assert_eq!(rolled_back(&experiment, 50), 0, "seed {ROOT}");
    // Of the 30 minutes behind minute 40 ten were bad: enough to fire, and it has stopped since.
    let brief = Course {
        after: minutes(10),
        lasts: Some(minutes(3)),
        ..Course::default()
    };
    experiment.release.push(errors("spell", 0.5, brief));
    let Window::BurnRate(_) = experiment.policy.gates[0].window else {
        panic!("it is a burn rate");
    };
    let run = play(&Plan::new(&experiment), 0);
    assert_eq!(run.outcome, Outcome::RolledBack);
    assert_eq!(run.detection, Some(minutes(1)), "both windows burn at once");
    experiment.policy.stages[0].triggers.clear();
    let rows = judged(&play(&Plan::new(&experiment), 0));
    assert_eq!(
        rows.last().map(|row| row.1),
        Some(Judgement::Pass),
        "and it ends"
    );
}

#[test]
fn ranks_of_minutes_notice_a_shift_and_not_its_absence() {
    let mut experiment = beside_control(json!({"mann-whitney": {
        "every": "1m", "confidence": 0.98, "tolerance": 0.25}}));
    experiment.policy.gates[0].over = minutes(30);
    experiment.policy.gates[0].min_samples = 3_000;
    experiment.policy.evaluate_every = minutes(10);
    let quiet = rolled_back(&experiment, 200);
    assert!(quiet <= 6, "seed {ROOT}: {quiet} of 200 harmless releases");
    assert_eq!(rolled_back(&worse(experiment, 0.03), 200), 200);
}

#[test]
fn charts_notice_a_small_shift_that_lasts() {
    let check = |window| {
        let mut experiment = known_rate(window);
        experiment.policy.gates[0].over = minutes(1);
        let quiet = rolled_back(&experiment, 200);
        assert!(quiet < 60, "seed {ROOT}: {quiet} of 200 harmless releases");
        assert_eq!(rolled_back(&worse(experiment, 0.02), 200), 200);
    };
    check(json!({"cusum": {"slack": 0.5, "limit": 5.0}}));
    check(json!({"cusum": {"slack": 0.5, "limit": 5.0, "unit": 0.01}}));
    check(json!({"ewma": {"weight": 0.1, "width": 3.5}}));
}

/// Settings of one test, and thresholds beside it, share one world and come to what each comes to alone.
#[test]
fn a_family_of_tests_is_what_each_is_alone() {
    let windows = [
        json!({"msprt": {"alpha": 0.05, "effect": 0.01}}),
        json!({"msprt": {"alpha": 0.001, "effect": 0.005}}),
        json!({"conditional-e-process": {"alpha": 0.01, "least": 1.25, "most": 10.0}}),
        json!({"bayes": {"level": 0.99, "failures": 1.0, "successes": 99.0}}),
    ];
    let members: Vec<_> = windows
        .into_iter()
        .map(|window| worse(beside_control(window), 0.006))
        .collect();
    let family = Family::new(&members);
    let grid = Grid::common(&members.iter().collect::<Vec<_>>());
    for replication in 0..40 {
        let root = ROOT;
        let together = family.play(Seed { root, replication });
        for (member, figures) in members.iter().zip(together) {
            let alone = play(&Plan::on(member, &grid), replication);
            let window = member.policy.gates[0].window;
            assert_eq!(
                alone.outcome, figures.outcome,
                "{root} {replication} {window:?}"
            );
            assert_eq!(
                alone.detection, figures.detection,
                "{root} {replication} {window:?}"
            );
        }
    }
}
