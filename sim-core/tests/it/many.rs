//! Many hosts, many clients, and a controller that looks now and then, held against closed forms.

use serde_json::{Value, json};
use sim_core::effect::Effect;
use sim_core::engine::{Distribution, SimDuration, SimTime};
use sim_core::history::{Event, Outcome};
use sim_core::policy::{Action, ObservationStart, StepEffect};
use sim_core::{Experiment, Run, Seed};

use crate::example::{minutes, wedge};

const ROOT: u64 = 12;

fn parse<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("the test's own data are well formed")
}

fn play(experiment: &Experiment, replication: u64) -> Run {
    let root = ROOT;
    sim_core::run(experiment, Seed { root, replication })
}

/// Everything at once, bad from minute 30 on, rolled back at the next look.
fn bad(traffic: Value) -> Experiment {
    let mut experiment = wedge();
    experiment.fleet.hosts = 50;
    experiment.fleet.update.takes = Distribution::Constant(SimDuration::ZERO);
    experiment.traffic = parse(traffic);
    experiment.policy.stages.drain(..2);
    experiment.policy.stages[0].observe = minutes(600);
    let gate = &mut experiment.policy.gates[0];
    (gate.window, gate.over) = (parse(json!("instant")), minutes(1));
    experiment.release.push(parse(json!({
        "id": "bad", "change": {"add": {"signal": "errors", "by": 0.1}}, "course": {"after": "30m"}})));
    experiment.horizon = SimDuration::from_hours(24);
    experiment
}

/// Checks a mean over rollouts against its closed form, within four of its standard errors.
#[track_caller]
fn mean_is(what: &str, values: &[f64], expected: f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let square: f64 = values
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum();
    let error = (square / (n - 1.0) / n).sqrt();
    let z = (mean - expected) / error;
    assert!(
        z.abs() < 4.0,
        "seed {ROOT}: {what}: {mean}, not {expected}, z = {z}"
    );
}

fn rollbacks(experiment: &Experiment, runs: u64) -> Vec<f64> {
    let rollback = |run| play(experiment, run).rollback.expect("it is rolled back");
    (0..runs).map(|run| rollback(run).as_secs_f64()).collect()
}

/// One after another: 50 hosts of 10 s each, and 45 s for each try that is lost, of which a fifth makes a
/// quarter of a try for each host: 50 (10 + 45 / 4) s.
#[test]
fn a_lost_command_keeps_its_place_until_it_has_arrived() {
    let mut experiment = bad(json!({"requests-per-second": 100.0}));
    experiment.policy.rollback.steps[0] = parse(json!({"id": "revert", "required": true,
        "takes": {"constant": "0"},
        "effect": {"revert-hosts": {"parallel": 1, "takes": {"constant": "10s"}}}}));
    let lost = json!({"lost": {"chance": 0.2, "retry-after": "45s"}});
    experiment.faults.push(parse::<Effect>(
        json!({"id": "loss", "change": {"commands": {
        "toward": "old", "trouble": lost}}}),
    ));
    mean_is(
        "seconds",
        &rollbacks(&experiment, 200),
        50.0 * (10.0 + 45.0 / 4.0),
    );
}

/// A million users who visit so often, and a kill switch that clients obey 45 minutes late on average.
fn users(visits_per_hour: f64) -> Experiment {
    let users = json!({"sticky-users": {"users": 1_000_000, "visits-per-hour": visits_per_hour}});
    let mut experiment = bad(json!({"requests-per-second": 100.0, "split": users}));
    experiment.policy.kill_switch = Some(parse(json!({"id": "off", "works": true,
        "takes": {"constant": "0"}, "client-memory": {"exponential": {"mean": "45m"}}})));
    experiment.policy.rollback.steps[0].effect = StepEffect::ThrowKillSwitch;
    experiment.policy.rollback.steps[0].takes = Distribution::Constant(SimDuration::ZERO);
    experiment
}

/// Minutes from the regression to the switch, and error-minutes after it.
fn after_the_switch(experiment: &Experiment, run: u64) -> (f64, f64) {
    let run = play(experiment, run);
    let until = run.detection.expect("it is seen").as_secs_f64() / 60.0;
    (until, run.harm.exposed_error_minutes - 0.1 * until)
}

/// A million clients who each remember for 45 minutes on average: the last one forgets after 45 minutes times
/// the millionth harmonic number, 14.392727; together they meet the release for 45 minutes each.
#[test]
fn a_million_clients_forget_one_by_one_and_the_last_one_late() {
    let experiment = users(1000.0);
    mean_is(
        "seconds",
        &rollbacks(&experiment, 100),
        45.0 * 60.0 * 14.392_727,
    );
    let after = |run| after_the_switch(&experiment, run).1;
    let after: Vec<f64> = (0..100).map(after).collect();
    mean_is("error-minutes after the switch", &after, 0.1 * 45.0);
}

/// Visits come at random, so that 1 - exp(-0.36 t) of the users have visited t hours after all have joined;
/// nobody else has anything to forget.
#[test]
fn a_user_who_has_not_visited_has_nothing_to_forget() {
    let experiment = users(0.36);
    let left = |run| {
        let (until, after) = after_the_switch(&experiment, run);
        let hours = 0.5 + until / 60.0;
        after / (1.0 - libm::exp(-0.36 * hours))
    };
    let left: Vec<f64> = (0..100).map(left).collect();
    mean_is("error-minutes for each visitor", &left, 0.1 * 45.0);
}

fn entered(run: &Run) -> Vec<SimTime> {
    let stages = run.history.iter();
    let stages = stages.filter(|(_, event)| matches!(event, Event::StageEntered { .. }));
    stages.map(|(at, _)| *at).collect()
}

/// Source: growthbook/growthbook#5415: holds of 20 s under a scheduler that looks once a minute.
#[test]
fn a_controller_takes_one_step_for_each_look() {
    let mut experiment = wedge();
    experiment.fleet.update.takes = Distribution::Constant(SimDuration::ZERO);
    for stage in &mut experiment.policy.stages {
        stage.observe = SimDuration::from_secs(20);
        stage.observe_from = ObservationStart::Entry;
        (stage.criteria, stage.triggers) = (Vec::new(), Vec::new());
    }
    let run = play(&experiment, 0);
    let seconds: Vec<u64> = entered(&run)
        .iter()
        .map(|at| at.as_nanos() / 1_000_000_000)
        .collect();
    assert_eq!(seconds, [0, 60, 120]);
    assert_eq!(run.outcome, Outcome::Completed);
    // A hold that is longer than the time between two looks ends when it ends: the controller is woken.
    let second =
        |experiment: &Experiment| entered(&play(experiment, 0))[1].as_nanos() / 1_000_000_000;
    experiment.policy.stages[0].observe = SimDuration::from_secs(90);
    assert_eq!(second(&experiment), 90);
    experiment.policy.evaluate_every = SimDuration::from_secs(70);
    assert_eq!(second(&experiment), 90);
    experiment.policy.evaluate_every = SimDuration::from_secs(30);
    assert_eq!(second(&experiment), 90);
}

/// Asked at the first look after the hold, 60 s, and left with the answer, 45 s later; the next hold is over after
/// 125 s, and there was a look at 120 s.
#[test]
fn an_approval_is_acted_upon_when_it_comes() {
    let mut experiment = wedge();
    experiment.fleet.update.takes = Distribution::Constant(SimDuration::ZERO);
    experiment.operators = vec![parse(
        json!({"role": "lead", "answers-in": {"constant": "45s"}}),
    )];
    for stage in &mut experiment.policy.stages {
        stage.observe = SimDuration::from_secs(20);
        stage.observe_from = ObservationStart::Entry;
        stage.approval = Some("lead".to_owned());
        stage.pause_after_windows = None;
        (stage.criteria, stage.triggers) = (Vec::new(), Vec::new());
    }
    let seconds: Vec<u64> = entered(&play(&experiment, 0))
        .iter()
        .map(|at| at.as_nanos() / 1_000_000_000)
        .collect();
    assert_eq!(seconds, [0, 105, 170]);
}

/// Of 400 hosts 100 serve the new version, all of them at once, and a fifth of those fails every request. Where they
/// say nothing, four fifths of the requests are left, and none of them fails more often than normally.
#[test]
fn hosts_that_fail_in_silence_are_not_seen_and_harm_all_the_same() {
    let story = |silent: bool| {
        let mut experiment = wedge();
        experiment.fleet.hosts = 400;
        experiment.fleet.update.takes = Distribution::Constant(SimDuration::ZERO);
        experiment.traffic = parse(json!({"requests-per-second": 400.0}));
        experiment.policy.stages[0].target = "25%".parse().expect("a share");
        experiment.policy.stages[0].observe = minutes(60);
        experiment
            .release
            .push(parse(json!({"id": "dead", "hosts": "20%",
            "change": {"add": {"signal": "errors", "by": 1.0}}})));
        if silent {
            experiment
                .faults
                .push(parse(json!({"id": "silence", "hosts-of": "dead",
                "change": {"outage": {}}})));
        }
        experiment.policy.classes[0].action = Action::Record;
        experiment.policy.gates[0].over = minutes(1);
        experiment.horizon = SimDuration::from_mins(30);
        play(&experiment, 0)
    };
    let last = |run: &Run| {
        let mut read = run.history.iter().filter_map(|(_, event)| match event {
            Event::Judged { value, samples, .. } => Some((*value, *samples)),
            _ => None,
        });
        read.next_back().expect("a gate is read")
    };
    let (loud, silent) = (story(false), story(true));
    let (seen, all) = last(&loud);
    let (unseen, left) = last(&silent);
    println!("{seen} of {all}, {unseen} of {left}");
    // A hundred of four hundred hosts are drawn, of which eighty are bad: a standard error of 3.5 %.
    let bad = seen - 0.005;
    assert!((bad - 0.2).abs() < 4.0 * 0.035, "{seen}");
    assert!(unseen < 0.02, "{unseen}");
    // Six thousand requests tell the share of bad hosts to 0.6 %.
    let part = left as f64 / all as f64;
    assert!((part - (1.0 - bad)).abs() < 4.0 * 0.006, "{part}, {bad}");
    let harm = [&loud, &silent].map(|run| run.harm.exposed_error_minutes);
    assert_eq!(harm[0].to_bits(), harm[1].to_bits(), "{harm:?}");
    assert!(harm[0] > 1.0, "{harm:?}");
}

/// The last host serves the new version after half an hour; from then on the old one is kept for ten minutes.
#[test]
fn a_standby_is_kept_from_the_takeover_on() {
    let outcome = |bad_after: &str| {
        let mut experiment = bad(json!({"requests-per-second": 100.0}));
        experiment.fleet.update.takes = Distribution::Constant(minutes(6));
        experiment.policy.stages[0].observe_from = ObservationStart::Entry;
        experiment.policy.rollback.standby = Some(minutes(10));
        experiment.policy.rollback.steps[0].effect = StepEffect::ShiftTraffic;
        experiment.release[0].course.after = parse(json!(bad_after));
        play(&experiment, 0).outcome
    };
    assert_eq!(outcome("35m"), Outcome::RolledBack);
    assert_eq!(outcome("45m"), Outcome::Aborted);
}
