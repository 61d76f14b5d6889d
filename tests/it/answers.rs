//! Answers that must be right whatever the numbers are: one event under one limit, a regression that was
//! met, users who are still on a bad release, and who did it.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::command::{Ran, coalmine_in, json, plain};

/// A folder with the plain policy, changed.
fn changed(swaps: &[(&str, &str)]) -> TempDir {
    let folder = plain();
    let path = folder.path().join("policy.yaml");
    let mut text = fs::read_to_string(&path).unwrap();
    for (old, new) in swaps {
        assert!(text.contains(old), "{old} is not in the policy");
        text = text.replace(old, new);
    }
    fs::write(path, text).unwrap();
    folder
}

/// Lets a scenario of the folder expect nothing of its own.
fn expect_nothing(folder: &Path, scenario: &str) {
    let path = folder.join(format!("{scenario}.scenario.yaml"));
    let text = fs::read_to_string(&path).unwrap();
    let (text, _) = text.split_once("expect:").unwrap();
    fs::write(path, text).unwrap();
}

fn simulate(folder: &Path, scenario: &str, runs: &str) -> Ran {
    let args = [
        "simulate",
        "policy.yaml",
        "--scenario",
        scenario,
        "-n",
        runs,
    ];
    coalmine_in(folder, &[&args[..], &["--format", "json"]].concat())
}

fn row<'a>(report: &'a Value, table: &str, id: &str) -> &'a Value {
    let rows = report[table].as_array().expect("a table");
    let found = rows.iter().find(|row| row["id"] == id);
    found.unwrap_or_else(|| panic!("no {id} in {table}: {report:#}"))
}

/// Fires on the first error of any request, long before the regression, which begins after ten minutes.
const HASTY: [(&str, &str); 2] = [
    ("limit: {absolute: 0.05}", "limit: {absolute: 0}"),
    ("window: {consecutive: 2}", "window: instant"),
];

/// `completed` says nothing about the rest of the fleet, so the verdict does.
#[test]
fn a_policy_that_completes_on_a_part_of_the_fleet_says_so_beside_the_verdict() {
    let swap = |target| changed(&[("target: 100%", target)]);
    for (target, expect) in [("target: 100%", None), ("target: 30%", Some(30.0))] {
        let folder = swap(target);
        let report = json(&simulate(folder.path(), "good", "20"));
        assert_eq!(report["completes_at_percent"].as_f64(), expect, "{target}");
        for more in [
            &["-n", "20"][..],
            &["-n", "20", "-v"],
            &["-n", "20", "--format", "markdown"],
        ] {
            let args = ["simulate", "policy.yaml", "--scenario", "good"];
            let told = coalmine_in(folder.path(), &[&args, more].concat()).out;
            let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
            let said = told.contains("completed at 30 % of the fleet");
            assert_eq!(said, expect.is_some(), "{target} {more:?}: {told}");
        }
    }
}

#[test]
fn every_objective_is_in_the_table_from_the_first_rollout_on() {
    let folder = plain();
    let ids = |runs: &str| {
        let report = json(&simulate(folder.path(), "bad", runs));
        let rows = report["objectives"].as_array().unwrap().clone();
        let id = |row: &Value| row["id"].as_str().unwrap().to_owned();
        rows.iter().map(id).collect::<Vec<_>>()
    };
    let few = ids("1");
    assert_eq!(few, ids("400"));
    assert!(few.iter().any(|id| id == "INV-STAGED"), "{few:?}");
    let deadline = few
        .iter()
        .filter(|id| id.contains("ROLLBACK") || id.contains("rollback"));
    assert_eq!(deadline.count(), 1, "one event, one limit: {few:?}");
}

/// 0 of n: the upper end is 1 - 0.025^(1/n), which comes down to 1 % at n = 368.
#[test]
fn an_unbroken_invariant_is_undecided_until_there_are_enough_rollouts_and_says_how_many() {
    let folder = plain();
    for (runs, status, needed, code) in [
        ("20", "undecided", Value::from(348), 4),
        ("368", "ok", Value::Null, 0),
    ] {
        let ran = simulate(folder.path(), "bad", runs);
        assert_eq!(ran.code, code, "{runs} rollouts: {}", ran.err);
        let report = json(&ran);
        let staged = row(&report, "objectives", "INV-STAGED");
        assert_eq!(
            (&staged["status"], &staged["runs_needed"]),
            (&status.into(), &needed)
        );
    }
}

/// 10 % is declared: 0 of 36 has an upper end of 9.7 %.
#[test]
fn the_limit_of_an_invariant_can_be_declared() {
    let folder = plain();
    let path = folder.path().join("bad.scenario.yaml");
    let text = fs::read_to_string(&path).unwrap();
    let said = "objectives: {invariants: {INV-STAGED: 10%}, ";
    fs::write(&path, text.replace("objectives: {", said)).unwrap();
    let report = json(&simulate(folder.path(), "bad", "36"));
    assert_eq!(row(&report, "objectives", "INV-STAGED")["status"], "ok");
    fs::write(
        &path,
        text.replace(
            "objectives: {",
            "objectives: {invariants: {INV-STAGE: 1%}, ",
        ),
    )
    .unwrap();
    let ran = simulate(folder.path(), "bad", "1");
    assert_eq!(ran.code, 3, "{ran:#?}");
    assert!(ran.err.contains("INV-STAGED"), "{}", ran.err);
}

#[test]
fn a_rollback_before_the_regression_began_is_no_detection_no_catch_and_no_little_harm() {
    let folder = changed(&HASTY);
    let ran = simulate(folder.path(), "bad", "40");
    assert_eq!(
        ran.code, 4,
        "nothing was learnt about the regression: {}",
        ran.err
    );
    let report = json(&ran);
    let early = row(&report, "told", "ended_before_regression");
    assert_eq!(
        (&early["events"], &early["among"]),
        (&40.into(), &40.into())
    );
    assert_eq!(
        row(&report, "objectives", "missed_regression")["status"],
        "untested"
    );
    let quantities = &report["quantities"];
    for quantity in ["detection_s", "exposed_error_minutes"] {
        let quantity = &quantities[quantity];
        assert_eq!(
            (&quantity["count"], &quantity["never"]),
            (&0.into(), &0.into())
        );
    }
    let args = ["run", "policy.yaml", "--scenario", "bad"];
    let run = coalmine_in(folder.path(), &args);
    assert_eq!(run.code, 4, "{run:#?}");
    let out = run.out.replace("\n    ", " ");
    assert!(
        out.contains("the rollout ended before the regression began: `errors-high`"),
        "{out}"
    );
}

/// The fix lets the bad release live until its regression begins; that is no fault of the fix.
#[test]
fn a_fix_of_false_alarms_is_not_worse_for_what_the_alarms_had_cut_short() {
    let folder = plain();
    let hasty = changed(&HASTY);
    fs::copy(
        hasty.path().join("policy.yaml"),
        folder.path().join("hasty.yaml"),
    )
    .unwrap();
    let args = [
        "compare",
        "hasty.yaml",
        "policy.yaml",
        "-n",
        "60",
        "--fail-if-worse",
    ];
    let ran = coalmine_in(folder.path(), &[&args[..], &["--format", "json"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.out);
    let report = json(&ran);
    let row = row(&report, "overall", "false_rollback");
    assert_eq!(
        (&row["a"], &row["b"], &row["verdict"]),
        (&1.0.into(), &0.0.into(), &"better".into())
    );
    let blamed = &report["causes"][0];
    assert_eq!(
        (&blamed["side"], &blamed["rows"][0]["who"]),
        (&"A".into(), &"errors-high".into())
    );
}

/// It is measured from the regression, ten minutes after the first exposure, and takes at most the look-back
/// of five minutes and the two evaluations that the window wants.
#[test]
fn a_detection_is_counted_from_the_beginning_of_the_regression() {
    let report = json(&simulate(plain().path(), "bad", "40"));
    let detection = &report["quantities"]["detection_s"];
    assert_eq!(detection["count"], 40);
    let [least, most] = [&detection["p50"], &detection["max"]].map(|it| it.as_f64().unwrap());
    assert!(least > 0.0 && most <= 420.0, "{detection}");
}

/// A fifth of all requests fails at a tenth of the fleet, and the first breach stops the rollout there.
#[test]
fn a_bad_release_that_users_are_left_on_is_missed() {
    let pause = [(
        "- {id: regression, action: rollback}",
        "- {id: regression, action: pause}",
    )];
    let broken = [
        (
            "effect: {revert-hosts: {takes: {constant: 10s}}}",
            "effect: throw-kill-switch",
        ),
        (
            "rollback:",
            "kill-switch: {id: ks, takes: {constant: 1s}, works: false, cancels-pending: true}\nrollback:",
        ),
    ];
    for swaps in [&pause[..], &broken[..]] {
        let folder = changed(swaps);
        expect_nothing(folder.path(), "bad");
        let ran = simulate(folder.path(), "bad", "40");
        assert_eq!(ran.code, 99, "{swaps:?}: {}", ran.err);
        let report = json(&ran);
        assert_eq!(
            row(&report, "objectives", "missed_regression")["value"],
            1.0
        );
        assert_eq!(row(&report, "told", "still_exposed")["events"], 40);
        let run = coalmine_in(folder.path(), &["run", "policy.yaml", "--scenario", "bad"]);
        let out = run.out.replace("\n    ", " ");
        assert!(out.contains("users are still on it at the end"), "{out}");
    }
}

#[test]
fn what_nobody_expects_otherwise_is_that_good_releases_complete_and_bad_ones_do_not() {
    let blind = [
        ("absolute: 0.01", "absolute: 0.99"),
        ("absolute: 0.05", "absolute: 0.99"),
    ];
    for (swaps, scenario, says) in [
        (&blind[..], "bad", "a bad release completed"),
        (&HASTY[..], "good", "a good release was rolled back"),
    ] {
        let folder = changed(swaps);
        expect_nothing(folder.path(), scenario);
        let run = coalmine_in(
            folder.path(),
            &["run", "policy.yaml", "--scenario", scenario],
        );
        assert_eq!(run.code, 99, "{run:#?}");
        let out = run.out.replace("\n    ", " ");
        assert!(out.contains("verdict MISS") && out.contains(says), "{out}");
    }
}

#[test]
fn a_limit_that_cannot_be_missed_is_no_objective_that_is_met() {
    let folder = changed(&[
        ("absolute: 0.01", "absolute: 0.99"),
        ("absolute: 0.05", "absolute: 0.99"),
    ]);
    expect_nothing(folder.path(), "bad");
    let path = folder.path().join("bad.scenario.yaml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(
        &path,
        text.replace("missed-regression: 5%", "missed-regression: 100%"),
    )
    .unwrap();
    let ran = simulate(folder.path(), "bad", "400");
    assert!(
        [3, 4].contains(&ran.code),
        "refused, or no verdict: {ran:#?}"
    );
}

#[test]
fn after_a_miss_every_form_says_which_gate_in_which_stage_on_how_many_samples() {
    let folder = changed(&HASTY);
    let args = [
        "simulate",
        "policy.yaml",
        "--scenario",
        "good",
        "-n",
        "30",
        "--format",
    ];
    for format in ["text", "markdown", "junit", "github", "html", "ticket"] {
        let ran = coalmine_in(folder.path(), &[&args[..], &[format]].concat());
        assert_eq!(ran.code, 99, "{ran:#?}");
        let out = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
        let says = "30 false rollbacks: errors-high 30, ";
        assert!(out.contains(says), "{format}: {out}");
    }
    let why = fs::read_to_string(folder.path().join("good.scenario.yaml")).unwrap();
    assert!(why.contains("why: nothing is wrong"));
    let text = coalmine_in(folder.path(), &[&args[..], &["text"]].concat()).out;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        !text.contains("nothing is wrong"),
        "no quotation of the scenario: {text}"
    );
    assert!(text.contains("would not have fired there"), "{text}");
}

#[test]
fn a_ticket_has_at_most_fifteen_lines_and_a_command_that_replays() {
    let folder = changed(&HASTY);
    let args = ["simulate", "policy.yaml", "-n", "30", "--format", "ticket"];
    let ran = coalmine_in(folder.path(), &args);
    assert!(ran.out.lines().count() <= 15, "{}", ran.out);
    for part in [
        "MISS: ",
        "its limit is <= 5 %",
        "Not tested: ",
        "Seed 42, coalmine ",
        "hash ",
    ] {
        assert!(ran.out.contains(part), "no {part:?} in {}", ran.out);
    }
    let replay = ran
        .out
        .lines()
        .find_map(|line| line.strip_prefix("Replay: coalmine "));
    let words: Vec<_> = replay.expect("a command").split(' ').collect();
    assert_eq!(coalmine_in(folder.path(), &words).code, 99);
}

#[test]
fn two_results_of_one_seed_are_compared_without_playing() {
    let folder = plain();
    let hasty = changed(&HASTY);
    fs::copy(
        hasty.path().join("policy.yaml"),
        folder.path().join("hasty.yaml"),
    )
    .unwrap();
    for (policy, seed, out) in [
        ("policy.yaml", "42", "json=plain.json"),
        ("hasty.yaml", "42", "json=hasty.json"),
        ("hasty.yaml", "43", "json=other.json"),
    ] {
        let args = [
            "simulate",
            policy,
            "--seed",
            seed,
            "-n",
            "40",
            "--out",
            out,
            "--no-fail",
        ];
        let ran = coalmine_in(folder.path(), &args);
        assert!([0, 4].contains(&ran.code), "{ran:#?}");
    }
    let compare = |a: &str, b: &str| {
        let args = ["compare", a, b, "--fail-if-worse", "--format", "json"];
        coalmine_in(folder.path(), &args)
    };
    let ran = compare("plain.json", "hasty.json");
    assert_eq!(ran.code, 99, "{ran:#?}");
    let report = json(&ran);
    let worse = row(&report, "overall", "false_rollback");
    assert_eq!(
        (&worse["difference"], &worse["verdict"]),
        (&1.0.into(), &"worse".into())
    );
    assert_eq!(compare("plain.json", "plain.json").code, 0);
    let ran = compare("plain.json", "other.json");
    assert_eq!(ran.code, 3, "{ran:#?}");
    assert!(ran.err.contains("their seeds are 42 and 43"), "{}", ran.err);
}
