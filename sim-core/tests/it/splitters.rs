//! What splits the traffic, played: what a gate sees of a declared weight, and what is reached.

use serde_json::{Value, json};
use sim_core::engine::{Distribution, Share};
use sim_core::history::Event;
use sim_core::policy::Judgement;
use sim_core::policy::gate::{Flaw, Limit, Window};
use sim_core::traffic::{Split, presets};
use sim_core::{Experiment, Plan, Run, Seed};

use crate::chance::check;
use crate::example::{bad_wedge, minutes, wedge};

const ROOT: u64 = 20_261_130;

fn split(value: Value) -> Split {
    serde_json::from_value(value).expect("the split is well formed")
}

/// One stage of `target` behind `split`: 10 000 requests in the minute of one evaluation.
fn one_window(split: Split, target: &str, least: u64) -> Experiment {
    let mut experiment = wedge();
    experiment.traffic.split = split;
    experiment.traffic.requests_per_second = 10_000.0 / 60.0;
    experiment.fleet.update.takes = Distribution::Constant(minutes(0));
    experiment.fleet.update.parallel = None;
    let stage = &mut experiment.policy.stages[0];
    stage.target = target.parse().expect("a share");
    stage.observe = minutes(1);
    experiment.policy.stages.truncate(1);
    let gate = &mut experiment.policy.gates[0];
    (gate.over, gate.min_samples) = (minutes(1), least);
    gate.window = Window::Consecutive(1);
    gate.breach.limit = Limit::Absolute(0.05);
    experiment
}

fn runs(experiment: &Experiment, count: u64) -> impl Iterator<Item = Run> {
    let plan = Plan::new(experiment);
    (0..count).map(move |replication| {
        plan.play(Seed {
            root: ROOT,
            replication,
        })
    })
}

/// What the first evaluation with data says: its samples, whether it breaches, whether it can say nothing.
fn first_window(run: &Run) -> (u64, bool, bool) {
    let read = run.history.iter().find_map(|(_, event)| match event {
        Event::Judged {
            judgement,
            flaw,
            samples,
            ..
        } if *flaw != Some(Flaw::Missing) => Some((
            *samples,
            *judgement == Judgement::Breach,
            *judgement == Judgement::Hold,
        )),
        _ => None,
    });
    read.expect("one minute is evaluated")
}

/// A gate above 5 % at 2 % errors, 1 % canary of 10 000 requests. In turns the canary has 100 of them and
/// P(Bin(100, 2 %) > 5) = 1.548 %. By a coin it has Bin(10 000, 1 %): 2.99 % breach among those with 50 samples; asked
/// for 100 samples 1.06 % breach, and P(Bin(10 000, 1 %) < 100) = 48.67 % are undecided.
#[test]
fn a_coin_breaches_a_gate_twice_as_often_as_turns_do_or_leaves_it_undecided() {
    let coin = || split(json!({"requests": {"draw": "coin"}}));
    let turns = || split(json!({"requests": {"draw": {"smooth": {"phase": "middle"}}}}));
    let count = 20_000;
    for (split, least, breaches, undecided) in [
        (turns(), 50, 0.015_48, 0.0),
        (coin(), 50, 0.029_9, 0.0),
        (turns(), 100, 0.015_48, 0.0),
        (coin(), 100, 0.010_6, 0.486_7),
    ] {
        let mut experiment = one_window(split, "1%", least);
        set_errors(&mut experiment, 0.02);
        let seen: Vec<_> = runs(&experiment, count)
            .map(|run| first_window(&run))
            .collect();
        check(
            ROOT,
            seen.iter().filter(|it| it.1).count() as u64,
            count,
            breaches,
        );
        let few = seen.iter().filter(|it| it.2).count();
        if undecided > 0.0 {
            check(ROOT, few as u64, count, undecided);
        } else {
            assert_eq!(few, 0, "{split:?} {least}");
        }
        if split == turns() {
            assert!(
                seen.iter().all(|it| it.0 == 100),
                "turns give 100 of 10 000"
            );
        }
    }
}

/// 2 % of the users always fail, and a gate stops above 5 % (5.5 % here, so that 5 of 100 users are not above it by the chance of
/// their requests). One window of 100 users breaches with P(Bin(100, 2 %) > 5) = 1.548 %. Ten rollouts that meet the same 100
/// users breach all or none; with other ones each time at least one breaches with 1 - (1 - 1.548 %)^10 = 14.45 %.
#[test]
fn ten_rollouts_on_the_same_users_are_one_chance_and_on_others_ten() {
    let users = |salt: &str| {
        split(json!({"users": {"count": 10_000, "assigned-by": "list", "salt": salt}}))
    };
    let studies = 3_000;
    for (salt, expect) in [("fixed", 0.015_48), ("flag", 0.144_5)] {
        let mut experiment = one_window(users(salt), "1%", 1);
        experiment.traffic.requests_per_second *= 1_000.0;
        experiment.telemetry.signals[0].kind = sim_core::telemetry::SignalKind::Ratio {
            base: 0.02,
            correlation: 0.0,
            of: sim_core::telemetry::Counted::Users,
            unheard: 0.0,
        };
        experiment.policy.gates[0].breach.limit = Limit::Absolute(0.055);
        let plan = Plan::new(&experiment);
        let breaches = |root: u64| {
            let seed = |replication| Seed { root, replication };
            let breaches = (0..10).filter(|it| first_window(&plan.play(seed(*it))).1);
            breaches.count()
        };
        let seen: Vec<usize> = (ROOT..ROOT + studies).map(breaches).collect();
        let any = seen.iter().filter(|it| **it > 0).count();
        check(ROOT, any as u64, studies, expect);
        if salt == "fixed" {
            assert!(
                seen.iter().all(|it| [0, 10].contains(it)),
                "all ten or none"
            );
        }
    }
}

fn set_errors(experiment: &mut Experiment, base: f64) {
    experiment.telemetry.signals[0].kind = sim_core::telemetry::SignalKind::Ratio {
        base,
        correlation: 0.0,
        of: sim_core::telemetry::Counted::Requests,
        unheard: 0.0,
    };
}

/// Declared, and what the product was seen to reach (2026-11-30). A ring's factor is this world's own.
#[test]
fn what_a_preset_reaches_is_what_its_product_was_seen_to_reach() {
    let cases = [
        ("nginx-round-robin", "1%", 0.01, 0.0),
        ("nginx-random-two", "5%", 0.6326, 0.019),
        ("nginx-random-two", "1%", 0.1935, 0.016),
        ("haproxy-roundrobin", "0.1%", 1.0 / 257.0, 1e-6),
        ("haproxy-leastconn", "1%", 0.5, 0.0),
        ("envoy-random", "1%", 0.4963, 0.02),
        ("traefik-p2c", "1%", 0.4992, 0.02),
        ("unleash", "0.5%", 0.0, 0.0),
        ("unleash", "1.5%", 0.00988, 0.0015),
        ("configcat", "0.1%", 0.01012, 0.0015),
        ("configcat", "1.5%", 0.02041, 0.002),
        ("flipt-threshold", "0.1%", 0.01, 0.003),
        ("growthbook-js", "1%", 0.0111, 0.0015),
        ("growthbook", "1%", 0.0101, 0.0015),
        ("launchdarkly", "0.1%", 0.00104, 0.0004),
    ];
    for (preset, target, seen, errors) in cases {
        let experiment = one_window(split(json!({"preset": preset})), target, 1);
        let run = runs(&experiment, 1).next().expect("one run");
        let reached = run.exposure.reached_max.as_f64();
        assert!(
            (reached - seen).abs() <= errors,
            "{preset} {target}: {reached}, seen {seen}"
        );
    }
}

/// All of the requests are the new version's at the end, and none before the beginning, whatever splits them.
#[test]
fn every_preset_reaches_nobody_at_zero_and_everybody_at_the_end() {
    for entry in presets() {
        let found = [Share::ZERO, Share::ONE]
            .map(|it| sim_core::traffic::expected(Split::Preset(entry.preset), it));
        assert_eq!(found, [Share::ZERO, Share::ONE], "{}", entry.name);
    }
}

/// Three quarters of a user are nobody: no request reaches the new version, for the gate and for the harm alike.
#[test]
fn a_release_that_nobody_gets_harms_nobody() {
    let users = json!({"sticky-users": {"users": 150, "visits-per-hour": 6.0}});
    for (target, nobody) in [("0.5%", true), ("1%", false)] {
        let mut experiment = one_window(split(users.clone()), target, 1);
        experiment.release = bad_wedge(0.5).release;
        experiment.policy.gates[0].class = None;
        let run = runs(&experiment, 1).next().expect("one run");
        assert_eq!(
            run.harm.exposed_requests == 0.0,
            nobody,
            "{target}: {:?}",
            run.harm
        );
        assert_eq!(run.exposure.reached_max == Share::ZERO, nobody, "{target}");
    }
}

/// Whole turns of the canary at 7.6 % of 20 requests a minute: 19.76 in 13 minutes, so 19 or 20.
#[test]
fn a_gate_counts_the_requests_of_a_slow_service_to_one() {
    let turns = json!({"requests": {"draw": {"smooth": {"phase": "last"}}}});
    for (split, target, requests) in [
        (json!("by-request"), "7.6%", 19.76),
        (turns.clone(), "7.6%", 19.76),
        (turns, "2%", 5.2),
    ] {
        let mut experiment = one_window(self::split(split), target, 1);
        experiment.traffic.requests_per_second = 20.0 / 60.0;
        experiment.policy.gates[0].over = minutes(13);
        experiment.policy.stages[0].observe = minutes(14);
        let run = runs(&experiment, 1).next().expect("one run");
        let samples = run.history.iter().filter_map(|(at, event)| match event {
            Event::Judged { samples, .. } if at.as_secs_f64() >= 780.0 => Some(*samples),
            _ => None,
        });
        let samples = samples.min().expect("it is evaluated") as f64;
        assert!(
            (samples - requests).abs() < 1.0,
            "{target}: {samples} of {requests}"
        );
    }
}

/// A weight of zero that only stops newcomers leaves the others there: with sessions of an hour the last of a thousand
/// users leaves after about ln(1000) + 0.58 = 7.5 hours, an evicting one at once.
#[test]
fn a_rollback_that_only_stops_newcomers_lasts_as_long_as_their_sessions() {
    let users = |on_zero: Value| {
        split(json!({"users": {"count": 10_000, "visits-per-hour": 60.0, "on-zero": on_zero}}))
    };
    let hours = |on_zero: Value| {
        let mut experiment = one_window(users(on_zero), "10%", 1);
        experiment.release = bad_wedge(0.5).release;
        experiment.policy.rollback.deadline = None;
        experiment.policy.stages[0].observe = minutes(60);
        let spent = runs(&experiment, 200).map(|run| {
            let at = |wanted: fn(&Event) -> bool| {
                let found = run.history.iter().find(|(_, event)| wanted(event));
                found.map(|(at, _)| at.as_secs_f64() / 3600.0)
            };
            let begun = at(|event| matches!(event, Event::RollbackBegan)).expect("it rolls back");
            at(|event| matches!(event, Event::Reverted)).expect("it is back") - begun
        });
        spent.sum::<f64>() / 200.0
    };
    assert!(hours(json!("evict")) < 0.1);
    let mean = hours(json!({"stop-newcomers": {"session": "1h"}}));
    // The maximum of n exponentials has a standard deviation of 1.28 hours: four errors of 200 are 0.37.
    assert!((mean - 7.49).abs() < 0.45, "{mean} hours");
}

/// Ten thousand users come once an hour for an hour of a release on which half of the visits fail, 10 % of them: 1000 are
/// on it, 1 - exp(-1) of those have come, and 1 - exp(-1/2) were hurt, however many requests they made.
#[test]
fn harm_counts_different_users_and_not_only_requests() {
    let users = split(json!({"users": {"count": 10_000, "visits-per-hour": 1.0, "salt": "fixed"}}));
    let mut experiment = one_window(users, "10%", 1);
    experiment.release = bad_wedge(0.5).release;
    experiment.policy.gates[0].class = None;
    experiment.policy.stages[0].triggers.clear();
    experiment.policy.stages[0].criteria.clear();
    experiment.policy.stages[0].observe = minutes(60);
    experiment.horizon = minutes(60);
    let runs: Vec<Run> = runs(&experiment, 3).collect();
    let on = runs[0].exposure.reached_max.as_f64() * 10_000.0;
    for run in &runs {
        let [met, hurt] = run.harm.users.expect("users are declared");
        let expect = [1.0, 0.5].map(|times: f64| on * (1.0 - libm::exp(-times)));
        // The release adds half a failed request to the 0.5 % that fail anyway; nothing is drawn.
        assert!(
            (met - expect[0]).abs() < 0.01 * on,
            "{met}, expected {}",
            expect[0]
        );
        assert!(
            (hurt - expect[1]).abs() < 0.01 * on,
            "{hurt}, expected {}",
            expect[1]
        );
    }
    // The salt is fixed: the same users meet the release in every rollout.
    assert!(runs.iter().all(|run| run.exposure == runs[0].exposure));
}

/// Of bad requests that nobody hears of, a half: 10 % are seen as 0.1 x 0.5 / (1 - 0.1 x 0.5) = 5.263 %.
#[test]
fn bad_requests_that_nobody_hears_of_are_missing_among_the_bad_and_among_all() {
    let mut experiment = one_window(split(json!("by-request")), "10%", 1);
    experiment.traffic.requests_per_second *= 1_000.0;
    experiment.telemetry.signals[0].kind = sim_core::telemetry::SignalKind::Ratio {
        base: 0.1,
        correlation: 0.0,
        of: sim_core::telemetry::Counted::Requests,
        unheard: 0.5,
    };
    experiment.policy.gates[0].breach.limit = Limit::Absolute(1.0);
    for run in runs(&experiment, 5) {
        let seen = run.history.iter().find_map(|(_, event)| match event {
            Event::Judged {
                flaw: None, value, ..
            } => Some(*value),
            _ => None,
        });
        let seen = seen.expect("it is evaluated");
        // A million requests: a standard deviation of 0.00023.
        assert!((seen - 0.052_63).abs() < 0.001, "seed {ROOT}: {seen}");
    }
}
