//! What a guard is asked, and what becomes of its answers.

use std::fs;
use std::path::Path;

use super::{Bench, RUN};
use crate::command::coalmine_in;

const LINES: &str = "command: [sh, guard.sh]\nprotocol: json-lines\ndeadline: 20s\non: {crash: hold, deadline: hold, no-decision: hold, too-much-output: hold}";

fn always(word: &str) -> String {
    format!("while read -r question; do echo {word}; done")
}

#[test]
fn each_word_of_a_guard_becomes_its_decision() {
    for (word, outcome) in [
        ("promote", "completed"),
        ("hold", "unfinished"),
        ("pause", "paused"),
        ("rollback", "rolled_back"),
    ] {
        let bench = Bench::new(&always(word), LINES);
        let report = bench.json(RUN);
        assert_eq!(report["outcome"], outcome, "{word}");
        let guard = &report["inputs"]["guard"];
        assert_eq!(guard["reproducible"], true, "{word}: {guard}");
        assert_eq!(guard["faults"], serde_json::json!([]), "{word}");
    }
}

#[test]
fn a_promotion_waits_for_the_observation_and_is_held_to_the_criteria() {
    let bench = Bench::new(&always("promote"), LINES);
    let report = bench.json(RUN);
    let events = report["timeline"]["marks"].to_string() + &report["events"].to_string();
    let at = |word: &str| {
        let all = report["events"].as_array().expect("a run tells its events");
        let found = all.iter().find(|event| event["code"] == word);
        found.unwrap_or_else(|| panic!("no {word} in {events}"))["t_s"]
            .as_f64()
            .unwrap()
    };
    // The first stage is observed for half an hour; the guard said promote a minute after the start.
    assert!(at("guard") <= 120.0);
    assert!(at("advanced") - at("observing") >= 1800.0);
    // The regression began before the stage was left: the criterion breached at that instant.
    let invariants = report["invariants"].as_array().unwrap();
    let gate = invariants
        .iter()
        .find(|row| row["id"] == "INV-GATE")
        .unwrap();
    assert_eq!(gate["status"], "violated", "{gate}");
}

#[test]
fn nothing_is_started_without_being_allowed_and_nothing_is_ignored() {
    let script = format!("touch started; {}", always("promote"));
    let bench = Bench::new(&script, LINES);
    for words in [
        "run policy.yaml --scenario regression",
        "simulate policy.yaml --scenario regression -n 2",
        "compare policy.yaml policy.yaml --scenario regression -n 2",
        "chaos policy.yaml --scenario healthy --smoke",
        "curve policy.yaml --scenario regression",
        "tune policy.yaml --vary gates.errors.breach=1%..5%",
        "mutate policy.yaml",
        "export log policy.yaml --scenario regression",
        "plan simulate policy.yaml --shards 2 --out plan.json",
    ] {
        let ran = bench.run(words);
        assert_eq!(ran.code, 3, "{words}: {ran:?}");
        assert!(ran.err.contains("CM182"), "{words}: {ran:?}");
        assert!(ran.err.contains("policy.yaml:10:"), "{words}: {ran:?}");
    }
    let lint = bench.run("lint policy.yaml");
    assert!(
        lint.out.contains("CM246") && lint.out.contains("sh guard.sh"),
        "{lint:?}"
    );
    assert!(!bench.path().join("started").exists());
    assert_eq!(bench.run(RUN).code, 99);
    assert!(bench.path().join("started").exists());
}

#[test]
fn a_study_asks_a_question_once_and_says_the_same_on_any_number_of_threads() {
    let script = "while read -r question; do echo x >> asked; case $question in *'\"fires\":true'*) echo rollback;; *) echo promote;; esac; done";
    let bench = Bench::new(script, LINES);
    let study = "simulate policy.yaml --scenario regression -n 12 --allow-exec";
    let one = bench.run(&format!("{study} --threads 1 --format json"));
    let asked = fs::read_to_string(bench.path().join("asked")).unwrap();
    let two = bench.run(&format!("{study} --threads 2 --format json"));
    assert_eq!(one.out, two.out);
    let report: serde_json::Value = serde_json::from_str(&one.out).unwrap();
    let guard = &report["inputs"]["guard"];
    let different = guard["different"].as_u64().unwrap();
    assert!(guard["questions"].as_u64().unwrap() >= different, "{guard}");
    let again = different.min(32);
    assert_eq!(asked.lines().count() as u64, different + again);
}

#[test]
fn a_guard_that_answers_the_same_question_differently_is_told() {
    let counts = "n=$(cat n 2>/dev/null || echo 0); n=$((n + 1)); echo $n > n; [ $((n % 2)) = 0 ] && echo hold || echo promote";
    let once = LINES.replace("json-lines", "once");
    let bench = Bench::new(counts, &once);
    let report = bench.json("run policy.yaml --scenario healthy --allow-exec");
    assert_eq!(report["inputs"]["guard"]["reproducible"], false);
    let said = bench.run("run policy.yaml --scenario healthy --allow-exec");
    assert!(said.out.contains("not reproducible"), "{said:?}");
}

#[test]
fn the_guards_of_the_page_decide_alike_in_python_and_node() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guard");
    let mut told = Vec::new();
    for (program, file) in [("python3", "guard.py"), ("node", "guard.js")] {
        let exec = LINES.replace("sh, guard.sh", &format!("{program}, {file}"));
        let bench = Bench::new("", &exec);
        fs::copy(page.join(file), bench.path().join(file)).unwrap();
        if std::process::Command::new(program)
            .arg("--version")
            .output()
            .is_err()
        {
            eprintln!("there is no {program}: its guard is left out");
            continue;
        }
        let ran = coalmine_in(bench.path(), &RUN.split(' ').collect::<Vec<_>>());
        assert!(
            ran.out.contains("the guard says rollback"),
            "{program}: {ran:?}"
        );
        told.push(ran.out.replace(&format!("{program} {file}"), "guard"));
    }
    told.dedup();
    assert!(told.len() <= 1, "{told:#?}");
}
