//! The checkers and the machine against each other: what is really played keeps every promise, unless
//! a fault or a weaker policy breaks one.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use sim_core::{Experiment, Seed, run};

use super::experiment::{experiment, form};
use crate::checker::{Status, check};

const RUNS: u64 = 12;

/// The experiment with a release that has these effects.
fn release(effects: Value) -> Experiment {
    Experiment {
        release: form(effects),
        ..experiment()
    }
}

/// A signal of the new version is 20 points worse from `after` the first exposure on.
fn worse(signal: &str, after: &str) -> Value {
    let change = json!({ "signal": signal, "by": 0.2 });
    let course = json!({ "from": "first-exposure", "after": after });
    json!({ "id": signal, "change": { "add": change }, "course": course })
}

fn faulty(release_effects: Value, fault: &Value) -> Experiment {
    let fault = json!([{ "id": "fault", "change": fault }]);
    Experiment {
        faults: form(fault),
        ..release(release_effects)
    }
}

/// Plays the experiment with several seeds; returns what was violated and what held, ever.
fn play(experiment: &Experiment) -> [BTreeSet<&'static str>; 2] {
    let mut sets = [BTreeSet::new(), BTreeSet::new()];
    for replication in 0..RUNS {
        let seed = Seed {
            root: 7,
            replication,
        };
        for finding in check(experiment, &run(experiment, seed)) {
            match finding.status {
                Status::Violated => {
                    println!("replication {replication}: {finding:?}");
                    sets[0].insert(finding.id);
                }
                Status::Holds => _ = sets[1].insert(finding.id),
                Status::NotReached => {}
            }
        }
    }
    sets
}

/// Releases of every kind, and one that nobody can see.
/// Half of the requests to the new version fail, and users feel it.
fn broken() -> Experiment {
    let mut experiment = experiment();
    super::story::fails_plainly(&mut experiment);
    experiment
}

fn every_release() -> [Experiment; 9] {
    [
        release(json!([])),
        release(json!([worse("errors", "0s")])),
        release(json!([worse("errors", "100m")])),
        release(json!([worse("slow", "90m")])),
        release(json!([worse("queue", "10m")])),
        release(json!([worse("abuse", "150m")])),
        release(json!([
            worse("queue", "30m"),
            worse("slow", "80m"),
            worse("errors", "200m")
        ])),
        faulty(json!([]), &json!({ "outage": { "signal": "errors" } })),
        broken(),
    ]
}

#[test]
fn the_machine_keeps_every_promise_when_nothing_but_the_release_or_the_data_are_bad() {
    let mut held = BTreeSet::new();
    for experiment in every_release() {
        let [violated, holds] = play(&experiment);
        assert_eq!(violated, BTreeSet::new(), "{:?}", experiment.release);
        held.extend(holds);
    }
    let known = crate::checker::CATALOGUE
        .iter()
        .map(|invariant| invariant.id);
    assert_eq!(held, known.collect(), "every invariant was exercised");
}

#[track_caller]
fn breaks(experiment: &Experiment, ids: &[&'static str]) {
    let [violated, _] = play(experiment);
    assert_eq!(violated, ids.iter().copied().collect());
}

#[test]
fn a_fault_in_the_machinery_breaks_the_promise_that_it_attacks() {
    let bad = || json!([worse("errors", "0s")]);
    breaks(
        &faulty(bad(), &json!({ "slow-hosts": { "factor": 20.0 } })),
        &["INV-ROLLBACK"],
    );
    let partial = json!({ "step-partial": { "step": "revert", "reaches": "50%" } });
    breaks(&faulty(bad(), &partial), &["INV-ROLLBACK"]);
    let noop = faulty(json!([worse("abuse", "0s")]), &json!("kill-switch-noop"));
    breaks(&noop, &["INV-KILL", "INV-LIVE"]);
}

#[test]
fn a_weaker_policy_breaks_what_the_documents_promise() {
    let mut careless = release(json!([worse("errors", "0s")]));
    careless
        .policy
        .recovery
        .as_mut()
        .expect("there is one")
        .acknowledge = None;
    breaks(&careless, &["INV-RECOVER"]);

    let mut open = faulty(json!([]), &json!({ "nan": { "signal": "errors" } }));
    open.policy.gates[0].on.nan = sim_core::policy::Judgement::Pass;
    breaks(&open, &["INV-GATE"]);
    open.policy.gates[0].on.nan = sim_core::policy::Judgement::Hold;
    breaks(&open, &[]);

    let mut vacuous = experiment();
    vacuous.evidence = form(json!([{ "evidence": "replay", "state": {
        "exists": true, "parses": true, "says-something": false, "passes": true, "age": "0s" } }]));
    breaks(&vacuous, &["INV-EVIDENCE"]);
    vacuous.policy.evidence[2].must_not_be_vacuous = true;
    breaks(&vacuous, &[]);
}
