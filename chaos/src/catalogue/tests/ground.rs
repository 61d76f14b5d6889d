//! Grounds: experiments in which each fault has something to happen to.

use sim_core::effect::{Anchor, Change, Course, Effect, SignalChange};
use sim_core::engine::{Distribution, SimDuration};
use sim_core::operator::Operator;
use sim_core::policy::gate::{Limit, Population};
use sim_core::policy::{Action, ApprovalLimit, StepEffect, Unanswered};
use sim_core::{Experiment, Seed};

use super::super::{Entry, Injection};
use crate::rehearsal::Rehearsal;

/// The rollout that a fault meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// A release that does no harm.
    Good,
    /// A release that fails ten times as often from the twelfth minute on.
    Bad,
    /// The same, and the policy throws its kill switch.
    Killed,
    /// The same, and traffic is shifted back to a standby.
    Standby,
    /// A release that does no harm; updates and hosts tell how they are, and approvals have a time limit.
    Telling,
}

/// The faults of these names, as they usually happen, on a ground.
pub fn rehearsal(ground: Ground, faults: &[&str], replication: u64) -> Rehearsal {
    let injection = |name: &&str| Injection::of(Entry::of(name).expect("a fault of the catalogue"));
    Rehearsal {
        experiment: ground.experiment(),
        injections: faults.iter().map(injection).collect(),
        seed: Seed {
            root: 424_242,
            replication,
        },
    }
}

/// Returns where a fault has something to happen to, and when it is played there.
pub fn of(entry: &Entry) -> (Ground, Injection) {
    let mut injection = Injection::of(entry);
    let name = entry.name;
    let ground = match entry.group() {
        _ if [
            "defect.kill_switch_noop",
            "defect.stale_clients",
            "actuation.kill_switch_slow",
        ]
        .contains(&name) =>
        {
            Ground::Killed
        }
        _ if name == "actuation.standby_absent" => Ground::Standby,
        "actuation" | "human" | "telemetry" if TELLING.contains(&name) => Ground::Telling,
        "version" if name != "version.irreversible" => Ground::Good,
        "evidence" => Ground::Good,
        _ if GOOD.contains(&name) => Ground::Good,
        _ => Ground::Bad,
    };
    let throughout = name.starts_with("controller.evaluator")
        || name == "env.fail_slow"
        || entry.group() == "telemetry" && name != "telemetry.alert_path_down";
    if throughout {
        injection.at = Some(from_exposure());
    }
    (ground, injection)
}

/// Faults that need what only some policies and worlds say.
const TELLING: [&str; 3] = [
    "actuation.updates_fail",
    "human.no_approval",
    "telemetry.silent_hosts",
];

/// Faults of the other groups that a good release shows best.
const GOOD: [&str; 17] = [
    "controller.crash",
    "controller.shared_fate",
    "human.ack_twice",
    "env.clock",
    "env.trough",
    "env.surge",
    "env.fail_slow",
    "env.zone_loss",
    "env.host_crash",
    "human.freeze",
    "human.ack_late",
    "human.ack_rash",
    "human.pause_forgotten",
    "human.override_advance",
    "telemetry.counter_reset",
    "telemetry.alert_path_down",
    "controller.verdict_race",
];

/// From the first exposure on, so that the snapshot of a decision sees it.
fn from_exposure() -> Course {
    Course {
        from: Anchor::FirstExposure,
        ..Course::default()
    }
}

impl Ground {
    /// Returns the experiment.
    pub fn experiment(self) -> Experiment {
        let mut experiment = good();
        if !matches!(self, Self::Good | Self::Telling) {
            experiment.release.push(regression());
        }
        match self {
            Self::Good | Self::Bad => {}
            Self::Telling => tell(&mut experiment),
            Self::Killed => experiment.policy.classes[0].action = Action::Kill,
            Self::Standby => {
                experiment.policy.rollback.steps[1].effect = StepEffect::ShiftTraffic;
            }
        }
        experiment
    }
}

/// Adds the signals of updates and of hosts, gates on both, and a time limit of approvals.
fn tell(experiment: &mut Experiment) {
    let signals = serde_json::json!([
        {"id": "updates", "kind": "updates"},
        {"id": "alive", "kind": {"heartbeat": {"silent": 0.0}}}
    ]);
    let signals: Vec<sim_core::telemetry::Signal> =
        serde_json::from_value(signals).expect("signals are well formed");
    experiment.telemetry.signals.extend(signals);
    let policy = &mut experiment.policy;
    for (id, limit) in [("updates", 0.2), ("alive", 0.05)] {
        let mut gate = policy.gates[0].clone();
        (gate.id, gate.signal) = (id.to_owned(), id.to_owned());
        (gate.breach.limit, gate.min_samples) = (Limit::Absolute(limit), 5);
        policy.gates.push(gate);
    }
    for stage in &mut policy.stages {
        stage
            .triggers
            .extend(["updates", "alive"].map(str::to_owned));
        stage.approval_within = Some(ApprovalLimit {
            limit: SimDuration::from_mins(30),
            then: Unanswered::Rollback,
        });
    }
}

fn regression() -> Effect {
    Effect {
        id: "regression".into(),
        change: Change::Multiply(SignalChange {
            signal: "errors".into(),
            by: 10.0,
            population: Population::Canary,
        }),
        course: Course {
            from: Anchor::FirstExposure,
            after: SimDuration::from_mins(12),
            ..Course::default()
        },
        hosts: None,
        cured_by: Vec::new(),
        only: None,
        hosts_of: None,
        confirm: false,
    }
}

fn good() -> Experiment {
    let form = form();
    Experiment {
        policy: form.policy.into(),
        fleet: form.fleet,
        traffic: form.traffic,
        telemetry: form.telemetry.into(),
        release: Vec::new(),
        faults: Vec::new(),
        decider: sim_core::Decider::Native,
        operators: vec![Operator {
            role: "lead".into(),
            name: String::new(),
            answers_in: Distribution::Constant(SimDuration::from_mins(10)),
            silent: 0.0,
        }],
        evidence: Vec::new(),
        horizon: SimDuration::from_hours(24),
    }
}

#[derive(serde::Deserialize)]
struct Form {
    policy: sim_core::policy::Policy,
    fleet: sim_core::fleet::Fleet,
    traffic: sim_core::traffic::Traffic,
    telemetry: sim_core::telemetry::Telemetry,
}

fn form() -> Form {
    let on = serde_json::json!({"missing": "hold", "stale": "hold", "nan": "hold",
        "zero-denominator": "hold", "too-few": "hold"});
    let gate = |id: &str, signal: &str, measure: serde_json::Value, limit: serde_json::Value| {
        serde_json::json!({
            "id": id, "signal": signal, "measure": measure, "population": "canary", "over": "5m",
            "breach": {"is": "above", "limit": limit}, "window": {"consecutive": 3},
            "min-samples": if signal == "errors" { 100 } else { 0 },
            "class": "regression", "on": on
        })
    };
    let stage = |(index, target): (usize, &str)| {
        serde_json::json!({
            "id": format!("stage-{index}"), "target": target, "ramp": "at-once", "observe": "1h",
            "observe-from": "convergence", "entry": ["packet"], "approval": "lead",
            "criteria": ["errors", "against-control", "latency", "memory"],
            "triggers": ["errors", "against-control", "latency", "memory", "denials"]
        })
    };
    let stages: Vec<_> = ["10%", "50%", "100%"]
        .into_iter()
        .enumerate()
        .map(stage)
        .collect();
    serde_json::from_value(serde_json::json!({
        "policy": {
            "version": 1, "name": "ground", "profile": "own", "evaluate-every": "1m",
            "rounding": "up",
            "gates": [
                gate("errors", "errors", "ratio".into(), serde_json::json!({"absolute": 0.02})),
                gate("against-control", "errors", "ratio".into(),
                     serde_json::json!({"times": {"factor": 7.0, "of": "control"}})),
                gate("latency", "latency", serde_json::json!({"quantile": 0.99}),
                     serde_json::json!({"absolute": 2000.0})),
                gate("memory", "memory", "mean".into(), serde_json::json!({"absolute": 400.0})),
                gate("denials", "denials", "count".into(), serde_json::json!({"absolute": 0.0}))
            ],
            "classes": [{"id": "regression", "action": "rollback"}],
            "evidence": [{"id": "packet", "must-exist": true, "must-parse": true,
                          "must-not-be-vacuous": true, "must-pass": true, "max-age": "30d"}],
            "stages": stages,
            "kill-switch": {"id": "off", "works": true, "takes": {"constant": "10s"}},
            "rollback": {"deadline": "120s", "steps": [
                {"id": "capture", "required": false, "takes": {"constant": "2s"},
                 "effect": "capture-evidence"},
                {"id": "revert", "required": true, "takes": {"constant": "5s"},
                 "effect": {"revert-hosts": {"takes": {"constant": "20s"}}}}
            ]}
        },
        "fleet": {"hosts": 100, "update": {"parallel": 10, "takes": {"constant": "30s"}}},
        "traffic": {"requests-per-second": 200.0},
        "telemetry": {"scrape-every": "15s", "stale-after": "5m", "resets-unhandled": true,
            "signals": [
                {"id": "errors", "kind": {"ratio": {"base": 0.005}}, "harms-users": true},
                {"id": "latency", "kind": {"latency": {"cap": 10000.0,
                    "parts": [{"weight": 1.0, "median": 100.0, "sigma": 0.5}]}}},
                {"id": "memory", "kind": {"gauge": {"base": 100.0, "sd": 5.0}}},
                {"id": "denials", "kind": {"count": {"per-host-hour": 0.0}}}
            ]}
    }))
    .expect("the ground is well formed")
}
