//! Experiments that tests bend to their needs.

use sim_core::Experiment;
use sim_core::effect::{Change, Course, Effect, SignalChange};
use sim_core::engine::SimDuration;
use sim_core::policy::gate::Population;

/// A small wedge: three stages of one hour, an error gate, a rollback of 100 hosts.
pub fn wedge() -> Experiment {
    let stage = |(index, target): (usize, &str)| {
        serde_json::json!({
            "id": format!("stage-{index}"), "target": target, "ramp": "at-once", "observe": "1h",
            "observe-from": "convergence", "pause-after-windows": 3,
            "criteria": ["errors"], "triggers": ["errors"]
        })
    };
    let stages: Vec<_> = ["5%", "25%", "100%"]
        .into_iter()
        .enumerate()
        .map(stage)
        .collect();
    serde_json::from_value::<Form>(serde_json::json!({
        "policy": {
            "version": 1, "name": "wedge", "profile": "own", "evaluate-every": "1m", "rounding": "up",
            "gates": [{
                "id": "errors", "signal": "errors", "measure": "ratio", "population": "canary",
                "over": "5m", "breach": {"is": "above", "limit": {"absolute": 0.02}},
                "window": {"consecutive": 3}, "min-samples": 100, "class": "regression",
                "on": {"missing": "hold", "stale": "hold", "nan": "hold",
                       "zero-denominator": "hold", "too-few": "hold"}
            }],
            "classes": [{"id": "regression", "action": "rollback"}],
            "stages": stages,
            "rollback": {"deadline": "60s", "steps": [{
                "id": "revert", "required": true, "takes": {"constant": "5s"},
                "effect": {"revert-hosts": {"takes": {"lognormal": {"median": "20s", "sigma": 0.2}}}}
            }]}
        },
        "fleet": {"hosts": 100, "update": {
            "parallel": 10, "takes": {"lognormal": {"median": "30s", "sigma": 0.3}}}},
        "traffic": {"requests-per-second": 200.0},
        "telemetry": {"scrape-every": "1m", "lag": "0", "stale-after": "5m", "signals": [
            {"id": "errors", "kind": {"ratio": {"base": 0.005}}, "harms-users": true}]},
        "horizon": "24h"
    }))
    .expect("the example is well formed")
    .into()
}

/// The same experiment with a release whose errors are `by` higher.
pub fn bad_wedge(by: f64) -> Experiment {
    let mut experiment = wedge();
    experiment
        .release
        .push(errors("regression", by, Course::default()));
    experiment
}

/// A release that fails more often.
pub fn errors(id: &str, by: f64, course: Course) -> Effect {
    let change = SignalChange {
        signal: "errors".into(),
        by,
        population: Population::Canary,
    };
    Effect {
        id: id.into(),
        change: Change::Add(change),
        course,
        hosts: None,
        cured_by: Vec::new(),
        only: None,
        hosts_of: None,
        confirm: false,
    }
}

/// So many minutes.
pub fn minutes(n: u64) -> SimDuration {
    SimDuration::from_mins(n)
}

#[derive(serde::Deserialize)]
struct Form {
    policy: sim_core::policy::Policy,
    fleet: sim_core::fleet::Fleet,
    traffic: sim_core::traffic::Traffic,
    telemetry: sim_core::telemetry::Telemetry,
    horizon: SimDuration,
}

impl From<Form> for Experiment {
    fn from(form: Form) -> Self {
        Self {
            policy: form.policy.into(),
            fleet: form.fleet,
            traffic: form.traffic,
            telemetry: form.telemetry.into(),
            release: Vec::new(),
            faults: Vec::new(),
            decider: sim_core::Decider::Native,
            operators: Vec::new(),
            evidence: Vec::new(),
            horizon: form.horizon,
        }
    }
}

/// Somebody who answers after ten minutes, or with this probability never.
pub fn operator(role: &str, silent: f64) -> sim_core::operator::Operator {
    sim_core::operator::Operator {
        role: role.into(),
        name: String::new(),
        answers_in: sim_core::engine::Distribution::Constant(minutes(10)),
        silent,
    }
}
