//! Gates that test, through the binary: what is accepted, played, promised and refused.

use std::fs;

use crate::command::{Ran, coalmine, coalmine_in, json, plain};

/// Each window with the look-back time, the limit and the promise that it goes with.
const GATES: [(&str, &str, &str, &str); 10] = [
    (
        "{sprt: {alternative: 0.01, alpha: 0.05, beta: 0.1}}",
        "0s",
        "{absolute: 0.002}",
        "type I <= 5.56 % at any time",
    ),
    (
        "{msprt: {alpha: 0.01, effect: 0.005}}",
        "0s",
        "{times: {factor: 1.5, of: control}}",
        "type I <= 1 % at any time",
    ),
    (
        "{conditional-e-process: {alpha: 0.01, least: 1.25, most: 10}}",
        "0s",
        "{times: {factor: 1.5, of: control}}",
        "type I <= 1 % at any time",
    ),
    (
        "{group-sequential: {looks: 5, over: 30m, alpha: 0.01, sides: one, boundary: o-brien-fleming}}",
        "0s",
        "{plus: {margin: 0.001, of: control}}",
        "type I <= 1 % at the 5 planned interim analyses",
    ),
    (
        "{bayes: {level: 0.999, failures: 1, successes: 99}}",
        "0s",
        "{times: {factor: 2, of: control}}",
        "none",
    ),
    (
        "{e-process: {rate: 0.05, bet: 2, alpha: 0.01}}",
        "1m",
        "{absolute: 0.02}",
        "type I <= 1 % at any time",
    ),
    (
        "{cusum: {slack: 1, limit: 20}}",
        "1m",
        "{absolute: 0.004}",
        "none",
    ),
    (
        "{ewma: {weight: 0.2, width: 8}}",
        "1m",
        "{absolute: 0.004}",
        "none",
    ),
    (
        "{burn-rate: {short: 5m}}",
        "30m",
        "{absolute: 0.0288}",
        "none",
    ),
    (
        "{mann-whitney: {every: 1m, confidence: 0.98, tolerance: 0.25}}",
        "20m",
        "{times: {factor: 2, of: control}}",
        "none",
    ),
];

/// The small policy with `window` in its trigger. A stage of all hosts has no control to compare with.
fn with(window: &str, over: &str, limit: &str) -> String {
    let [(_, policy), ..] = crate::command::PLAIN;
    let (head, gate) = policy.split_once("  - id: errors-high").unwrap();
    let gate = gate
        .replacen("over: 5m", &format!("over: {over}"), 1)
        .replacen("{absolute: 0.05}", limit, 1)
        .replacen("{consecutive: 2}", window, 1);
    let text = format!("{head}  - id: errors-high{gate}");
    text.replacen("target: 100%", "target: 50%", 1)
}

fn run(policy: &str, args: &[&str]) -> Ran {
    let folder = plain();
    fs::write(folder.path().join("policy.yaml"), policy).unwrap();
    coalmine_in(folder.path(), args)
}

#[test]
fn every_test_tells_a_bad_release_from_a_good_one_and_says_what_it_promises() {
    for (window, over, limit, promise) in GATES {
        let policy = with(window, over, limit);
        let play = |scenario, format| {
            let args = [
                "simulate",
                "policy.yaml",
                "--scenario",
                scenario,
                "-n",
                "20",
                "--no-fail",
                "-v",
                "--format",
                format,
            ];
            run(&policy, &args)
        };
        let bad = json(&play("bad.scenario.yaml", "json"));
        assert_eq!(bad["outcomes"]["rolled_back"], 20, "{window}: {bad}");
        let gate = &bad["gates"][1];
        assert_eq!(gate["promise"], promise, "{window}");
        let good = json(&play("good.scenario.yaml", "json"));
        let done = good["outcomes"]["completed"].as_u64().unwrap();
        assert!(done >= 18, "{window}: {good}");
        let text = play("bad.scenario.yaml", "text");
        assert!(text.out.contains(promise), "{window}: {text:#?}");
    }
}

#[test]
fn a_run_shows_the_promises_as_well() {
    let (window, over, limit, promise) = GATES[1];
    let args = [
        "run",
        "policy.yaml",
        "--scenario",
        "bad.scenario.yaml",
        "--no-fail",
    ];
    let ran = run(&with(window, over, limit), &args);
    assert!(ran.out.contains(promise), "{ran:#?}");
    let ran = run(
        &with(window, over, limit),
        &[&args[..], &["--format", "json"]].concat(),
    );
    assert_eq!(
        json(&ran)["gates"][1]["guarantee"]["any-time"]["alpha"],
        0.01
    );
}

#[test]
fn windows_are_explained_with_their_promise_and_so_are_the_names_of_the_field() {
    let check = |word: &str, says: &str| {
        let ran = coalmine(&["explain", word]);
        assert_eq!(ran.code, 0, "{ran:#?}");
        // Lines are broken where they end.
        let text = ran.out.replace(['\n', '\u{a0}'], " ");
        assert!(text.contains(says), "{ran:#?}");
    };
    check("msprt", "type I <= 1 % at any time");
    check("group_sequential", "at the 5 planned interim analyses");
    check("bayes", "False-positive guarantee: none");
    check("relative_to_control", "of: control");
    check("failure_limit", "{count: {failures: 3}}");
}

#[track_caller]
fn refused(code: &str, window: &str, over: &str, limit: &str) {
    let ran = run(&with(window, over, limit), &["lint", "policy.yaml"]);
    assert_eq!(ran.code, 3, "{ran:#?}");
    assert!(
        ran.err.contains(code) || ran.out.contains(code),
        "{code}: {ran:#?}"
    );
}

#[test]
fn nonsense_numbers_and_gates_that_cannot_feed_their_test_are_refused() {
    let control = "{times: {factor: 1, of: control}}";
    refused("CM126", "{msprt: {alpha: 0, effect: 0.01}}", "0s", control);
    refused("CM140", "{msprt: {alpha: 0.01, effect: 0}}", "0s", control);
    let pair = "{conditional-e-process: {alpha: 0.01, least: 0.5, most: 10}}";
    refused("CM126", pair, "0s", control);
    let bet = "{e-process: {rate: 0.1, bet: 11, alpha: 0.05}}";
    refused("CM126", bet, "1m", "{absolute: 0.05}");
    let many =
        "{group-sequential: {looks: 500, over: 1h, alpha: 0.01, sides: one, boundary: pocock}}";
    refused("CM126", many, "0s", control);
    // A look-back time, a limit of its own, an alternative on the wrong side, a fleet for a control.
    refused(
        "CM127",
        "{msprt: {alpha: 0.01, effect: 0.01}}",
        "5m",
        control,
    );
    refused(
        "CM127",
        "{msprt: {alpha: 0.01, effect: 0.01}}",
        "0s",
        "{absolute: 0.05}",
    );
    let sprt = "{sprt: {alternative: 0.01, alpha: 0.05, beta: 0.1}}";
    refused("CM127", sprt, "0s", "{absolute: 0.05}");
    refused("CM127", sprt, "0s", control);
    let fleet = "{times: {factor: 1, of: fleet}}";
    refused("CM127", "{msprt: {alpha: 0.01, effect: 0.01}}", "0s", fleet);
    let margin = "{plus: {margin: 0.01, of: control}}";
    refused(
        "CM127",
        "{bayes: {level: 0.99, failures: 1, successes: 1}}",
        "0s",
        margin,
    );
    refused(
        "CM127",
        "{burn-rate: {short: 1h}}",
        "5m",
        "{absolute: 0.05}",
    );
}

#[test]
fn peeking_at_a_posterior_is_a_finding() {
    let (window, over, limit, _) = GATES[4];
    let ran = run(&with(window, over, limit), &["lint", "policy.yaml"]);
    assert!(
        ran.out.contains("CM236") || ran.err.contains("CM236"),
        "{ran:#?}"
    );
}
