//! The catalogue of faults, through the binary.

use std::fs;

use crate::command::{coalmine, coalmine_in, plain};

#[test]
fn explain_names_layer_parameters_source_and_threatened_promises() {
    let ran = coalmine(&["explain", "telemetry.nan"]);
    assert_eq!(ran.code, 0, "{ran:#?}");
    for said in [
        "layer exporter",
        "INV-GATE",
        "Source:",
        "kind:",
        "signal:",
        "Default: \"nan\"",
    ] {
        assert!(ran.out.contains(said), "{said} is missing: {}", ran.out);
    }
}

#[test]
fn list_shows_every_fault() {
    let ran = coalmine(&["list", "--faults", "--format", "json"]);
    let said: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let faults = said["faults"].as_array().unwrap();
    assert_eq!(faults.len(), chaos::catalogue::ENTRIES.len());
    assert!(
        faults
            .iter()
            .all(|fault| fault["threatens"].as_array().is_some())
    );
    let text = coalmine(&["list", "--faults"]);
    assert!(text.out.contains("env.zone_loss"), "{text:#?}");
}

/// A scenario that rehearses one fault.
fn rehearsal(fault: &str, at: &str) -> String {
    format!(
        "version: 1\nname: rehearsal\nworld: {{library: wedge}}\nrelease: {{is: good}}\nhorizon: 24h\n\
         rehearse:\n  - id: it\n    fault: {fault}\n    at: {at}\n"
    )
}

#[test]
fn a_fault_that_is_not_confirmed_makes_a_run_inconclusive() {
    let folder = plain();
    let check = |fault: &str, at: &str, inconclusive: bool| {
        fs::write(folder.path().join("it.scenario.yaml"), rehearsal(fault, at)).unwrap();
        let args = [
            "run",
            "wedge",
            "--scenario",
            "it.scenario.yaml",
            "--format",
            "json",
            "--no-fail",
        ];
        let ran = coalmine_in(folder.path(), &args);
        let said: serde_json::Value =
            serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:#?}"));
        let verdict = said["verdict"].as_str().unwrap().to_ascii_lowercase();
        assert_eq!(verdict == "inconclusive", inconclusive, "{fault}: {said:#}");
    };
    // Nothing is rolled back, so that no command of a rollback can be stuck.
    check("{actuation.stuck_hosts: {}}", "{}", true);
    check("{actuation.stuck_hosts: {}}", "{strength: 0}", false);
}

/// What the answers of every command say and a newcomer asks for; each is found as it stands there.
#[test]
fn every_word_of_an_answer_has_an_explanation() {
    let words = [
        "untested",
        "not exercised",
        "minimum detectable effect",
        "Pareto front",
        "Pareto-optimal",
        "dominated",
        "invariant",
        "error-minutes",
        "undecided",
        "margin",
        "held-out validation",
        "coverage",
        "known limitation",
        "hash",
        "seed",
        "replay",
        "blast radius",
        "false rollback",
        "missed regression",
        "vacuous",
        "95 % interval",
        "p95",
        "power",
        "false-positive guarantee",
        "detection",
        "ended before the regression began",
        "user impact",
        "statistically indistinguishable",
        "tolerance",
        "waived",
        "gap",
        "fault-injection experiment",
        "shrinking",
        "mutant",
        "samples",
        "breach",
        "rolled back",
        "rollback",
        "control",
        "canary",
        "objective",
        "limit",
        "replication",
        "PASS",
        "FAIL",
        "MISS",
        "INCONCLUSIVE",
        "INV-KILL",
        "false_rollback",
        "still_exposed",
    ];
    for word in words {
        let ran = coalmine(&["explain", word]);
        assert_eq!(ran.code, 0, "{word}: {}", ran.err);
        assert!(ran.out.lines().count() > 2, "{word}: {}", ran.out);
    }
    assert_eq!(coalmine(&["explain", "no such word"]).code, 3);
}
