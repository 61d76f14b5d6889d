//! The world where the files of a rollout say nothing about it, as a scenario of our own form.

use serde_json::{Value as Json, json};
use sim_core::engine::SimDuration;
use sim_core::policy::Policy;
use sim_core::telemetry::{SignalKind, Telemetry};

use super::assumed::{Assumed, WorseBy, figure};
use super::lowered::Lowered;
use crate::diagnostic::Report;
use crate::import::finding::seconds;
use crate::{Document, Scenario, load, yaml};

/// What the names of documents begin with that no file holds.
pub const ASSUMED: &str = "assumed:";
/// The signal of failed requests.
pub const ERRORS: &str = "errors";
/// The signal of latencies.
pub const LATENCY: &str = "latency";
/// Upper bounds of the buckets of its histogram, in milliseconds: the defaults of Prometheus' client libraries.
const BUCKETS: [f64; 11] = [
    5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1000.0, 2500.0, 5000.0, 10_000.0,
];
/// The spread of latencies, and how far its 99th percentile lies above the median: exp(2.3263 * 0.6).
const SIGMA: f64 = 0.6;
const P99_OVER_MEDIAN: f64 = 4.038;

/// The setting of a rollout: a good and a bad release in the assumed world.
#[derive(Clone, Debug)]
pub struct AssumedSetting {
    /// The scenarios `good` and `bad`, with their names.
    pub scenarios: Vec<(&'static str, Document<Scenario>)>,
    /// What is assumed, in a sentence or two.
    pub words: Vec<String>,
}

impl AssumedSetting {
    /// The setting in which `lowered` is played where nobody names a scenario.
    ///
    /// # Errors
    /// That the assumptions make no world.
    pub fn of(lowered: &Lowered, assumed: &Assumed) -> Result<Self, Report> {
        let text = |release| yaml(&scenario(lowered, assumed, release));
        let load = |name: &'static str| {
            let document = load::scenario(&format!("{ASSUMED}{name}"), text(name).as_bytes())?;
            Ok((name, document))
        };
        Ok(Self {
            scenarios: vec![load("good")?, load("bad")?],
            words: words(lowered, assumed),
        })
    }
}

fn duration(duration: SimDuration) -> String {
    duration.exact()
}

pub(super) fn scenario(lowered: &Lowered, assumed: &Assumed, release: &str) -> Json {
    let effects: Vec<Json> = match release {
        "bad" => assumed.worse.iter().enumerate().map(effect).collect(),
        _ => Vec::new(),
    };
    json!({
        "version": 1,
        "name": release,
        "description": format!("A {release} release in the world that is assumed for {}.", lowered.subject),
        "world": {"inline": world(lowered, assumed)},
        "release": {"is": release, "effects": effects},
        "horizon": duration(lowered.horizon),
    })
}

fn effect((nth, worse): (usize, &WorseBy)) -> Json {
    let change = match worse {
        WorseBy::Errors(more) => json!({"add": {"signal": ERRORS, "by": more}}),
        WorseBy::Latency(factor) => {
            json!({"multiply": {"signal": LATENCY, "by": factor}})
        }
    };
    json!({"id": format!("regression-{}", nth + 1), "change": change})
}

pub(super) fn world(lowered: &Lowered, assumed: &Assumed) -> Json {
    let median = assumed.p99 / P99_OVER_MEDIAN;
    json!({
        "version": 1,
        "name": "assumed",
        "description": "What is assumed where the files of a rollout say nothing.",
        "fleet": {
            "hosts": lowered.replicas.max(1),
            "update": {"takes": {"constant": duration(assumed.pod_start)}},
        },
        "traffic": {
            "requests-per-second": assumed.requests_per_second,
            "arrivals": "poisson",
            "split": "by-request",
        },
        "telemetry": {
            "scrape-every": "15s",
            "stale-after": "5m",
            "signals": [
                {"id": ERRORS, "kind": {"ratio": {"base": assumed.base_error}}, "harms-users": true},
                {"id": LATENCY, "kind": {"latency": {
                    "parts": [{"weight": 1.0, "median": median, "sigma": SIGMA}],
                    "cap": 60_000.0, "buckets": BUCKETS,
                }}},
            ],
        },
        "operators": [{
            "role": "operator", "name": "whoever looks after releases",
            "answers-in": {"constant": duration(assumed.answers_in)},
        }],
    })
}

pub(super) fn words(lowered: &Lowered, assumed: &Assumed) -> Vec<String> {
    let world = format!(
        "assumed, since the file says nothing of it: {} requests/s, {} % of them fail on a good release, p99 {} ms, {} pods \
         that start in {}, a person who answers in {}; the bad release {}",
        figure(assumed.requests_per_second),
        figure(assumed.base_error * 100.0),
        figure(assumed.p99),
        lowered.replicas,
        seconds(assumed.pod_start.as_secs_f64()),
        seconds(assumed.answers_in.as_secs_f64()),
        assumed.worse_words(),
    );
    let how = "say otherwise with --rps, --base-error, --p99, --replicas, --pod-start, --answers-in, --effect, or with a \
               --scenario file";
    vec![world, how.to_owned()]
}

/// The policy as one of a world: its errors and latencies are those of the world's own signals, whatever
/// they are called there.
pub fn in_world(policy: &Policy, telemetry: &Telemetry) -> Policy {
    let signals = &telemetry.signals;
    let named = |wanted: &str, fits: fn(&SignalKind) -> bool| {
        let own = signals.iter().find(|signal| signal.id == wanted);
        let own = own.or_else(|| signals.iter().find(|signal| fits(&signal.kind)));
        own.map_or(wanted.to_owned(), |signal| signal.id.clone())
    };
    let errors = named(ERRORS, |kind| matches!(kind, SignalKind::Ratio { .. }));
    let latency = named(LATENCY, |kind| matches!(kind, SignalKind::Latency { .. }));
    let mut policy = policy.clone();
    for gate in &mut policy.gates {
        let own = if gate.signal == LATENCY {
            &latency
        } else {
            &errors
        };
        gate.signal.clone_from(own);
    }
    policy
}
