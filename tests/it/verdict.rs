//! Verdicts are a lattice: the worst reason wins.

use crate::command::{coalmine_in, json, plain};

const GOOD: &str = include_str!("plain/good.scenario.yaml");
const BAD: &str = include_str!("plain/bad.scenario.yaml");

/// A fault that waits for a rollback that a good release does not bring.
const SILENT: &str = "faults: [{id: never, change: {outage: {}}, course: {from: rollback}}]\n";
/// Hosts that take too long to be reverted.
const SLOW: &str =
    "faults: [{id: slow, change: {slow-hosts: {factor: 10}}, course: {from: rollback}}]\n";
/// Both: the rollout is over long before the second is due.
const SLOW_AND_SILENT: &str = "faults:\n  - {id: slow, change: {slow-hosts: {factor: 10}}, course: {from: rollback}}\n  - {id: never, change: {outage: {}}, course: {from: rollback, after: 5h}}\n";

#[track_caller]
fn check(scenario: &str, verdict: &str, reasons: &[&str]) {
    let folder = plain();
    std::fs::write(folder.path().join("it.scenario.yaml"), scenario).unwrap();
    let args = [
        "run",
        "policy.yaml",
        "--scenario",
        "it",
        "--seed",
        "5",
        "--format",
        "json",
    ];
    let ran = coalmine_in(folder.path(), &args);
    let run = json(&ran);
    assert_eq!(run["verdict"], verdict, "{run:#}");
    let text = coalmine_in(folder.path(), &args[..6]).out;
    for reason in reasons {
        assert!(text.contains(reason), "no {reason:?} in {text}");
    }
}

/// The scenario without what it wants.
fn wanting_nothing(scenario: &str) -> String {
    let wants = |line: &&str| {
        !["objectives:", "expect:", "  own:"]
            .iter()
            .any(|start| line.starts_with(start))
    };
    scenario
        .lines()
        .filter(wants)
        .map(|line| format!("{line}\n"))
        .collect()
}

#[test]
fn what_is_wanted_and_comes_true_passes_and_where_nothing_is_said_the_kind_of_the_release_says_it()
{
    check(GOOD, "PASS", &[]);
    check(&wanting_nothing(GOOD), "PASS", &[]);
    check(BAD, "PASS", &[]);
    check(&wanting_nothing(BAD), "PASS", &[]);
}

#[test]
fn an_expectation_that_does_not_come_true_is_missed() {
    let wrong = GOOD.replace("outcome: completed", "outcome: rolled_back");
    check(&wrong, "MISS", &["expected rolled_back, ended completed"]);
}

#[test]
fn a_fault_that_never_showed_is_worse_than_a_miss() {
    check(
        &format!("{GOOD}{SILENT}"),
        "INCONCLUSIVE",
        &["`never` was declared and had not begun"],
    );
    let wrong = GOOD.replace("outcome: completed", "outcome: rolled_back");
    let both = format!("{wrong}{SILENT}");
    check(
        &both,
        "INCONCLUSIVE",
        &["had not begun", "expected rolled_back"],
    );
    check(
        &format!("{}{SILENT}", wanting_nothing(GOOD)),
        "INCONCLUSIVE",
        &[],
    );
}

#[test]
fn a_broken_promise_is_worse_than_anything_else() {
    check(&format!("{BAD}{SLOW}"), "FAIL", &["INV-ROLLBACK violated"]);
    let both = format!("{BAD}{SLOW_AND_SILENT}");
    check(&both, "FAIL", &["INV-ROLLBACK violated", "had not begun"]);
    check(&format!("{}{SLOW}", wanting_nothing(BAD)), "FAIL", &[]);
}
