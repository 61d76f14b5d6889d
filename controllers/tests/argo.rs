//! Argo Rollouts 1.10.1: rollouts from their YAML's fields to the end, against what the engine does.

#[path = "argo/cluster.rs"]
mod cluster;
#[path = "argo/random.rs"]
mod random;

use cluster::Cluster;
use controllers::argo::bluegreen::BlueGreen;
use controllers::argo::bluegreen::policy::BlueGreenPolicy;
use controllers::argo::canary::Canary;
use controllers::argo::canary::policy::CanaryPolicy;
use controllers::argo::form::{self, RolloutSpec};
use controllers::argo::orders::{Available, Order, Seen, Set};
use controllers::argo::run::AnalysisSpec;
use serde_json::{Value as Json, json};

fn canary(spec: &Json) -> Canary {
    let spec: RolloutSpec = form::read(spec).expect("the data of the test");
    Canary::new(CanaryPolicy::new(&spec).expect("the data of the test"), 1)
}

fn blue_green(spec: &Json) -> BlueGreen {
    let spec: RolloutSpec = form::read(spec).expect("the data of the test");
    BlueGreen::new(
        BlueGreenPolicy::new(&spec).expect("the data of the test"),
        1,
    )
}

fn analysis(mut metrics: Json) -> AnalysisSpec {
    for metric in metrics.as_array_mut().expect("the data of the test") {
        metric["provider"] = json!({"prometheus": {}});
    }
    AnalysisSpec {
        metrics: form::read(&metrics).expect("the data of the test"),
        ..AnalysisSpec::default()
    }
}

fn weight(order: &Order) -> Option<i32> {
    if let Order::SetWeight(weight) = order {
        Some(*weight)
    } else {
        None
    }
}

fn scaled(set: Set) -> impl Fn(&Order) -> Option<i32> {
    move |order| match order {
        Order::Scale(of, count) if *of == set => Some(*count),
        _ => None,
    }
}

fn promoted(order: &Order) -> Option<()> {
    (*order == Order::Promote).then_some(())
}

fn aborted(order: &Order) -> Option<String> {
    if let Order::Abort(why) = order {
        Some(why.clone())
    } else {
        None
    }
}

#[test]
fn a_routed_canary_walks_its_steps_and_keeps_stable_complete() {
    let steps = json!([{"setWeight": 20}, {"pause": {"duration": "1m"}}, {"setWeight": 60}, {"pause": {"duration": 30}}]);
    let mut rollout = canary(
        &json!({"replicas": 10, "strategy": {"canary": {"trafficRouting": {"istio": {}}, "steps": steps}}}),
    );
    let mut cluster = Cluster::new(10, Some(5_000));
    cluster.run(&mut rollout, 600_000);
    assert_eq!(
        cluster.when(weight),
        [(0, 0), (5, 20), (70, 60), (105, 100)]
    );
    assert_eq!(cluster.when(scaled(Set::New)), [(0, 2), (65, 6), (100, 10)]);
    assert_eq!(cluster.when(promoted), [(105, ())]);
    // The previous pods stay for 30 s.
    assert_eq!(cluster.when(scaled(Set::Stable)), [(135, 0)]);
}

#[test]
fn without_a_router_ten_pods_at_weight_one_are_one_and_ten() {
    let steps = json!([{"setWeight": 1}, {"pause": {}}]);
    let mut rollout = canary(&json!({"replicas": 10, "strategy": {"canary": {"steps": steps}}}));
    let mut cluster = Cluster::new(10, Some(5_000));
    cluster.run(&mut rollout, 600_000);
    assert_eq!(rollout.state.asked, (1, 10));
    assert!((rollout.share(&cluster.seen()) - 1.0 / 11.0).abs() < 1e-12);
}

#[test]
fn weight_thirty_of_ten_pods_is_reached_in_two_steps_of_the_bounds() {
    let steps = json!([{"setWeight": 30}, {"pause": {}}]);
    let mut rollout = canary(&json!({"replicas": 10, "strategy": {"canary": {"steps": steps}}}));
    let mut cluster = Cluster::new(10, Some(5_000));
    cluster.run(&mut rollout, 600_000);
    assert_eq!(rollout.state.asked, (3, 7));
    assert_eq!(cluster.when(scaled(Set::Stable)), [(0, 8), (5, 7)]);
}

#[test]
fn an_abort_with_scaled_stable_holds_the_full_weight_until_the_next_rung_can_be_carried() {
    let steps = json!([{"setWeight": 20}, {"setWeight": 50}, {"setWeight": 80}, {"pause": {}}]);
    let routed =
        json!({"trafficRouting": {"istio": {}}, "dynamicStableScale": true, "steps": steps});
    let mut rollout = canary(&json!({"replicas": 10, "strategy": {"canary": routed}}));
    let mut cluster = Cluster::new(10, Some(0));
    cluster.run(&mut rollout, 60_000);
    assert_eq!(
        (rollout.state.weight, rollout.state.asked),
        (Some(80), (8, 2))
    );
    rollout.abort(60_000);
    let held: Vec<(i32, i32)> = (2..=10)
        .map(|available| {
            let seen = |r: &Canary| Seen {
                new: Available {
                    created: r.state.asked.0,
                    available: r.state.asked.0,
                },
                stable: Available {
                    created: r.state.asked.1,
                    available: available.min(r.state.asked.1),
                },
                ..Seen::default()
            };
            for _ in 0..50 {
                let now = seen(&rollout);
                if !rollout.wake(61_000, &now).again {
                    break;
                }
            }
            (
                available,
                rollout.state.weight.expect("the data of the test"),
            )
        })
        .collect();
    let engine = [
        (2, 80),
        (3, 80),
        (4, 80),
        (5, 50),
        (6, 50),
        (7, 50),
        (8, 20),
        (9, 10),
        (10, 0),
    ];
    assert_eq!(held, engine);
}

#[test]
fn after_an_abort_traffic_goes_at_once_and_canary_pods_thirty_seconds_later() {
    let steps = json!([{"setWeight": 50}, {"pause": {}}]);
    let mut rollout = canary(
        &json!({"replicas": 4, "strategy": {"canary": {"trafficRouting": {"istio": {}}, "steps": steps}}}),
    );
    let mut cluster = Cluster::new(4, Some(1_000));
    cluster.run(&mut rollout, 10_000);
    rollout.abort(10_000);
    cluster.run(&mut rollout, 100_000);
    assert_eq!(cluster.when(weight), [(0, 0), (1, 50), (10, 0)]);
    assert_eq!(cluster.when(scaled(Set::New)), [(0, 2), (40, 0)]);
    assert_eq!(rollout.state.step, 0);
}

#[test]
fn an_abort_delay_of_zero_keeps_the_canary_pods_for_good() {
    let routed = json!({"trafficRouting": {"istio": {}}, "abortScaleDownDelaySeconds": 0,
        "steps": [{"setWeight": 50}, {"setCanaryScale": {"replicas": 3}}, {"pause": {}}]});
    let mut rollout = canary(&json!({"replicas": 4, "strategy": {"canary": routed}}));
    let mut cluster = Cluster::new(4, Some(1_000));
    cluster.run(&mut rollout, 10_000);
    assert_eq!(rollout.state.asked, (3, 4));
    rollout.abort(10_000);
    // The scale set by a step holds while the step index is still there, then the step index is 0.
    cluster.run(&mut rollout, 3_600_000);
    assert_eq!(cluster.when(weight).last(), Some(&(10, 0)));
}

#[test]
fn a_background_analysis_that_fails_aborts_in_the_next_round() {
    let metric = json!([{"name": "errors", "interval": "30s", "failureLimit": 1, "successCondition": "result[0] < 0.05"}]);
    let canary_spec = json!({"trafficRouting": {"istio": {}}, "analysis": {"templates": [{"templateName": "t"}], "startingStep": 1},
        "steps": [{"setWeight": 20}, {"pause": {"duration": "10m"}}, {"setWeight": 60}, {"pause": {"duration": "10m"}}]});
    let mut rollout = canary(&json!({"replicas": 10, "strategy": {"canary": canary_spec}}));
    let bad_after_two_minutes = |at| if at > 120_000 { 0.2 } else { 0.01 };
    let mut cluster =
        Cluster::new(10, Some(5_000)).analysing(analysis(metric), bad_after_two_minutes);
    cluster.run(&mut rollout, 3_600_000);
    // The first measurement is at the start of step 1, at 5 s; of those at 35, 65, ... the second bad one is at 155 s.
    let words = "Background analysis phase error/failed: Metric \"errors\" assessed Failed due to failed (2) > failureLimit (1)";
    assert_eq!(cluster.when(aborted), [(155, words.to_string())]);
    assert_eq!(cluster.when(weight), [(0, 0), (5, 20), (155, 0)]);
}

#[test]
fn a_failure_limit_of_minus_one_alone_aborts_before_anything_is_measured() {
    let metric = json!([{"name": "errors", "interval": "30s", "count": 10, "failureLimit": -1, "successCondition": "result[0] < 0.05"}]);
    let steps = json!([{"setWeight": 20}, {"analysis": {"templates": [{"templateName": "t"}]}}]);
    let mut rollout = canary(
        &json!({"replicas": 10, "strategy": {"canary": {"trafficRouting": {"istio": {}}, "steps": steps}}}),
    );
    let mut cluster = Cluster::new(10, Some(5_000)).analysing(analysis(metric), |_| 0.0);
    cluster.run(&mut rollout, 3_600_000);
    let words = "Step-based analysis phase error/failed: Analysis spec invalid: metrics[0]: \
        failureLimit and consecutiveSuccessLimit cannot both be disabled";
    assert_eq!(cluster.when(aborted), [(5, words.to_string())]);
}

#[test]
fn an_inline_analysis_holds_its_step_until_it_has_passed() {
    let metric = json!([{"name": "errors", "interval": "30s", "count": 4, "successCondition": "result[0] < 0.05"}]);
    let steps = json!([{"setWeight": 20}, {"analysis": {"templates": [{"templateName": "t"}]}}]);
    let mut rollout = canary(
        &json!({"replicas": 10, "strategy": {"canary": {"trafficRouting": {"istio": {}}, "steps": steps}}}),
    );
    let mut cluster = Cluster::new(10, Some(5_000)).analysing(analysis(metric), |_| 0.0);
    cluster.run(&mut rollout, 3_600_000);
    assert_eq!(cluster.when(weight), [(0, 0), (5, 20), (100, 100)]);
    assert_eq!(cluster.when(promoted), [(100, ())]);
}

#[test]
fn an_inconclusive_analysis_waits_for_a_person_and_then_measures_anew() {
    let metric = json!([{"name": "errors", "interval": "30s", "count": 2,
        "successCondition": "result[0] < 0.05", "failureCondition": "result[0] > 0.5"}]);
    let steps = json!([{"setWeight": 20}, {"analysis": {"templates": [{"templateName": "t"}]}}]);
    let mut rollout = canary(
        &json!({"replicas": 10, "strategy": {"canary": {"trafficRouting": {"istio": {}}, "steps": steps}}}),
    );
    let mut cluster = Cluster::new(10, Some(5_000))
        .analysing(analysis(metric), |at| if at < 300_000 { 0.1 } else { 0.0 });
    cluster.run(&mut rollout, 600_000);
    assert_eq!(cluster.when(promoted), []);
    rollout.resume();
    cluster.run(&mut rollout, 1_200_000);
    assert_eq!(cluster.when(promoted), [(635, ())]);
}

#[test]
fn a_canary_whose_pods_never_start_hangs_and_is_only_reported_as_degraded() {
    let steps = json!([{"setWeight": 20}, {"pause": {"duration": "1m"}}]);
    let spec = |abort: bool| {
        json!({"replicas": 10, "progressDeadlineAbort": abort,
        "strategy": {"canary": {"trafficRouting": {"istio": {}}, "steps": steps}}})
    };
    let degraded = |order: &Order| (*order == Order::Degraded).then_some(());
    for abort in [false, true] {
        let mut rollout = canary(&spec(abort));
        let mut cluster = Cluster::new(10, None);
        cluster.run(&mut rollout, 3_600_000);
        assert_eq!(cluster.when(degraded), [(601, ())]);
        assert_eq!(cluster.when(aborted).len(), usize::from(abort));
        assert_eq!(cluster.when(promoted), []);
    }
}

#[test]
fn a_full_promotion_skips_the_steps_that_are_left() {
    let steps = json!([{"setWeight": 20}, {"pause": {}}]);
    let mut rollout = canary(
        &json!({"replicas": 10, "strategy": {"canary": {"trafficRouting": {"istio": {}}, "steps": steps}}}),
    );
    let mut cluster = Cluster::new(10, Some(5_000));
    cluster.run(&mut rollout, 60_000);
    rollout.promote_full();
    cluster.run(&mut rollout, 120_000);
    assert_eq!(cluster.when(promoted), [(65, ())]);
    assert_eq!(rollout.state.weight, Some(100));
}

#[test]
fn a_blue_green_rollout_promotes_by_itself_after_its_seconds_and_keeps_the_old_pods_thirty_more() {
    let mut rollout = blue_green(
        &json!({"replicas": 3, "strategy": {"blueGreen": {"activeService": "a", "autoPromotionSeconds": 60}}}),
    );
    let mut cluster = Cluster::new(3, Some(5_000));
    cluster.run(&mut rollout, 600_000);
    let switched = |order: &Order| {
        if let Order::SwitchActive(set) = order {
            Some(*set)
        } else {
            None
        }
    };
    assert_eq!(cluster.when(switched), [(65, Set::New)]);
    assert_eq!(cluster.when(scaled(Set::New)), [(0, 3)]);
    assert_eq!(cluster.when(scaled(Set::Stable)), [(95, 0)]);
}

#[test]
fn a_post_promotion_analysis_that_fails_switches_back() {
    let metric = json!([{"name": "errors", "interval": "20s", "count": 3, "failureLimit": 1, "successCondition": "result[0] < 0.05"}]);
    let strategy = json!({"activeService": "a", "postPromotionAnalysis": {"templates": [{"templateName": "t"}]}});
    let mut rollout = blue_green(&json!({"replicas": 3, "strategy": {"blueGreen": strategy}}));
    let mut cluster = Cluster::new(3, Some(5_000)).analysing(analysis(metric), |_| 0.2);
    cluster.run(&mut rollout, 600_000);
    let switched = |order: &Order| {
        if let Order::SwitchActive(set) = order {
            Some(*set)
        } else {
            None
        }
    };
    assert_eq!(cluster.when(switched), [(5, Set::New), (25, Set::Stable)]);
    assert_eq!(cluster.when(aborted).len(), 1);
    assert_eq!(cluster.when(scaled(Set::New)), [(0, 3), (55, 0)]);
}

#[test]
fn a_preview_of_one_pod_is_analysed_and_paused_before_it_is_scaled_and_promoted() {
    let metric = json!([{"name": "errors", "interval": "10s", "count": 2, "successCondition": "result[0] < 0.05"}]);
    let strategy = json!({"activeService": "a", "previewReplicaCount": 1, "autoPromotionEnabled": false,
        "prePromotionAnalysis": {"templates": [{"templateName": "t"}]}});
    let mut rollout = blue_green(&json!({"replicas": 3, "strategy": {"blueGreen": strategy}}));
    let mut cluster = Cluster::new(3, Some(5_000)).analysing(analysis(metric), |_| 0.0);
    cluster.run(&mut rollout, 60_000);
    let paused = |order: &Order| matches!(order, Order::Pause(_)).then_some(());
    assert_eq!(cluster.when(paused), [(15, ())]);
    rollout.resume();
    cluster.run(&mut rollout, 600_000);
    assert_eq!(cluster.when(scaled(Set::New)), [(0, 1), (60, 3)]);
    assert_eq!(cluster.when(promoted), [(65, ())]);
}
