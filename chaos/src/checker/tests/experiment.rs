//! An experiment whose policy makes every promise that a checker judges.
//!
//! It is written as a file would be, so that a new optional field of a form changes nothing here.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sim_core::Experiment;
use sim_core::engine::{Share, SimDuration};
use sim_core::operator::Operator;

pub(super) fn experiment() -> Experiment {
    Experiment {
        policy: form(policy()),
        fleet: form(json!({ "hosts": 100, "update": { "takes": { "constant": "30s" } } })),
        traffic: form(json!({ "requests-per-second": 100.0 })),
        telemetry: form(json!({
            "scrape-every": "15s",
            "stale-after": "5m",
            "signals": [signal("errors"), signal("slow"), signal("queue"), signal("abuse")],
        })),
        release: Vec::new(),
        faults: Vec::new(),
        decider: sim_core::Decider::Native,
        operators: vec![operator("lead"), operator("triage")],
        evidence: Vec::new(),
        horizon: SimDuration::from_hours(24),
    }
}

fn signal(id: &str) -> Value {
    json!({ "id": id, "kind": { "ratio": { "base": 0.005 } } })
}

fn policy() -> Value {
    json!({
        "version": 1,
        "name": "everything",
        "profile": "own",
        "evaluate-every": "1m",
        "rounding": "up",
        "blast-radius": { "max": "80%", "enforced": true },
        "prerequisites": ["card"],
        "evidence": [evidence("card"), evidence("bundle"), evidence("replay")],
        "gates": [
            gate("errors", "correctness"),
            gate("slow", "budget"),
            gate("queue", "capacity"),
            gate("abuse", "security"),
        ],
        "classes": [
            { "id": "correctness", "action": "rollback" },
            { "id": "budget", "action": "step-back", "sign-off": "triage", "at-most": 2 },
            { "id": "capacity", "action": "next-rung" },
            { "id": "security", "action": "kill" },
        ],
        "stages": [stage("canary", "10%"), stage("half", "50%"), stage("most", "75%")],
        "ladder": { "rungs": [rung("batch"), rung("engine")], "exhausted": "safest" },
        "kill-switch": { "id": "off", "works": true, "takes": { "constant": "1m" } },
        "rollback": rollback(),
        "recovery": { "acknowledge": "lead", "fresh-canary": true, "attempts": 1 },
        "waivers": [waiver("bundle", &["ann"]), waiver("stages", &["ann", "bob"])],
    })
}

fn rollback() -> Value {
    let revert = json!({ "revert-hosts": { "takes": { "constant": "10s" } } });
    let takes = json!({ "constant": "5s" });
    json!({
        "deadline": "60s",
        "steps": [
            { "id": "revert", "effect": revert, "takes": takes, "retries": 1, "required": true },
            { "id": "confirm", "effect": "confirm", "takes": takes, "required": true },
        ],
    })
}

fn stage(id: &str, target: &str) -> Value {
    json!({
        "id": id,
        "target": target,
        "ramp": "at-once",
        "observe": "1h",
        "observe-from": "convergence",
        "pause-after-windows": 3,
        "entry": ["bundle"],
        "hold": ["replay"],
        "criteria": ["errors"],
        "triggers": ["errors", "slow", "queue", "abuse"],
        "approval": "lead",
    })
}

fn gate(id: &str, class: &str) -> Value {
    let hold = "hold";
    json!({
        "id": id,
        "signal": id,
        "measure": "ratio",
        "population": "canary",
        "over": "5m",
        "breach": { "is": "above", "limit": { "absolute": 0.05 } },
        "window": "instant",
        "min-samples": 100,
        "on": { "missing": hold, "stale": hold, "nan": hold, "zero-denominator": hold, "too-few": hold },
        "class": class,
    })
}

fn evidence(id: &str) -> Value {
    json!({
        "id": id,
        "must-exist": true,
        "must-parse": true,
        "must-not-be-vacuous": false,
        "must-pass": true,
        "max-age": "24h",
    })
}

fn rung(id: &str) -> Value {
    json!({ "id": id, "sets": {}, "takes": { "constant": "1m" } })
}

fn waiver(rule: &str, approvers: &[&str]) -> Value {
    json!({
        "rule": rule,
        "approvers": approvers,
        "age": "0s",
        "valid-for": "24h",
        "rationale": "one region only",
    })
}

fn operator(role: &str) -> Operator {
    form(json!({ "role": role, "answers-in": { "constant": "1m" } }))
}

pub(super) fn form<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("the test writes a sound form")
}

pub(super) fn percent(number: f64) -> Share {
    Share::from_percent(number).expect("the test means a percentage")
}
