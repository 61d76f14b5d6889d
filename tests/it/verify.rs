//! `coalmine verify`: from files of cases to the closing line and the exit code.

use std::fs;

use tempfile::TempDir;

use crate::command::{Ran, coalmine_in, json};

/// X ~ Bin(200, 0.02) is above 6 with probability 0.10856 and at least 6 with 0.21328.
fn threshold(p_gt: f64) -> String {
    format!(
        r#"{{"id": "A", "kind": "binomial_threshold", "inputs": {{"n": 200, "p": 0.02, "thr": 0.03}},
            "expected": {{"p_gt": {p_gt}}}}}"#
    )
}

const RIGHT: f64 = 0.108_561_946_926_922_68;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    folder
}

fn verify(files: &[(&str, &str)], more: &[&str]) -> Ran {
    let folder = folder(files);
    let mut args = vec!["verify", "--trials", "20000", "--cases", "."];
    args.extend(more);
    coalmine_in(folder.path(), &args)
}

#[track_caller]
fn check(files: &[(&str, &str)], code: i32, last: &str) {
    let ran = verify(files, &[]);
    assert_eq!(ran.out.lines().last(), Some(last), "{ran:?}");
    assert_eq!(ran.code, code, "{ran:?}");
}

#[test]
fn the_exit_code_is_that_of_the_worst_case() {
    let right = format!("[{}]", threshold(RIGHT));
    let wrong = threshold(0.2);
    let strange = r#"[{"id": "B", "kind": "tarot"}]"#;
    check(
        &[("a.json", &right)],
        0,
        "verified 1 cases: 1 ok, 0 differ, 0 unknown",
    );
    check(
        &[("a.json", &right), ("b.json", strange)],
        4,
        "verified 2 cases: 1 ok, 0 differ, 1 unknown",
    );
    check(
        &[("a.json", &right), ("b.json", strange), ("c.json", &wrong)],
        99,
        "verified 3 cases: 1 ok, 1 differ, 1 unknown",
    );
    check(&[], 4, "verified 0 cases: 0 ok, 0 differ, 0 unknown");
}

#[test]
fn a_kind_that_nobody_knows_is_named() {
    let out = verify(&[("a.jsonl", r#"{"kind": "palmistry"}"#)], &[]).out;
    assert!(out.contains("palmistry"), "{out}");
    assert!(out.contains("a.jsonl:1"), "{out}");
}

#[test]
fn files_that_are_no_cases_end_with_code_3_and_say_where() {
    for (name, text) in [
        ("a.json", "["),
        ("a.jsonl", "{\"kind\": \"x\"}\nnonsense\n"),
    ] {
        let ran = verify(&[(name, text)], &[]);
        assert_eq!(ran.code, 3, "{ran:?}");
        assert!(
            ran.err.contains(name) && ran.err.contains("line"),
            "{ran:?}"
        );
    }
    let ran = coalmine_in(folder(&[]).path(), &["verify", "--cases", "nowhere.json"]);
    assert_eq!(
        (ran.code, ran.err.contains("nowhere.json")),
        (3, true),
        "{ran:?}"
    );
}

#[test]
fn machines_read_every_quantity() {
    let case = threshold(RIGHT).replace("\"p_gt\"", "\"p_maybe\": 1, \"p_gt\"");
    let ran = verify(&[("a.json", &case)], &["--format", "json", "--seed", "7"]);
    let report = json(&ran);
    assert_eq!(report["seed"], 7);
    assert_eq!(report["summary"]["unknown"], 1);
    let quantities = &report["cases"][0]["quantities"];
    assert_eq!(quantities[0]["status"], "unknown");
    assert_eq!(quantities[1]["trials"], 20_000);
    let z = quantities[1]["z"].as_f64().expect("a z");
    assert!(z.abs() < 4.0, "seed 7: {z}");
    assert_eq!(ran.code, 4);
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_any_number_of_threads() {
    let case = threshold(RIGHT);
    let play = |threads: &str, seed: &str| {
        let folder = folder(&[("a.json", &case)]);
        let args = [
            "verify", "--trials", "5000", "--cases", "a.json", "--seed", seed,
        ];
        let mut command = crate::command::command(&args);
        command
            .env("RAYON_NUM_THREADS", threads)
            .current_dir(folder.path());
        crate::command::ran(command.output().expect("it runs")).out
    };
    assert_eq!(play("1", "3"), play("4", "3"));
    assert_ne!(play("1", "3"), play("1", "4"));
}

/// The short form of the whole self-check: the built-in cases and decisions.
#[test]
fn the_built_in_set_is_verified() {
    let ran = coalmine_in(folder(&[]).path(), &["verify", "--trials", "5000"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let last = ran.out.lines().last().expect("a closing line");
    assert!(last.ends_with(" 0 differ, 0 unknown"), "{last}");
}

/// Rows of real controllers, a sample of those that the package `controllers` is held to.
const ROWS: [(&str, &str); 5] = [
    (
        "flagger.jsonl",
        include_str!("../../controllers/tests/rows/flagger.jsonl"),
    ),
    (
        "argo.jsonl",
        include_str!("../../controllers/tests/rows/argo-condition.jsonl"),
    ),
    (
        "ratio.jsonl",
        include_str!("../../controllers/tests/rows/prometheus-ratio.jsonl"),
    ),
    (
        "sequences.json",
        include_str!("../../controllers/tests/rows/flagger-sequences.json"),
    ),
    (
        "u.json",
        include_str!("../../controllers/tests/rows/kayenta-u.json"),
    ),
];

fn packed(text: &str) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).expect("there is room");
    encoder.finish().expect("there is room")
}

#[test]
fn decisions_of_real_controllers_are_reproduced_and_told_by_the_file() {
    let ran = verify(&ROWS, &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(
        ran.out.lines().count(),
        ROWS.len() + 1,
        "a line a file: {ran:?}"
    );
    for (name, text) in &ROWS[..3] {
        let rows = text.lines().count();
        let line = ran.out.lines().find(|line| line.contains(name));
        let told = format!(": {rows} rows, {rows} ok, 0 differ, 0 unknown");
        assert!(line.is_some_and(|line| line.ends_with(&told)), "{ran:?}");
    }
}

#[test]
fn a_row_that_differs_is_named_with_what_differs_and_packed_files_are_read_as_well() {
    let line = ROWS[0].1.lines().next().expect("there are rows");
    let wrong = line.replacen("\"failed_checks\":0", "\"failed_checks\":7", 1);
    assert_ne!(line, wrong);
    let folder = folder(&[]);
    let bytes = packed(&format!("{line}\n{wrong}\n"));
    fs::write(folder.path().join("rows.jsonl.gz"), bytes).expect("a file");
    let ran = coalmine_in(folder.path(), &["verify", "--cases", "."]);
    assert_eq!(ran.code, 99, "{ran:?}");
    assert!(ran.out.contains("rows.jsonl.gz:2"), "{ran:?}");
    assert!(ran.out.contains("failed_checks"), "{ran:?}");
    assert!(
        ran.out.contains("2 rows, 1 ok, 1 differ, 0 unknown"),
        "{ran:?}"
    );
    fs::write(folder.path().join("rows.jsonl.gz"), b"no gzip").expect("a file");
    let ran = coalmine_in(folder.path(), &["verify", "--cases", "."]);
    assert_eq!(
        (ran.code, ran.err.contains("rows.jsonl.gz")),
        (3, true),
        "{ran:?}"
    );
}
