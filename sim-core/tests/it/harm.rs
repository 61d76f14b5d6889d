//! Harm and sample counts, held against what a few lines of arithmetic say.

use serde_json::{Value, json};
use sim_core::effect::Effect;
use sim_core::engine::{Distribution, SimDuration};
use sim_core::fleet::Update;
use sim_core::history::{Event, Outcome};
use sim_core::policy::StepEffect;
use sim_core::{Experiment, Run, Seed};

use crate::example::{minutes, wedge};

fn parse<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("the test's own data are well formed")
}

fn play(experiment: &Experiment) -> Run {
    let seed = Seed {
        root: 1,
        replication: 0,
    };
    sim_core::run(experiment, seed)
}

/// One stage that takes over everything at once and is watched by nobody; an hour in all.
fn takeover() -> Experiment {
    let mut experiment = wedge();
    experiment.fleet.update = Update {
        takes: Distribution::Constant(SimDuration::ZERO),
        parallel: None,
        ..experiment.fleet.update
    };
    experiment.traffic = parse(json!({"requests-per-second": 10.0, "split": "by-request"}));
    experiment.policy.stages.drain(..2);
    let stage = &mut experiment.policy.stages[0];
    (stage.criteria, stage.triggers) = (Vec::new(), Vec::new());
    stage.observe = minutes(10);
    experiment.horizon = minutes(60);
    experiment
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "a value is written where it is passed"
)]
fn effect(change: Value, course: Value) -> Effect {
    parse(json!({"id": "e", "change": change, "course": course}))
}

fn errors(by: f64, population: &str, course: Value) -> Effect {
    let change = json!({"add": {"signal": "errors", "by": by, "population": population}});
    effect(change, course)
}

#[track_caller]
fn suffers(experiment: &Experiment, expected: f64, what: &str) {
    for scrape in ["10s", "1m", "7m", "1h"] {
        let mut experiment = experiment.clone();
        experiment.telemetry.scrape_every = parse(json!(scrape));
        let found = play(&experiment).harm.exposed_error_minutes;
        let off = (found - expected).abs();
        assert!(
            off <= 1e-9 * expected,
            "{what}, scraped every {scrape}: {found} min, by hand {expected}"
        );
    }
}

/// Every expected number is the error rate above normal times the share that meets it times minutes.
#[test]
fn harm_is_the_integral_of_errors_above_normal_whatever_the_scrape_interval() {
    let cases = [
        (
            errors(0.2, "canary", json!({"after": "2m", "lasts": "30s"})),
            0.2 * 0.5,
        ),
        (errors(0.2, "canary", json!({})), 0.2 * 60.0),
        (errors(0.4, "canary", json!({"ramp": "1h"})), 0.4 * 30.0),
        (
            errors(0.4, "fleet", json!({"cycle": {"on": "10s", "off": "10s"}})),
            0.4 * 30.0,
        ),
        (
            errors(0.2, "canary", json!({"until": "11m30s"})),
            0.2 * 11.5,
        ),
        (errors(-0.002, "canary", json!({})), 0.0),
        // Every request fails once the fourth of the hour is over that the growth to 2 needs.
        (errors(0.995, "canary", json!({})), 0.995 * 60.0),
    ];
    for (effect, expected) in cases {
        let mut experiment = takeover();
        let what = format!("{:?}", effect.course);
        experiment.release.push(effect);
        suffers(&experiment, expected, &what);
        assert_eq!(play(&experiment).outcome, Outcome::Completed);
    }
}

#[test]
fn users_of_the_old_version_are_harmed_like_those_of_the_new_one() {
    for (population, expected) in [("control", 0.1 * 0.7 * 60.0), ("fleet", 0.1 * 60.0)] {
        let mut experiment = takeover();
        experiment.policy.stages[0].target = "30%".parse().expect("a share");
        experiment.release.push(errors(0.1, population, json!({})));
        suffers(&experiment, expected, population);
    }
}

#[test]
fn nobody_is_harmed_while_nobody_asks_for_anything() {
    let bad = |traffic: Value| {
        let mut experiment = takeover();
        experiment.traffic = parse(traffic);
        experiment.release.push(errors(0.2, "canary", json!({})));
        experiment
    };
    let none = json!({"requests-per-second": 0.0, "split": "by-request"});
    suffers(&bad(none), 0.0, "no traffic");
    let gap = json!({"requests-per-second": 10.0, "split": "by-request",
                     "shape": [{"surge": {"at": "5m", "lasts": "20m", "factor": 0.0}}]});
    suffers(&bad(gap), 0.2 * 40.0, "no traffic for twenty minutes");
}

/// Ten hosts a minute: host n of the k-th ten serves the new version for 60 - k minutes.
#[test]
fn hosts_that_are_still_on_their_way_count_from_their_own_instants() {
    let mut experiment = takeover();
    experiment.traffic = parse(json!({"requests-per-second": 10.0}));
    experiment.fleet.update.takes = Distribution::Constant(minutes(1));
    experiment.fleet.update.parallel = Some(10);
    experiment.release.push(errors(0.2, "canary", json!({})));
    let host_minutes: f64 = (1..=10).map(|ten| 0.1 * (60.0 - f64::from(ten))).sum();
    suffers(&experiment, 0.2 * host_minutes, "by host");
    // An effect that grows meanwhile: the integral of share times t / 60 over the same steps.
    experiment.release[0].course.ramp = minutes(60);
    let steps = (1..=10).map(|ten| 0.1 * (3600.0 - f64::from(ten * ten)) / 120.0);
    suffers(&experiment, 0.2 * steps.sum::<f64>(), "growing");
}

/// A switch that nobody honours, a rollback to the same bad content: the release goes on failing users.
#[test]
fn a_failed_rollback_harms_until_the_horizon() {
    let mut experiment = takeover();
    experiment.policy.stages[0].triggers.push("errors".into());
    experiment.release.push(errors(0.2, "canary", json!({})));
    experiment.policy.rollback.steps[0].effect = StepEffect::ThrowKillSwitch;
    suffers(&experiment, 0.2 * 60.0, "no switch");
    assert_eq!(play(&experiment).outcome, Outcome::Aborted);
    experiment.policy.rollback.steps[0].effect =
        parse(json!({"revert-hosts": {"takes": {"constant": "0"}}}));
    experiment.faults.push(effect(
        json!({"same-content": {"step": "revert"}}),
        json!({}),
    ));
    let spoilt = play(&experiment);
    assert_eq!(spoilt.outcome, Outcome::Aborted);
    let found = spoilt.harm.exposed_error_minutes;
    assert!((found - 12.0).abs() < 1e-9, "{found} min, by hand 12");
}

/// A median of 100 ms with sigma 0.5 has its 99th percentile at 320 ms; twice as slow, 17.359 % are beyond
/// it (tables of the normal distribution), and each counts half.
#[test]
fn slow_requests_harm_by_their_weight() {
    let latency = |more: Value| {
        let mut experiment = takeover();
        let mut signal = json!({"id": "slow", "harms-users": true, "kind": {"latency": {
            "parts": [{"weight": 1.0, "median": 100.0, "sigma": 0.5}], "cap": 10_000.0}}});
        let fields = more.as_object().expect("fields").clone();
        signal.as_object_mut().expect("a signal").extend(fields);
        experiment.telemetry.signals.push(parse(signal));
        let twice = json!({"multiply": {"signal": "slow", "by": 2.0}});
        experiment.release.push(effect(twice, json!({})));
        play(&experiment).harm.exposed_error_minutes / 60.0
    };
    // Above the median half of them are slow already, and twice as slow 91.716 % are.
    let cases = [
        (json!({}), 0.5 * 0.163_59),
        (json!({"harm-weight": 1.0}), 0.163_59),
        (
            json!({"harm-weight": 0.1, "slow-above": 100.0}),
            0.1 * 0.417_16,
        ),
        (json!({"harm-weight": 0.0}), 0.0),
    ];
    for (fields, expected) in cases {
        let found = latency(fields.clone());
        assert!(
            (found - expected).abs() < 2e-5,
            "{fields}: {found}, not {expected}"
        );
    }
}

/// 36 events for each of 100 hosts and hour are one a second, beside ten requests a second.
#[test]
fn each_event_of_a_count_is_one_failed_request() {
    let mut experiment = takeover();
    experiment.telemetry.signals.push(parse(json!({
        "id": "crashes", "harms-users": true, "kind": {"count": {"per-host-hour": 4.0}}})));
    let more = json!({"add": {"signal": "crashes", "by": 36.0}});
    experiment.release.push(effect(more, json!({})));
    suffers(&experiment, 0.1 * 60.0, "crashes");
}

/// The new version serves from second 6 on: 54 of the first 60 seconds at 10 requests a second, whatever
/// lies between two scrapes; and a third of a request a second is twenty a minute.
#[test]
fn a_gate_counts_the_requests_that_were_served_and_not_those_of_a_mean_exposure() {
    let samples = |scrape: &str, rate: f64| {
        let mut experiment = takeover();
        experiment.traffic.requests_per_second = rate;
        experiment.fleet.update.takes = Distribution::Constant(SimDuration::from_secs(6));
        experiment.telemetry.scrape_every = parse(json!(scrape));
        experiment.policy.stages[0].triggers.push("errors".into());
        experiment.policy.gates[0].over = minutes(1);
        experiment.policy.gates[0].min_samples = 1;
        let run = play(&experiment);
        let mut judged = run.history.iter().filter_map(|(_, event)| match event {
            Event::Judged { samples, .. } => Some(*samples),
            _ => None,
        });
        judged.next().expect("the gate is read")
    };
    for (scrape, rate, expected) in [
        ("10s", 10.0, 540),
        ("20s", 10.0, 540),
        ("1m", 10.0, 540),
        ("1s", 1.0 / 3.0, 18),
        ("1m", 1.0 / 3.0, 18),
    ] {
        let found = samples(scrape, rate);
        assert_eq!(found, expected, "scraped every {scrape} at {rate} a second");
    }
}

/// A fifth of the requests fails from minute 10 on: a budget of 2 minutes of full outage is spent after ten more.
#[test]
fn a_budget_of_harm_is_exceeded_at_the_instant_at_which_it_is_spent() {
    for (budget, expected) in [
        (2.0, Some(20.0)),
        (0.0, Some(10.0)),
        (9.9, Some(59.5)),
        (10.0, None),
    ] {
        let mut experiment = takeover();
        experiment.policy.harm_budget = parse(json!({"error-minutes": budget}));
        experiment
            .release
            .push(errors(0.2, "canary", json!({"after": "10m"})));
        let found = play(&experiment).harm.exceeded_at;
        let found = found.map(|at| at.as_secs_f64() / 60.0);
        let same = match (found, expected) {
            (Some(found), Some(expected)) => f64::abs(found - expected) < 1e-6,
            (found, expected) => found == expected,
        };
        assert!(
            same,
            "a budget of {budget} min: {found:?}, by hand {expected:?}"
        );
    }
}
