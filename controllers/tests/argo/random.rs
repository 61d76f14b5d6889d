//! Random canaries and blue-green rollouts of Argo: they come to rest, end where they must, and keep their bounds.

use controllers::argo::bluegreen::BlueGreen;
use controllers::argo::bluegreen::policy::BlueGreenPolicy;
use controllers::argo::canary::Canary;
use controllers::argo::canary::policy::CanaryPolicy;
use controllers::argo::form::{self, RolloutSpec};
use controllers::argo::orders::{Order, Set};
use controllers::argo::run::AnalysisSpec;
use serde_json::{Value as Json, json};

use super::cluster::Cluster;

const HOUR: i64 = 3_600_000;

/// A generator of the test's own: xorshift.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

fn step(dice: &mut Dice, routed: bool) -> Json {
    match dice.below(if routed { 6 } else { 5 }) {
        0 | 1 => json!({"setWeight": dice.below(101)}),
        2 => json!({"pause": {"duration": format!("{}s", 1 + dice.below(300))}}),
        3 => json!({"pause": {}}),
        4 => json!({"analysis": {"templates": [{"templateName": "t"}]}}),
        _ => json!({"setCanaryScale": {"replicas": 1 + dice.below(8)}}),
    }
}

fn spec(dice: &mut Dice) -> (RolloutSpec, Json) {
    let routed = dice.one_in(2);
    let steps: Vec<Json> = (0..dice.below(7)).map(|_| step(dice, routed)).collect();
    let mut canary = json!({"steps": steps, "maxSurge": format!("{}%", dice.below(60)), "maxUnavailable": dice.below(3)});
    if routed {
        canary["trafficRouting"] = json!({"istio": {}});
        canary["dynamicStableScale"] = json!(dice.one_in(2));
    }
    if dice.one_in(3) {
        canary["analysis"] =
            json!({"templates": [{"templateName": "t"}], "startingStep": dice.below(3)});
    }
    let spec = json!({"replicas": 1 + dice.below(20), "strategy": {"canary": canary}});
    (form::read(&spec).expect("the data of the test"), spec)
}

fn analysis() -> AnalysisSpec {
    let metrics = json!([{"name": "errors", "interval": "20s", "count": 3, "successCondition": "result[0] > 0.5",
        "provider": {"prometheus": {}}}]);
    AnalysisSpec {
        metrics: form::read(&metrics).expect("the data of the test"),
        ..AnalysisSpec::default()
    }
}

fn ordered(cluster: &Cluster, wanted: &Order) -> bool {
    cluster.log.iter().any(|(_, order)| order == wanted)
}

/// Runs until it rests, going on at every pause that waits for a person.
fn through(cluster: &mut Cluster, rollout: &mut Canary) {
    for _ in 0..20 {
        let until = cluster.now + HOUR;
        cluster.run(rollout, until);
        rollout.resume();
    }
}

#[test]
fn a_good_release_is_promoted_and_the_old_pods_go() {
    for seed in 1..=400 {
        let mut dice = Dice::new(seed);
        let (spec, json) = spec(&mut dice);
        let policy = CanaryPolicy::new(&spec).expect("the data of the test");
        let replicas = policy.scale.replicas;
        let mut rollout = Canary::new(policy, 1);
        let starts = Some(dice.below(60_000) as i64);
        let mut cluster = Cluster::new(replicas as usize, starts).analysing(analysis(), |_| 1.0);
        through(&mut cluster, &mut rollout);
        assert!(
            ordered(&cluster, &Order::Promote),
            "seed {seed}: {json}\n{:?}",
            cluster.log
        );
        assert_eq!(rollout.state.asked, (replicas, 0), "seed {seed}: {json}");
        assert!(
            (rollout.share(&cluster.seen()) - 1.0).abs() < 1e-12,
            "seed {seed}: {json}"
        );
    }
}

#[test]
fn an_aborted_release_gives_everything_back_to_stable() {
    let mut aborted = 0;
    for seed in 1..=400 {
        let mut dice = Dice::new(seed);
        let (spec, json) = spec(&mut dice);
        let policy = CanaryPolicy::new(&spec).expect("the data of the test");
        let replicas = policy.scale.replicas;
        let mut rollout = Canary::new(policy, 1);
        let starts = Some(dice.below(60_000) as i64);
        let mut cluster = Cluster::new(replicas as usize, starts).analysing(analysis(), |_| 1.0);
        let at = 1 + dice.below(600_000) as i64;
        cluster.run(&mut rollout, at);
        rollout.abort(at);
        through(&mut cluster, &mut rollout);
        if ordered(&cluster, &Order::Promote) {
            continue;
        }
        assert_eq!(
            rollout.state.asked,
            (0, replicas),
            "seed {seed}: {json}\n{:?}",
            cluster.log
        );
        assert!(rollout.share(&cluster.seen()) == 0.0, "seed {seed}: {json}");
        assert_eq!(rollout.state.step, 0, "seed {seed}: {json}");
        aborted += 1;
    }
    assert!(
        aborted > 200,
        "only {aborted} were aborted before their promotion"
    );
}

#[test]
fn without_a_router_the_pods_asked_for_never_exceed_the_surge() {
    for seed in 1..=400 {
        let mut dice = Dice::new(seed);
        let (spec, json) = spec(&mut dice);
        let policy = CanaryPolicy::new(&spec).expect("the data of the test");
        if policy.scale.routed {
            continue;
        }
        let (replicas, posts) = (policy.scale.replicas, policy.scale.fenceposts);
        let mut rollout = Canary::new(policy, 1);
        let mut cluster =
            Cluster::new(replicas as usize, Some(5_000)).analysing(analysis(), |_| 1.0);
        through(&mut cluster, &mut rollout);
        let mut asked = (0, replicas);
        for (at, order) in &cluster.log {
            match order {
                Order::Scale(Set::New, count) => asked.0 = *count,
                Order::Scale(Set::Stable, count) => asked.1 = *count,
                _ => continue,
            }
            let all = asked.0 + asked.1;
            assert!(
                all <= replicas + posts.surge,
                "seed {seed} at {at}: {asked:?} {json}"
            );
        }
    }
}

#[test]
fn a_blue_green_release_shows_the_new_revision_only_when_it_is_complete() {
    for seed in 1..=200 {
        let mut dice = Dice::new(seed);
        let mut strategy = json!({"activeService": "a", "autoPromotionEnabled": dice.one_in(2)});
        for (key, value) in [
            ("autoPromotionSeconds", json!(dice.below(200))),
            ("previewReplicaCount", json!(1 + dice.below(4))),
            (
                "prePromotionAnalysis",
                json!({"templates": [{"templateName": "t"}]}),
            ),
            (
                "postPromotionAnalysis",
                json!({"templates": [{"templateName": "t"}]}),
            ),
        ] {
            if dice.one_in(2) {
                strategy[key] = value;
            }
        }
        let replicas = 1 + dice.below(6) as i32;
        let json = json!({"replicas": replicas, "strategy": {"blueGreen": strategy}});
        let spec: RolloutSpec = form::read(&json).expect("the data of the test");
        let mut rollout = BlueGreen::new(
            BlueGreenPolicy::new(&spec).expect("the data of the test"),
            1,
        );
        let mut cluster = Cluster::new(replicas as usize, Some(dice.below(60_000) as i64))
            .analysing(analysis(), |_| 1.0);
        for _ in 0..5 {
            let until = cluster.now + HOUR;
            cluster.run(&mut rollout, until);
            rollout.resume();
        }
        assert!(
            ordered(&cluster, &Order::Promote),
            "seed {seed}: {json}\n{:?}",
            cluster.log
        );
        assert_eq!(rollout.state.asked, (replicas, 0), "seed {seed}: {json}");
        let switched = cluster
            .log
            .iter()
            .position(|(_, order)| *order == Order::SwitchActive(Set::New));
        let scaled = cluster
            .log
            .iter()
            .rposition(|(_, order)| *order == Order::Scale(Set::New, replicas));
        assert!(scaled < switched, "seed {seed}: {json}\n{:?}", cluster.log);
    }
}
