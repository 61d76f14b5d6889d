//! The defects recorded of the real code of the five systems, found by a smoke campaign that is told nothing of
//! what to look for. Run with `--nocapture` for the table of what was found and shrunk to how many faults.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::command::{coalmine, json};

/// Shrunk rehearsals keep at most this many faults: a defect of the code needs one occasion to show.
const OCCASION: usize = 1;

/// System, defect, promise that it breaks, and the words by which the finding tells it from the promise's others.
const DEFECTS: [(&str, &str, &str, &str); 17] = [
    (
        "wedge",
        "a vacuous proposal is accepted",
        "INV-PRE",
        "Vacuous",
    ),
    (
        "wedge",
        "triggers are words and watch nothing",
        "INV-CAUGHT",
        "was failing users",
    ),
    (
        "raptorq",
        "a calibration that is NaN promotes",
        "INV-GATE",
        "not a number",
    ),
    (
        "raptorq",
        "a performance gate that says nothing is green",
        "INV-PRE",
        "Vacuous",
    ),
    (
        "raptorq",
        "wrong blocks are looked at nowhere",
        "INV-CAUGHT",
        "was failing users",
    ),
    (
        "control-plane",
        "NaN is healthy",
        "INV-GATE",
        "not a number",
    ),
    (
        "control-plane",
        "the age of a summary is never looked at",
        "INV-GATE",
        "too old",
    ),
    (
        "control-plane",
        "flags are on again without an acknowledgement",
        "INV-RECOVER",
        "asks for none",
    ),
    (
        "control-plane",
        "the error mode is looked at nowhere",
        "INV-CAUGHT",
        "was failing users",
    ),
    ("optimize", "NaN passes", "INV-GATE", "not a number"),
    (
        "optimize",
        "missing metrics pass",
        "INV-GATE",
        "none at all",
    ),
    (
        "optimize",
        "0/0 passes",
        "INV-GATE",
        "a denominator of zero",
    ),
    (
        "optimize",
        "the kill switch does nothing",
        "INV-KILL",
        "never took effect",
    ),
    (
        "optimize",
        "one look and no observation",
        "INV-OBSERVE",
        "no observation",
    ),
    (
        "cutover",
        "a gate that ran no test is green",
        "INV-PRE",
        "Vacuous",
    ),
    (
        "cutover",
        "what cannot be measured passes",
        "INV-GATE",
        "not a number",
    ),
    (
        "cutover",
        "errors of users are looked at nowhere",
        "INV-CAUGHT",
        "was failing users",
    ),
];

/// What the campaign found in the code of a system, as it runs.
fn found(system: &str) -> Vec<Value> {
    let ran = coalmine(&[
        "chaos",
        system,
        "--profile",
        "as-implemented",
        "--smoke",
        "--no-fail",
        "--format",
        "json",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    json(&ran)["findings"].as_array().unwrap().clone()
}

/// The fewest faults of a failure that is this defect, or nothing where none was found.
fn fewest_faults(findings: &[Value], promise: &str, words: &str) -> Option<usize> {
    let said = |finding: &&Value| {
        finding["invariant"] == promise
            && finding["verdict"] == "FAIL"
            && finding["sentence"].as_str().unwrap().contains(words)
    };
    let faults = |finding: &Value| finding["faults"].as_array().unwrap().len();
    findings.iter().filter(said).map(faults).min()
}

#[test]
fn the_recorded_defects_are_found_and_shrunk_to_one_occasion() {
    let mut findings = BTreeMap::new();
    let mut wrong = Vec::new();
    for (system, defect, promise, words) in DEFECTS {
        let findings = findings.entry(system).or_insert_with(|| found(system));
        let fewest = fewest_faults(findings, promise, words);
        let left = fewest.map_or("not found".to_owned(), |faults| format!("{faults} faults"));
        let row = format!("{system:14} {defect:48} {promise:12} {left}");
        println!("{row}");
        if fewest.is_none_or(|faults| faults > OCCASION) {
            wrong.push(row);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
