//! The workload of a day: samples every 15 s, a gate a minute for 24 hours.

use serde_json::{Value, json};
use sim_core::Experiment;
use sim_core::effect::Effect;

/// One stage that is watched for a day by a sustained gate on the mean of a gauge.
///
/// The router splits requests, so nothing depends on the number of hosts but the size of their mean.
pub fn day(hosts: u32) -> Experiment {
    let stages = json!([stage("canary", "10%", "24h")]);
    experiment(&stages, hosts, &json!("by-request"), "30h")
}

/// Four stages of one minute each over `hosts` hosts, host by host; the last one breaks and everything is
/// rolled back.
pub fn four_stages_and_a_rollback(hosts: u32) -> Experiment {
    let stages = ["1%", "10%", "50%", "100%"].map(|target| stage(target, target, "20m"));
    let mut experiment = experiment(&json!(stages), hosts, &json!("by-host"), "24h");
    experiment.release = late_regression(5.0, "65m");
    experiment
}

/// A release that adds `by` to the level `after` so long.
pub fn late_regression(by: f64, after: &str) -> Vec<Effect> {
    vec![from(json!({
        "id": "late", "change": {"add": {"signal": "level", "by": by}},
        "course": {"from": "first-exposure", "after": after},
    }))]
}

/// A policy of two stages and one gate, as simple as a policy can be.
pub fn simple() -> Experiment {
    let stages = json!([stage("canary", "10%", "30m"), stage("full", "100%", "30m")]);
    experiment(&stages, 100, &json!("by-host"), "6h")
}

fn stage(id: &str, target: &str, observe: &str) -> Value {
    json!({
        "id": id, "target": target, "ramp": "at-once", "observe": observe,
        "observe-from": "convergence", "criteria": ["level"], "triggers": ["level"],
    })
}

fn experiment(stages: &Value, hosts: u32, split: &Value, horizon: &str) -> Experiment {
    let takes = json!({"lognormal": {"median": "30s", "sigma": 0.3}});
    let closed = json!({"missing": "hold", "stale": "hold", "nan": "hold",
                        "zero-denominator": "hold", "too-few": "hold"});
    Experiment {
        policy: from(json!({
            "version": 1, "name": "day", "profile": "own", "evaluate-every": "1m", "rounding": "up",
            "gates": [{
                "id": "level", "signal": "level", "measure": "mean", "population": "canary",
                "over": "1m", "breach": {"is": "above", "limit": {"absolute": 103.0}},
                "window": {"consecutive": 10}, "min-samples": 1, "class": "worse", "on": closed,
            }],
            "classes": [{"id": "worse", "action": "rollback"}],
            "stages": stages,
            "rollback": {"steps": [{"id": "revert", "required": true, "takes": {"constant": "1s"},
                                    "effect": {"revert-hosts": {"takes": takes}}}]},
        })),
        fleet: from(json!({"hosts": hosts, "update": {"takes": takes}})),
        traffic: from(json!({"requests-per-second": 1000.0, "split": split})),
        telemetry: from(json!({
            "scrape-every": "15s", "stale-after": "5m",
            "signals": [{"id": "level", "kind": {"gauge": {"base": 100.0, "sd": 10.0}}}],
        })),
        release: Vec::new(),
        faults: Vec::new(),
        decider: sim_core::Decider::Native,
        operators: Vec::new(),
        evidence: Vec::new(),
        horizon: from(json!(horizon)),
    }
}

fn from<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("the bench's own experiments are well formed")
}
