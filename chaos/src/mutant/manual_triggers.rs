//! Hands: what only people set off.
//!
//! A class that no gate and no evidence belongs to is one that somebody calls for by hand. In the machine
//! nobody has hands; so each such class is lent a gate on a signal that is silent by itself, and a rehearsal
//! that lets it speak is somebody who calls.

use sim_core::Experiment;
use sim_core::policy::gate::{BadData, Comparison, Limit, Measure, Population, Relation, Window};
use sim_core::policy::{Action, Class, Gate, Policy};
use sim_core::telemetry::{Noise, Signal, SignalKind};

/// What the names of such signals and gates begin with.
const HAND: &str = "hand that calls for";

/// Lends a hand to every class of `experiment` that only people set off.
#[must_use]
pub fn with_manual_triggers(experiment: &Experiment) -> Experiment {
    let mut lent = experiment.clone();
    let policy = &experiment.policy;
    let idle = policy
        .classes
        .iter()
        .filter(|class| is_by_hand(policy, class));
    for class in idle {
        let gate = hand(class, policy);
        lent.telemetry.signals.push(Signal {
            id: gate.signal.clone(),
            kind: SignalKind::Count {
                per_host_hour: 0.0,
                size: None,
            },
            noise: Noise::default(),
            harms_users: false,
            harm_weight: None,
            slow_above: None,
            recording: None,
        });
        add(gate, &mut lent.policy);
    }
    lent
}

/// Lends `policy` the hands that `original` has.
pub(super) fn lend(policy: &mut Policy, original: &Policy) {
    for gate in original.gates.iter().filter(|gate| is_manual_trigger(gate)) {
        add(gate.clone(), policy);
    }
}

/// Whether a gate stands for somebody who calls.
pub(super) fn is_manual_trigger(gate: &Gate) -> bool {
    gate.id.starts_with(HAND)
}

/// Whether a class acts and nothing in the policy sets it off.
pub(super) fn is_by_hand(policy: &Policy, class: &Class) -> bool {
    let has = |known: &Option<String>| known.as_deref() == Some(class.id.as_str());
    let by_gate = policy.gates.iter().any(|gate| has(&gate.class));
    let by_evidence = policy.evidence.iter().any(|evidence| has(&evidence.class));
    class.action > Action::Record && !by_gate && !by_evidence
}

fn add(gate: Gate, policy: &mut Policy) {
    for stage in &mut policy.stages {
        stage.triggers.push(gate.id.clone());
    }
    policy.gates.push(gate);
}

fn hand(class: &Class, policy: &Policy) -> Gate {
    let id = format!("{HAND} {}", class.id);
    Gate {
        signal: id.clone(),
        id,
        measure: Measure::Count,
        population: Population::Canary,
        over: policy.evaluate_every,
        breach: Comparison {
            is: Relation::AtLeast,
            limit: Limit::Absolute(1.0),
        },
        window: Window::Instant,
        min_samples: 0,
        on: BadData::CLOSED,
        keep: Vec::new(),
        with: None,
        lasting: None,
        already_red: None,
        class: Some(class.id.clone()),
    }
}
