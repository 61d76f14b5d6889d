//! Each exit code, through the binary.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use crate::command::{coalmine, coalmine_in, command, json, plain, ran};

#[track_caller]
fn check(args: &[&str], code: i32) {
    let ran = coalmine_in(plain().path(), args);
    assert_eq!(ran.code, code, "{args:?}: {ran:#?}");
}

#[test]
fn code_0_when_everything_is_met() {
    check(&["run", "policy.yaml", "--scenario", "good"], 0);
    check(
        &["simulate", "policy.yaml", "--scenario", "good", "-n", "400"],
        0,
    );
    check(&["lint", "policy.yaml"], 0);
}

/// An answer that cannot be written is nobody's mistake in the input.
#[cfg(target_os = "linux")]
#[test]
fn code_1_when_the_answer_cannot_be_written() {
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let ran = ran(command(&["list"]).stdout(full).output().unwrap());
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.err.contains("No space left"), "{ran:#?}");
}

#[test]
fn code_2_when_the_command_line_makes_no_sense() {
    check(&["rnu"], 2);
    check(&["run"], 2);
    check(&["run", "policy.yaml"], 2);
    check(
        &[
            "run",
            "policy.yaml",
            "--scenario",
            "good",
            "--profile",
            "as-written",
        ],
        2,
    );
    check(
        &[
            "run",
            "policy.yaml",
            "--scenario",
            "good",
            "--format",
            "env",
        ],
        2,
    );
    check(&["simulate", "policy.yaml", "-n", "0"], 2);
    check(&["simulate", "policy.yaml", "--out", "result.json"], 2);
}

#[test]
fn code_3_when_an_input_cannot_be_used() {
    check(&["run", "nothing.yaml", "--scenario", "good"], 3);
    check(&["run", "policy.yaml", "--scenario", "nothing"], 3);
    check(&["run", "world.yaml", "--scenario", "good"], 3);
    check(&["lint", "policy.yaml", "--fail-on", "warning"], 3);
    check(&["replay", "policy.yaml"], 3);
    check(&["list", "nothing"], 3);
    check(&["explain", "nothing"], 3);
}

#[test]
fn code_4_when_more_runs_are_needed() {
    // 0 of 20 leaves up to 17 % of doubt about a limit of 5 %.
    check(
        &["simulate", "policy.yaml", "--scenario", "good", "-n", "20"],
        4,
    );
}

/// A release that is broken only a little passes the gates.
const SLY: &str = "change: {add: {signal: errors, by: 0.001}}";

#[test]
fn code_99_when_an_objective_is_missed_and_what_changes_it() {
    let folder = plain();
    let path = folder.path().join("bad.scenario.yaml");
    let bad = std::fs::read_to_string(&path).unwrap();
    let sly = bad.replace("change: {add: {signal: errors, by: 0.2}}", SLY);
    assert_ne!(sly, bad);
    std::fs::write(&path, sly).unwrap();
    let simulate = ["simulate", "policy.yaml", "--scenario", "bad", "-n", "64"];
    let run = ["run", "policy.yaml", "--scenario", "bad"];
    for args in [&simulate[..], &run[..]] {
        for (more, code) in [
            (&[][..], 99),
            (&["--no-fail"][..], 0),
            (&["--exit-code-on-miss", "7"][..], 7),
            (&["--exit-code-on-miss", "86"][..], 2),
            (&["--exit-code-on-miss", "130"][..], 2),
        ] {
            let args = [args, more].concat();
            let ran = coalmine_in(folder.path(), &args);
            assert_eq!(ran.code, code, "{args:?}: {ran:#?}");
        }
    }
}

#[test]
fn code_5_when_a_recorded_result_is_not_what_is_played_again() {
    let folder = plain();
    for args in [
        &[
            "run",
            "policy.yaml",
            "--scenario",
            "bad",
            "--out",
            "json=result.json",
        ][..],
        &[
            "simulate",
            "policy.yaml",
            "-n",
            "100",
            "--out",
            "json=result.json",
            "--no-fail",
        ][..],
    ] {
        coalmine_in(folder.path(), args);
        let same = coalmine_in(folder.path(), &["replay", "result.json"]);
        assert_eq!(same.code, 0, "{same:#?}");
        let path = folder.path().join("result.json");
        let result = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, tampered(&result)).unwrap();
        let other = coalmine_in(folder.path(), &["replay", "result.json"]);
        assert_eq!(other.code, 5, "{other:#?}");
        assert!(other.out.contains("DIVERGED: first"), "{other:#?}");
    }
}

/// The result with another hash, another event and another block of rollouts.
fn tampered(result: &str) -> String {
    let mut result: serde_json::Value = serde_json::from_str(result).unwrap();
    result["hash"] = "0123456789abcdef".into();
    if result["events"].is_array() {
        result["events"][3]["detail"] = "something else".into();
    } else {
        result["scenarios"][1]["blocks"][1] = "0123456789abcdef".into();
    }
    result.to_string()
}

#[test]
fn a_divergence_names_the_event_or_the_rollouts() {
    let folder = plain();
    let record = [
        "run",
        "policy.yaml",
        "--scenario",
        "bad",
        "--out",
        "json=result.json",
    ];
    coalmine_in(folder.path(), &record);
    let path = folder.path().join("result.json");
    let result = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, tampered(&result)).unwrap();
    let ran = coalmine_in(folder.path(), &["replay", "result.json"]);
    assert!(ran.out.contains("first at event 3:"), "{ran:#?}");
    assert!(ran.out.contains("something else"), "{ran:#?}");
}

#[test]
fn a_changed_policy_is_no_broken_determinism() {
    let folder = plain();
    let record = [
        "run",
        "policy.yaml",
        "--scenario",
        "bad",
        "--out",
        "json=result.json",
    ];
    coalmine_in(folder.path(), &record);
    let path = folder.path().join("policy.yaml");
    let policy = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, policy + "# changed\n").unwrap();
    let ran = coalmine_in(folder.path(), &["replay", "result.json"]);
    assert_eq!(ran.code, 3, "{ran:#?}");
    assert!(ran.err.contains("has changed since"), "{ran:#?}");
}

/// Starts a command, interrupts it once it says on stderr that playing has begun, and returns what came of it.
#[cfg(unix)]
fn interrupted(folder: &std::path::Path, args: &[&str]) -> crate::command::Ran {
    let mut child = command(args)
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    BufReader::new(child.stderr.take().unwrap())
        .read_line(&mut said)
        .unwrap();
    let id = child.id().to_string();
    let kill = std::process::Command::new("kill")
        .args(["-INT", &id])
        .status();
    assert!(kill.unwrap().success());
    crate::command::ran(child.wait_with_output().unwrap())
}

/// Ctrl-C arrives while rollouts are played: what is finished is reported, marked incomplete.
#[cfg(unix)]
#[test]
fn code_105_when_interrupted_with_what_was_finished() {
    let folder = plain();
    let many = ["-n", "10000000", "--format", "json", "-v"];
    let ran = interrupted(
        folder.path(),
        &[&["simulate", "policy.yaml"][..], &many].concat(),
    );
    assert_eq!(ran.code, 105, "{}", ran.err);
    let report = json(&ran);
    assert_eq!(report["complete"], false);
    assert!(
        report["runs"].as_u64().unwrap() > 0,
        "some rollouts were finished"
    );
}

/// A search that is broken off recommends nothing, and says so.
#[cfg(unix)]
#[test]
fn code_105_when_a_search_is_interrupted() {
    let folder = plain();
    let vary = ["--vary", "gates.errors-high.limit=0.3%..0.75%:10"];
    let more = ["--runs", "100000000", "--format", "json", "-v"];
    let ran = interrupted(
        folder.path(),
        &[&["tune", "policy.yaml"], &vary[..], &more].concat(),
    );
    assert_eq!(ran.code, 105, "{}", ran.err);
    assert_eq!(json(&ran)["status"], "interrupted", "{}", ran.out);
}

#[test]
fn the_table_of_exit_codes_is_shown_by_the_command_and_by_the_help() {
    let help = coalmine(&["help", "exit-codes"]);
    let table = coalmine(&["exit-codes"]);
    assert!(help.out.contains(table.out.trim_end()), "{help:#?}");
    for code in ["0", "1", "2", "3", "4", "5", "99", "105"] {
        let starts = |line: &str| line.trim_start().starts_with(&format!("{code}  "));
        assert!(table.out.lines().any(starts), "{code} in {}", table.out);
    }
}
