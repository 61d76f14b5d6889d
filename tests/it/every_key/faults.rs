//! Each parameter of each fault of the catalogue: changed, it makes other effects, or it is refused.

use std::collections::BTreeSet;

use coalmine::chaos::catalogue::{ENTRIES, Fault, Injection};
use coalmine::scenarios::{Scenario, World, library, load};
use coalmine::sim_core::Experiment;
use coalmine::sim_core::policy::Profile;
use serde_json::{Value, json};

use super::keys;

/// The systems that are shipped, each in its world: what one lacks for a fault another has.
fn experiments() -> Vec<Experiment> {
    let of = |system: &library::System| {
        let policy = system.policy(Profile::AsWritten).expect("it is shipped");
        let policy = load::policy(system.name, policy.as_bytes()).expect("it loads");
        let world = load::world(system.name, system.world.as_bytes()).expect("it loads");
        let (name, text) = system.scenarios[0];
        let scenario = load::scenario(name, text.as_bytes()).expect("it loads");
        played(&policy.value, &scenario.value, &world.value)
    };
    let ground = super::effects::ground();
    let mut heard = ground.clone();
    let beats = json!({"id": "alive", "kind": {"heartbeat": {"silent": 0.001}}});
    let beats = serde_json::from_value(beats).expect("it is a signal");
    heard.telemetry.signals.push(beats);
    let systems = library::systems().iter().map(of);
    systems.chain([ground, heard]).collect()
}

fn played(
    policy: &coalmine::sim_core::policy::Policy,
    scenario: &Scenario,
    world: &World,
) -> Experiment {
    load::experiment(policy, scenario, world).expect("it fits together")
}

/// The names that an experiment has, which a parameter may become.
fn names(experiment: &Experiment) -> BTreeSet<String> {
    let policy = &experiment.policy;
    let signals = experiment.telemetry.signals.iter().map(|it| &it.id);
    let stages = policy.stages.iter().map(|it| &it.id);
    let gates = policy.gates.iter().map(|it| &it.id);
    let steps = policy.rollback.steps.iter().map(|it| &it.id);
    let evidence = policy.evidence.iter().map(|it| &it.id);
    let roles = experiment.operators.iter().map(|it| &it.role);
    let words = [
        "canary",
        "control",
        "old",
        "new",
        "same",
        "absent",
        "unreadable",
        "red",
        "windows",
    ]
    .map(str::to_owned);
    let all = signals.chain(stages).chain(gates).chain(steps);
    all.chain(evidence)
        .chain(roles)
        .cloned()
        .chain(words)
        .collect()
}

/// What a fault comes to in an experiment; none where the experiment lacks something for it.
fn lowered(fault: &Value, experiment: &Experiment) -> Option<Result<String, String>> {
    let fault: Fault = serde_json::from_value(fault.clone()).ok()?;
    let injection = Injection {
        id: "it".to_owned(),
        fault,
        at: None,
        cured_by: Vec::new(),
    };
    let lowered = injection.lower(experiment);
    Some(
        lowered
            .map(|it| format!("{it:?}"))
            .map_err(|misfit| misfit.0),
    )
}

/// Whether another value of a parameter makes other effects; where none is taken, whether it is refused.
fn matters(entry: &str, key: &str, fault: &Value, experiment: &Experiment) -> bool {
    let Some(Ok(known)) = lowered(fault, experiment) else {
        return false;
    };
    let words = names(experiment);
    let value = fault[entry][key].clone();
    let mut others = keys::others(&value, &words);
    if value.is_null() {
        others.extend(words.iter().map(|word| json!(word)));
        others.extend([json!("7m"), json!(3)]);
    }
    if value.is_object() {
        others.extend([json!({"times": 7.0}), json!({"plus": 7.0})]);
    }
    if value.is_array() {
        others.extend(words.iter().map(|word| json!([word])));
    }
    let changed = others.into_iter().filter_map(|other| {
        let mut changed = fault.clone();
        changed[entry][key] = other;
        lowered(&changed, experiment)
    });
    let changed: Vec<_> = changed.collect();
    let refused = changed.iter().any(Result::is_err);
    let mut taken = changed.iter().filter_map(|it| it.as_ref().ok()).peekable();
    if value.is_null() || taken.peek().is_none() {
        // A name may be that of what the fault finds by itself; then others are refused.
        return refused || taken.any(|other| *other != known);
    }
    taken.any(|other| *other != known)
}

#[test]
fn each_parameter_of_each_fault_makes_other_effects_or_is_refused() {
    let experiments = experiments();
    let mut unread = Vec::new();
    for entry in ENTRIES {
        let mut fault = serde_json::to_value((entry.default)()).expect("a fault is plain data");
        for parameter in entry.parameters() {
            let key = parameter.name.as_str();
            if fault[entry.name].get(key).is_none() {
                fault[entry.name][key] = Value::Null;
            }
            let read = |experiment: &Experiment| matters(entry.name, key, &fault, experiment);
            if !experiments.iter().any(read) {
                unread.push(format!("{}.{key}", entry.name));
            }
        }
    }
    assert!(unread.is_empty(), "accepted and ignored: {unread:#?}");
}
