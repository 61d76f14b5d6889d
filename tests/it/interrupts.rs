//! Ctrl-C, and the SIGTERM that pipelines send: every command that takes long reports what is finished.

use std::fmt::Write as _;
use std::fs;
use std::process::Stdio;

use crate::command::{command, interrupted, names, plain, send};

/// Two months of minutes, without anything in them.
fn past() -> String {
    let mut text = "timestamp,value,n\n".to_owned();
    for minute in 0..60 * 1440 {
        writeln!(text, "{},5,1000", 1_772_325_000 + minute * 60).unwrap();
    }
    text
}

/// Every command that plays for long, and whether half of what it does is something to report.
const LONG: [&[&str]; 9] = [
    &["simulate", "policy.yaml", "-n", "10000000"],
    &["compare", "policy.yaml", "policy.yaml", "-n", "10000000"],
    &["chaos", "policy.yaml", "--scenario", "good", "--state", "s"],
    &[
        "curve",
        "policy.yaml",
        "--scenario",
        "bad",
        "--points",
        "999",
    ],
    &["mutate", "wedge", "--scenario", "healthy", "-n", "9999999"],
    &["backtest", "policy.yaml", "past.csv", "--every", "1m"],
    &["diff", "wedge", "-n", "100000"],
    &[
        "simulate",
        "wedge",
        "--scenario",
        "healthy",
        "--rare",
        "false_rollback",
    ],
    &["verify", "--trials", "300000"],
];

#[test]
fn what_is_finished_is_reported_when_a_pipeline_ends_the_job() {
    let folder = plain();
    fs::write(folder.path().join("past.csv"), past()).unwrap();
    for args in LONG {
        let args = [args, &["-v", "--out", "json=result.json"]].concat();
        let ran = interrupted(folder.path(), "-TERM", &args);
        assert_eq!(ran.code, 105, "{args:?}: {ran:#?}");
        assert!(!ran.out.is_empty(), "{args:?}: {ran:#?}");
        let result = fs::read_to_string(folder.path().join("result.json"));
        let result: serde_json::Value = serde_json::from_str(&result.unwrap()).unwrap();
        assert!(result["schema"].is_string(), "{args:?}");
        fs::remove_file(folder.path().join("result.json")).unwrap();
        let hidden = names(folder.path());
        assert!(
            hidden.iter().all(|name| !name.starts_with('.')),
            "{hidden:?}"
        );
    }
}

/// A command that waits for its input has nothing to report, and leaves nothing.
#[test]
fn a_command_that_plays_nothing_ends_at_once_and_leaves_nothing() {
    let folder = plain();
    let made = std::process::Command::new("mkfifo")
        .arg(folder.path().join("pipe"))
        .status();
    assert!(made.unwrap().success());
    let before = names(folder.path());
    let outputs = ["--out", "json=x.json", "--out", "sarif=y.json"];
    let child = command(&[&["lint", "pipe"][..], &outputs].concat())
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while names(folder.path()).len() < before.len() + 2 {
        std::thread::yield_now();
    }
    send("-TERM", child.id());
    let ran = crate::command::ran(child.wait_with_output().unwrap());
    assert_eq!(ran.code, 105, "{ran:#?}");
    assert_eq!(names(folder.path()), before);
}
