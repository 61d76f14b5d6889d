//! Ctrl-C, and the SIGTERM that pipelines send: every command that takes long reports what is finished.

use std::fmt::Write as _;
use std::fs;
use std::process::Stdio;

use crate::command::{command, interrupted_at, names, plain, send};

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
    &[
        "tune",
        "policy.yaml",
        "--vary",
        "gates.errors-high.limit=0.3%..5%:40",
        "--vary",
        "gates.errors-high.window=1..12:12:lin",
        "--subject-to",
        "false_rollback<=0.01%",
        "--runs",
        "100000000",
    ],
];

#[test]
fn what_is_finished_is_reported_when_a_pipeline_ends_the_job() {
    let folder = plain();
    fs::write(folder.path().join("past.csv"), past()).unwrap();
    let mutate: &[&str] = &[
        "mutate",
        "optimize",
        "--scenario",
        "healthy",
        "-n",
        "9999999",
    ];
    // It may be over within the second after which the others are stopped.
    let long = LONG.map(|args| (args, "a second"));
    for (args, said) in long.into_iter().chain([(mutate, "playing")]) {
        let args = [args, &["-v", "--out", "json=result.json"]].concat();
        let ran = interrupted_at(folder.path(), "-TERM", &args, &[said, "binomial_threshold"]);
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

/// What was asked for is there, and what brackets the minimum detectable effects as far as it was simulated.
#[test]
fn a_curve_that_is_stopped_while_it_brackets_reports_its_points() {
    let folder = plain();
    let args = [
        "curve",
        "policy.yaml",
        "--scenario",
        "bad",
        "--points",
        "2",
        "-v",
    ];
    let more = ["-n", "20000", "--out", "json=result.json"];
    let args = [&args[..], &more].concat();
    for signal in ["-TERM", "-INT"] {
        let ran = interrupted_at(folder.path(), signal, &args, &["bracketing"]);
        assert_eq!(ran.code, 105, "{signal}: {ran:#?}");
        let result = fs::read_to_string(folder.path().join("result.json"));
        let result: serde_json::Value = serde_json::from_str(&result.unwrap()).unwrap();
        assert_eq!(result["points"].as_array().unwrap().len(), 2, "{result}");
        assert_eq!(result["complete"], false, "{result}");
        assert!(ran.out.contains("minimum detectable effect"), "{ran:#?}");
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
