//! What Flagger 1.44.0 was seen to do where one would guess otherwise.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails at its line")]

use controllers::flagger::form::{CanaryMetric, CanaryWebhook, MetricTemplateSpec, Templates};
use controllers::flagger::metric::{Answer, Ask};
use controllers::flagger::{
    Asked, Canary, Order, Phase, Policy, Readiness, Routes, State, Tick, Wake, World, facts, hook,
    tick,
};
use serde_json::{Value, json};

/// A world in which everything passes, with the exceptions of a test: by the number of the tick.
struct Play {
    policy: Policy,
    state: State,
    at: usize,
    revision: u64,
    primary: fn(usize) -> Readiness,
    canary: fn(usize) -> Readiness,
    value: fn(usize) -> Answer,
    /// Statuses of webhooks by type and tick.
    hook: fn(&str, usize) -> u16,
}

struct Answers {
    at: usize,
    value: fn(usize) -> Answer,
    hook: fn(&str, usize) -> u16,
}

impl World for Answers {
    fn metric(&mut self, _: &Ask<'_>) -> Answer {
        (self.value)(self.at)
    }

    fn hook(&mut self, _: usize, hook: &CanaryWebhook, _: Phase) -> bool {
        hook::passes((self.hook)(&hook.name, self.at))
    }
}

fn policy(spec: &Value) -> Policy {
    let canary = Canary::read(&json!({"metadata": {"name": "shop"}, "spec": spec})).unwrap();
    Policy::assuming(canary, "istio").unwrap()
}

fn play(spec: &Value) -> Play {
    Play {
        policy: policy(spec),
        state: State::initialized(0),
        at: 0,
        revision: 1,
        primary: |_| Readiness::Ready,
        canary: |_| Readiness::Ready,
        value: |_| Answer::value(0.0),
        hook: |_, _| 200,
    }
}

fn analysis(analysis: &Value) -> Value {
    json!({"analysis": analysis})
}

/// A metric `errors` that accepts at most 1.
fn errors() -> Value {
    json!([{"name": "errors", "interval": "1m", "templateRef": {"name": "errors"},
            "thresholdRange": {"max": 1}}])
}

impl Play {
    fn tick(&mut self) -> Tick {
        let wake = Wake {
            revision: self.revision,
            primary: (self.primary)(self.at),
            canary: (self.canary)(self.at),
        };
        let mut world = Answers {
            at: self.at,
            value: self.value,
            hook: self.hook,
        };
        let tick = tick(&self.policy, &self.state, wake, &mut world);
        self.state = tick.state;
        self.at += 1;
        tick
    }

    /// The ticks until the phase comes, the one that notices the revision being 0.
    fn until(&mut self, phase: Phase) -> Option<(usize, Vec<Tick>)> {
        let mut ticks = Vec::new();
        for number in 0..200 {
            ticks.push(self.tick());
            if self.state.phase == phase {
                return Some((number, ticks));
            }
        }
        None
    }

    fn weights(&mut self, ticks: usize) -> Vec<i64> {
        (0..ticks)
            .map(|_| self.tick().state.routes.canary)
            .collect()
    }
}

fn metrics_asked(ticks: &[Tick]) -> usize {
    let asked = ticks.iter().flat_map(|tick| &tick.asked);
    asked
        .filter(|asked| matches!(asked, Asked::Metric(_)))
        .count()
}

fn hooks_asked(tick: &Tick) -> usize {
    tick.asked
        .iter()
        .filter(|asked| matches!(asked, Asked::Hook(_)))
        .count()
}

fn webhook(kind: &str) -> Value {
    json!([{"name": kind, "type": kind, "url": "http://gate"}])
}

#[test]
fn a_step_goes_beyond_the_maximum_weight() {
    let cases: [(i64, i64, &[i64]); 3] = [
        (20, 50, &[20, 40, 60]),
        (30, 50, &[30, 60]),
        (7, 50, &[7, 14, 21, 28, 35, 42, 49, 56]),
    ];
    for (step, max, weights) in cases {
        let spec = analysis(&json!({"stepWeight": step, "maxWeight": max, "threshold": 5}));
        assert_eq!(facts::ladder(&policy(&spec)).weights, weights);
        let mut play = play(&spec);
        assert_eq!(play.weights(weights.len() + 1)[1..], *weights);
        assert_eq!(play.tick().state.phase, Phase::Promoting);
    }
}

#[test]
fn equal_or_falling_neighbours_hold_the_weight_for_good_and_say_nothing() {
    let cases: [(&[i64], i64); 3] = [
        (&[10, 50, 50], 50),
        (&[10, 10, 20], 10),
        (&[10, 50, 30], 50),
    ];
    for (steps, stuck) in cases {
        let spec = analysis(&json!({"stepWeights": steps, "threshold": 5, "metrics": errors()}));
        assert!(!facts::promotes(&policy(&spec)));
        let mut play = play(&spec);
        let ticks: Vec<Tick> = (0..100).map(|_| play.tick()).collect();
        assert_eq!(play.state.routes.canary, stuck, "{steps:?}");
        assert_eq!(
            (play.state.phase, play.state.failed_checks),
            (Phase::Progressing, 0)
        );
        assert!(ticks[90].events.is_empty());
    }
}

#[test]
fn with_both_kinds_of_steps_the_single_one_steps_and_the_last_of_the_list_is_the_maximum() {
    let both = json!({"stepWeight": 30, "stepWeights": [10, 60], "maxWeight": 90, "threshold": 1});
    let ladder = facts::ladder(&policy(&analysis(&both)));
    assert_eq!((ladder.weights, ladder.ends), (vec![30, 60], true));
}

#[test]
fn a_rollback_comes_one_interval_after_the_check_that_reached_the_threshold() {
    let mut play = play(&analysis(
        &json!({"stepWeight": 10, "threshold": 3, "metrics": errors()}),
    ));
    play.value = |_| Answer::value(2.0);
    let (failed, ticks) = play.until(Phase::Failed).unwrap();
    assert_eq!(failed, 3 + 2);
    assert_eq!(ticks[4].state.failed_checks, 3);
    assert_eq!(ticks[4].state.routes.canary, 10);
    let last = &ticks[5].orders;
    assert_eq!(*last, [Order::Route(Routes::PRIMARY), Order::ScaleToZero]);
}

#[test]
fn a_pass_takes_no_failed_check_back() {
    let mut play = play(&analysis(
        &json!({"stepWeight": 1, "threshold": 3, "metrics": errors()}),
    ));
    play.value = |at| Answer::value(if at % 10 == 5 { 2.0 } else { 0.0 });
    let (failed, _) = play.until(Phase::Failed).unwrap();
    assert_eq!(failed, 26, "failures at 5, 15 and 25 add up");
}

#[test]
fn checks_are_one_more_than_the_iterations_of_blue_green_and_as_many_as_those_of_an_ab_test() {
    let matched = json!([{"headers": {"x-canary": {"exact": "yes"}}}]);
    let cases = [
        (
            json!({"iterations": 5, "threshold": 2, "metrics": errors()}),
            6,
            9,
        ),
        (
            json!({"iterations": 5, "match": matched, "threshold": 2, "metrics": errors()}),
            5,
            8,
        ),
        (
            json!({"stepWeight": 20, "maxWeight": 50, "threshold": 2, "metrics": errors()}),
            3,
            6,
        ),
        (
            json!({"stepWeight": 50, "mirror": true, "threshold": 2, "metrics": errors()}),
            3,
            6,
        ),
        (
            json!({"stepWeight": 50, "stepWeightPromotion": 30, "threshold": 2, "metrics": errors()}),
            2,
            8,
        ),
    ];
    for (text, checks, ticks) in cases {
        let spec = analysis(&text);
        let policy = policy(&spec);
        assert_eq!(facts::gating_checks(&policy), checks, "{text}");
        assert_eq!(facts::ticks_to_succeed(&policy), Some(ticks), "{text}");
        let (last, played) = play(&spec).until(Phase::Succeeded).unwrap();
        assert_eq!(last, usize::try_from(ticks).unwrap(), "{text}");
        assert_eq!(
            metrics_asked(&played),
            usize::try_from(checks).unwrap(),
            "{text}"
        );
    }
}

#[test]
fn the_provider_kubernetes_makes_ten_iterations_of_blue_green_of_every_canary() {
    let spec = json!({"provider": "kubernetes",
                      "analysis": {"stepWeight": 10, "threshold": 5, "metrics": errors()}});
    assert_eq!(play(&spec).until(Phase::Finalising).unwrap().0, 13);
    let (last, ticks) = play(&spec).until(Phase::Succeeded).unwrap();
    assert_eq!(last, 14);
    assert!(
        ticks
            .iter()
            .all(|tick| tick.state.routes == Routes::PRIMARY),
        "no route is set"
    );
}

#[test]
fn a_canary_that_waits_for_approval_is_checked_on_every_tick_and_rolled_back_by_what_adds_up() {
    let text = json!({"stepWeight": 50, "threshold": 3, "metrics": errors(),
                      "webhooks": webhook("confirm-promotion")});
    let mut play = play(&analysis(&text));
    play.hook = |_, _| 403;
    // One failure under way (tick 2), two while it waits.
    play.value = |at| Answer::value(if [2, 6, 8].contains(&at) { 2.0 } else { 0.0 });
    let (failed, ticks) = play.until(Phase::Failed).unwrap();
    assert_eq!(ticks[4].state.phase, Phase::WaitingPromotion);
    assert_eq!(ticks[4].state.iterations, -1);
    assert_eq!(
        (ticks[4].state.weight, ticks[4].state.routes.canary),
        (0, 100)
    );
    assert_eq!(
        (hooks_asked(&ticks[5]), metrics_asked(&ticks[5..6])),
        (1, 1)
    );
    assert_eq!(
        hooks_asked(&ticks[6]),
        0,
        "the gate is not asked when the check fails"
    );
    assert_eq!(failed, 9);
}

#[test]
fn blue_green_asks_its_gate_on_every_second_tick_and_again_after_the_switch() {
    let text = json!({"iterations": 2, "threshold": 3, "metrics": errors(),
                      "webhooks": webhook("confirm-promotion")});
    let mut play = play(&analysis(&text));
    play.hook = |_, at| if at < 9 { 403 } else { 200 };
    let (last, ticks) = play.until(Phase::Promoting).unwrap();
    let asked: Vec<usize> = (0..=last)
        .filter(|at| hooks_asked(&ticks[*at]) > 0)
        .collect();
    assert_eq!(asked, [3, 5, 7, 9, 10]);
    assert_eq!(ticks[9].state.routes, Routes::CANARY);
}

#[test]
fn a_gate_for_more_traffic_is_no_gate_for_the_mirrored_step_and_holds_the_weight_without_a_count() {
    let text = json!({"stepWeight": 10, "threshold": 1, "metrics": errors(),
                      "webhooks": webhook("confirm-traffic-increase")});
    let mut play = play(&analysis(&text));
    play.hook = |_, at| if at > 1 { 403 } else { 200 };
    assert_eq!(play.weights(50)[49], 10);
    assert_eq!(
        (play.state.phase, play.state.failed_checks),
        (Phase::Progressing, 0)
    );
}

#[test]
fn a_webhook_that_answers_204_fails_and_202_passes() {
    assert!(hook::passes(202) && !hook::passes(203) && !hook::passes(204) && !hook::passes(301));
    let text = json!({"stepWeight": 10, "threshold": 2, "webhooks": webhook("rollout")});
    let mut play = play(&analysis(&text));
    play.hook = |_, _| 204;
    assert_eq!(play.until(Phase::Failed).unwrap().0, 4);
}

#[test]
fn retries_multiply_the_time_out_and_stretch_the_tick() {
    let slow = |_| hook::Reply::Status {
        code: 200,
        seconds: 20.0,
    };
    let hook = CanaryWebhook {
        timeout: "1s".into(),
        retries: 1,
        ..CanaryWebhook::default()
    };
    let call = hook::call(&hook, slow);
    assert_eq!((call.passed, call.attempts), (false, 2));
    assert!(
        (call.seconds - 3.0).abs() < 1e-12,
        "two attempts and a second between them"
    );
    let hook = CanaryWebhook::default();
    assert_eq!(hook::longest(&hook), Some(10.0));
    let unreadable = CanaryWebhook {
        timeout: "30".into(),
        ..CanaryWebhook::default()
    };
    assert!(!hook::call(&unreadable, slow).passed, "30 has no unit");
}

#[test]
fn the_last_series_of_an_answer_decides() {
    assert_eq!(Answer::Series(vec![900.0, 0.5]).deciding(), Some(0.5));
    assert_eq!(Answer::Series(vec![0.5, f64::NAN]).deciding(), None);
    assert_eq!(Answer::Series(Vec::new()).deciding(), None);
}

#[test]
fn no_value_nan_and_errors_are_failed_checks() {
    let answers: [fn(usize) -> Answer; 3] = [
        |_| Answer::Series(Vec::new()),
        |_| Answer::value(f64::NAN),
        |_| Answer::Failed,
    ];
    for value in answers {
        let text = json!({"stepWeight": 10, "threshold": 1, "metrics": errors()});
        let mut play = play(&analysis(&text));
        play.value = value;
        assert_eq!(play.until(Phase::Failed).unwrap().0, 3);
    }
}

#[test]
fn a_template_metric_without_an_interval_fails_every_check() {
    let run = |interval: &str, kind: &str, query: &str| {
        let text = json!({"stepWeight": 50, "threshold": 1, "metrics": [
            {"name": "m", "interval": interval, "templateRef": {"name": "t"},
             "thresholdRange": {"max": 1}}]});
        let canary = Canary::read(&json!({"spec": analysis(&text)})).unwrap();
        let mut template = MetricTemplateSpec {
            query: query.into(),
            ..Default::default()
        };
        template.provider.kind = kind.into();
        let templates = Templates::from([("/t".to_owned(), template)]);
        let policy = Policy::new(canary, &templates, "istio").unwrap();
        Play {
            policy,
            ..play(&analysis(&text))
        }
        .until(Phase::Succeeded)
        .is_some()
    };
    assert!(!run("", "prometheus", "rate(x[{{ interval }}])"));
    assert!(!run("", "prometheus", "rate(x[{{- interval -}}])"));
    assert!(run("1m", "prometheus", "rate(x[{{ interval }}])"));
    assert!(run("", "prometheus", "rate(x[1m]) # interval"));
    assert!(
        !run("", "datadog", "avg:x"),
        "this provider reads the interval itself"
    );
}

#[test]
fn a_template_that_is_not_there_fails_every_check() {
    let text = json!({"stepWeight": 50, "threshold": 1, "metrics": errors()});
    let canary = Canary::read(&json!({"spec": analysis(&text)})).unwrap();
    let policy = Policy::new(canary, &Templates::new(), "istio").unwrap();
    assert!(
        Play {
            policy,
            ..play(&analysis(&text))
        }
        .until(Phase::Failed)
        .is_some()
    );
}

#[test]
fn request_durations_are_cut_to_whole_milliseconds_on_both_sides() {
    let run = |max: f64, value: fn(usize) -> Answer| {
        let text = json!({"stepWeight": 50, "threshold": 1,
                          "metrics": [{"name": "request-duration", "thresholdRange": {"max": max}}]});
        let mut play = play(&analysis(&text));
        play.value = value;
        play.until(Phase::Succeeded).is_some()
    };
    assert!(run(1.0, |_| Answer::value(1.9)));
    assert!(!run(1.0, |_| Answer::value(2.0)));
    assert!(run(0.5, |_| Answer::value(0.9)), "both are 0");
}

#[test]
fn a_metric_without_any_limit_accepts_nothing_above_zero() {
    let text = json!({"stepWeight": 50, "threshold": 1,
                      "metrics": [{"name": "m", "query": "x"}]});
    let mut bad = play(&analysis(&text));
    bad.value = |_| Answer::value(0.001);
    assert!(bad.until(Phase::Failed).is_some());
    assert!(play(&analysis(&text)).until(Phase::Succeeded).is_some());
}

#[test]
fn a_canary_that_is_not_ready_skips_the_tick_without_a_count() {
    let text = json!({"stepWeight": 50, "threshold": 1, "metrics": errors()});
    let mut play = play(&analysis(&text));
    play.canary = |at| {
        if at == 2 {
            Readiness::Waiting
        } else {
            Readiness::Ready
        }
    };
    play.value = |at| Answer::value(if at == 2 { 2.0 } else { 0.0 });
    assert_eq!(play.until(Phase::Succeeded).unwrap().0, 6);
}

#[test]
fn a_canary_beyond_its_deadline_is_rolled_back_in_a_single_tick() {
    let mut play = play(&analysis(&json!({"stepWeight": 50, "threshold": 9})));
    play.canary = |at| match at {
        0 | 1 => Readiness::Ready,
        2..5 => Readiness::Waiting,
        _ => Readiness::Stuck,
    };
    assert_eq!(play.until(Phase::Failed).unwrap().0, 5);
}

#[test]
fn a_revision_after_a_failure_is_lost_if_the_primary_is_not_ready_on_that_tick() {
    let run = |unready: bool| {
        let text = json!({"stepWeight": 50, "threshold": 1, "metrics": errors()});
        let mut play = play(&analysis(&text));
        play.value = |at| Answer::value(if at < 4 { 2.0 } else { 0.0 });
        play.until(Phase::Failed).unwrap();
        play.revision = 2;
        if unready {
            play.primary = |_| Readiness::Waiting;
        }
        play.tick();
        play.primary = |_| Readiness::Ready;
        play.until(Phase::Succeeded).is_some()
    };
    assert!(run(false));
    assert!(!run(true));
}

#[test]
fn a_revision_after_a_success_waits_for_the_primary() {
    let mut play = play(&analysis(&json!({"stepWeight": 50, "threshold": 1})));
    play.until(Phase::Succeeded).unwrap();
    play.revision = 2;
    play.primary = |_| Readiness::Waiting;
    play.tick();
    play.primary = |_| Readiness::Ready;
    assert_eq!(play.tick().state.phase, Phase::Progressing);
}

#[test]
fn a_revision_under_way_starts_again_and_going_back_to_the_promoted_one_is_not_noticed() {
    let mut play = play(&analysis(&json!({"stepWeight": 10, "threshold": 1})));
    assert_eq!(play.weights(3), [0, 10, 20]);
    play.revision = 2;
    assert_eq!(play.weights(2), [0, 10]);
    play.revision = 0;
    assert_eq!(play.weights(1), [20]);
}

#[test]
fn a_primary_that_gets_stuck_while_it_is_updated_leaves_everything_on_the_canary() {
    let mut play = play(&analysis(&json!({"stepWeight": 50, "threshold": 1})));
    play.until(Phase::Promoting).unwrap();
    play.primary = |_| Readiness::Stuck;
    let tick = play.tick();
    assert_eq!(tick.state.phase, Phase::Failed);
    assert_eq!(
        (tick.state.weight, tick.state.routes),
        (100, Routes::CANARY)
    );
    assert!(!tick.orders.contains(&Order::ScaleToZero));
}

#[test]
fn a_mirror_that_the_router_does_not_have_holds_the_canary_at_no_traffic_for_good() {
    let text = json!({"stepWeight": 10, "mirror": true, "threshold": 1, "metrics": errors()});
    for provider in ["nginx", "gatewayapi:v1", "linkerd"] {
        let spec = json!({"provider": provider, "analysis": text});
        assert!(!facts::promotes(&policy(&spec)), "{provider}");
        assert_eq!(play(&spec).weights(50)[49], 0, "{provider}");
    }
    assert_eq!(facts::ticks_to_succeed(&policy(&analysis(&text))), Some(14));
}

#[test]
fn skipped_analysis_promotes_on_the_tick_after_the_revision_was_noticed() {
    let spec = json!({"skipAnalysis": true, "analysis": {"stepWeight": 10, "metrics": errors()}});
    let (last, ticks) = play(&spec).until(Phase::Succeeded).unwrap();
    assert_eq!((last, metrics_asked(&ticks)), (1, 0));
}

#[test]
fn a_rollback_webhook_that_passes_rolls_back_and_is_not_asked_while_confirm_rollout_waits() {
    let hooks = json!([{"name": "confirm-rollout", "type": "confirm-rollout"},
                       {"name": "rollback", "type": "rollback"}]);
    let text = json!({"stepWeight": 10, "threshold": 1, "webhooks": hooks});
    let mut play = play(&analysis(&text));
    play.hook = |name, at| {
        if name == "rollback" || at >= 3 {
            200
        } else {
            403
        }
    };
    let waiting: Vec<Tick> = (0..3).map(|_| play.tick()).collect();
    assert!(waiting.iter().all(|tick| tick.asked == [Asked::Hook(0)]));
    assert_eq!(play.state.phase, Phase::Waiting);
    assert_eq!(play.tick().state.phase, Phase::Progressing);
    assert_eq!(play.tick().state.phase, Phase::Failed);
}

#[test]
fn a_suspended_canary_does_nothing() {
    let mut play = play(&json!({"suspend": true, "analysis": {"stepWeight": 10}}));
    let before = play.state;
    assert_eq!(play.tick().state, before);
}

#[test]
fn intervals_are_never_below_ten_seconds_and_what_go_cannot_read_is_a_minute() {
    let seconds = |text: &str| policy(&analysis(&json!({"interval": text}))).interval();
    let cases = [
        ("5s", 10.0),
        ("", 60.0),
        ("30", 60.0),
        ("90s", 90.0),
        ("1d", 60.0),
    ];
    for (text, interval) in cases {
        assert!((seconds(text) - interval).abs() < 1e-12, "{text}");
    }
}

#[test]
fn a_canary_without_an_analysis_is_refused() {
    let canary = Canary::read(&json!({"spec": {"canaryAnalysis": {"stepWeight": 5}}})).unwrap();
    assert!(Policy::assuming(canary, "istio").is_err());
}

#[test]
fn false_rollbacks_of_the_machine_add_up_to_the_negative_binomial() {
    // Published figures: 5 checks, threshold 2, 5 %: 0.03277; 5 checks, threshold 1, 1 %: 0.04901.
    for (threshold, p, known) in [(2, 0.05, 0.03277), (1, 0.01, 0.04901)] {
        let closed = facts::false_rollback(5, threshold, p);
        assert!((closed - known).abs() < 5e-6, "{closed}");
        let text = json!({"iterations": 4, "threshold": threshold, "metrics": errors()});
        let policy = policy(&analysis(&text));
        assert_eq!(facts::gating_checks(&policy), 5);
        let all = all_outcomes(&policy, &State::initialized(0), 1.0, p);
        assert!((all - closed).abs() < 1e-12, "{all} {closed}");
    }
}

/// The probability of Failed, by following both answers of every check.
fn all_outcomes(policy: &Policy, state: &State, weight: f64, p: f64) -> f64 {
    struct Both {
        fails: bool,
        asked: bool,
    }
    impl World for Both {
        fn metric(&mut self, _: &Ask<'_>) -> Answer {
            self.asked = true;
            Answer::value(if self.fails { 2.0 } else { 0.0 })
        }
        fn hook(&mut self, _: usize, _: &CanaryWebhook, _: Phase) -> bool {
            true
        }
    }
    let ready = Readiness::Ready;
    let wake = Wake {
        revision: 1,
        primary: ready,
        canary: ready,
    };
    let mut failed = 0.0;
    for (fails, chance) in [(false, 1.0 - p), (true, p)] {
        let mut world = Both {
            fails,
            asked: false,
        };
        let next = tick(policy, state, wake, &mut world).state;
        let weight = if world.asked { weight * chance } else { weight };
        failed += match next.phase {
            Phase::Failed => weight,
            Phase::Promoting => 0.0,
            _ => all_outcomes(policy, &next, weight, p),
        };
        if !world.asked {
            return failed;
        }
    }
    failed
}

#[test]
fn every_key_of_the_forms_is_in_the_table() {
    let full = json!({"spec": {
        "provider": "istio", "progressDeadlineSeconds": 1, "skipAnalysis": true, "suspend": true,
        "targetRef": {"kind": "Deployment", "name": "shop", "apiVersion": "apps/v1"},
        "service": {"appProtocol": "http", "port": 80, "gateways": ["a"]},
        "analysis": {"interval": "1m", "iterations": 1, "mirror": true, "mirrorWeight": 1,
            "maxWeight": 1, "stepWeight": 1, "stepWeights": [1], "stepWeightPromotion": 1,
            "threshold": 1, "primaryReadyThreshold": 1, "canaryReadyThreshold": 1,
            "match": [{"headers": {"x": {"exact": "y"}}}], "alerts": [{"name": "a"}],
            "metrics": [{"name": "m", "interval": "1m", "threshold": 1, "query": "q",
                "thresholdRange": {"min": 1, "max": 2}, "templateVariables": {"a": "b"},
                "templateRef": {"name": "t", "namespace": "n"}}],
            "webhooks": [{"name": "w", "type": "rollout", "url": "u", "timeout": "1s",
                "retries": 1, "metadata": {"a": "b"}, "muteAlert": true}]}}});
    let written = serde_json::to_value(Canary::read(&full).unwrap()).unwrap();
    let again = Canary::read(&written).unwrap();
    assert_eq!(
        Canary::read(&full).unwrap(),
        again,
        "what is written reads the same"
    );
    assert_eq!(serde_json::to_value(Canary::default()).unwrap(), json!({}));
    let walked = controllers::keys::walk(&controllers::flagger::keys::CANARY, "", &full);
    let unknown: Vec<_> = walked.iter().filter(|(_, role)| role.is_none()).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    let typo = json!({"spec": {"analysis": {"stepWeigth": 1}}});
    let walked = controllers::keys::walk(&controllers::flagger::keys::CANARY, "", &typo);
    assert_eq!(walked, [("spec.analysis.stepWeigth".to_owned(), None)]);
}

#[test]
fn a_metric_is_asked_after_the_built_in_ones_if_it_has_a_template() {
    let text = json!({"stepWeight": 50, "threshold": 1, "metrics": [
        {"name": "errors", "templateRef": {"name": "t"}, "interval": "1m"},
        {"name": "request-success-rate", "thresholdRange": {"max": 1}}]});
    let policy = policy(&analysis(&text));
    let names: Vec<&str> = controllers::flagger::metric::steps(&policy)
        .iter()
        .map(|step| match step {
            controllers::flagger::metric::Step::Ask(ask) => name(ask.metric),
            controllers::flagger::metric::Step::Fail(_) => "fails",
        })
        .collect();
    assert_eq!(names, ["request-success-rate", "errors"]);
}

fn name(metric: &CanaryMetric) -> &str {
    &metric.name
}
