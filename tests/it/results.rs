//! The JSON that other tools read.

use serde_json::Value;

use crate::command::{coalmine, coalmine_in, json, plain};

#[track_caller]
fn has(value: &Value, keys: &[&str]) {
    for key in keys {
        assert!(value.get(key).is_some(), "no `{key}` in {value}");
    }
}

#[test]
fn a_run_has_the_fields_that_tools_rely_on() {
    let run = json(&coalmine_in(
        plain().path(),
        &[
            "run",
            "policy.yaml",
            "--scenario",
            "bad",
            "--seed",
            "7",
            "--format",
            "json",
        ],
    ));
    let fields = [
        "schema",
        "version",
        "policy",
        "profile",
        "scenario",
        "seed",
        "outcome",
        "verdict",
        "invariants",
        "exposure",
        "detection_s",
        "rollback_s",
        "harm",
        "hash",
        "events",
    ];
    has(&run, &fields);
    assert_eq!(
        (&run["schema"], &run["version"]),
        (&"coalmine/run".into(), &1.into())
    );
    assert_eq!(
        (&run["seed"], &run["outcome"]),
        (&7.into(), &"rolled_back".into())
    );
    assert_eq!(run["verdict"], "PASS");
    for invariant in run["invariants"].as_array().unwrap() {
        has(invariant, &["id", "status", "slack"]);
        let status = invariant["status"].as_str().unwrap();
        assert!(
            ["holds", "violated", "not_reached"].contains(&status),
            "{status}"
        );
    }
    has(
        &run["exposure"],
        &["declared_max_percent", "reached_max_percent"],
    );
    assert_eq!(run["exposure"]["reached_max_percent"], 10.0);
    has(&run["harm"], &["exposed_requests", "exposed_error_minutes"]);
    for event in run["events"].as_array().unwrap() {
        has(event, &["t_s", "code", "stage", "detail"]);
    }
    assert_eq!(run["rollback_s"], 11.0, "one second and ten for the hosts");
    let hash = run["hash"].as_str().unwrap();
    assert!(
        hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()),
        "{hash}"
    );
}

#[test]
fn a_study_has_the_fields_that_tools_rely_on() {
    let folder = plain();
    let simulate = ["simulate", "policy.yaml", "-n", "100", "--format", "json"];
    let suite = json(&coalmine_in(folder.path(), &simulate));
    let alone = json(&coalmine_in(
        folder.path(),
        &[&simulate[..], &["--scenario", "bad"]].concat(),
    ));
    let fields = [
        "schema",
        "version",
        "policy",
        "profile",
        "scenario",
        "seed",
        "runs",
        "objectives",
        "quantities",
        "hash",
    ];
    for report in [&suite, &alone, &suite["scenarios"][0]] {
        has(report, &fields);
        assert_eq!(report["schema"], "coalmine/simulate");
        for objective in report["objectives"].as_array().unwrap() {
            has(
                objective,
                &[
                    "id",
                    "value",
                    "low",
                    "high",
                    "limit",
                    "status",
                    "runs_needed",
                ],
            );
            let status = objective["status"].as_str().unwrap();
            assert!(
                ["ok", "MISS", "undecided", "untested"].contains(&status),
                "{status}"
            );
            assert!(objective["low"].as_f64() <= objective["high"].as_f64());
        }
    }
    assert_eq!(
        (&suite["scenario"], &suite["runs"]),
        (&"suite".into(), &200.into())
    );
    assert_eq!(
        (&alone["scenario"], &alone["runs"]),
        (&"bad".into(), &100.into())
    );
    let names: Vec<_> = suite["scenarios"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["scenario"])
        .collect();
    assert_eq!(names, ["bad", "good"]);
}

/// What stands in a result says by what it was made: the fields of the schema are those of the JSON.
#[test]
fn the_schema_describes_every_field_of_a_result() {
    let folder = plain();
    for (kind, args) in [
        (
            "run",
            &[
                "run",
                "policy.yaml",
                "--scenario",
                "good",
                "--format",
                "json",
            ][..],
        ),
        (
            "simulate",
            &[
                "simulate",
                "policy.yaml",
                "-n",
                "64",
                "--no-fail",
                "--format",
                "json",
            ],
        ),
    ] {
        let schema = json(&coalmine(&["schema", kind]));
        let described = schema["properties"].as_object().unwrap();
        let result = json(&coalmine_in(folder.path(), args));
        let written = result.as_object().unwrap();
        for field in written.keys() {
            assert!(
                described.contains_key(field),
                "{kind}: {field} is not described"
            );
        }
        for field in schema["required"].as_array().unwrap() {
            let field = field.as_str().unwrap();
            assert!(written.contains_key(field), "{kind}: {field} is missing");
        }
    }
}

#[test]
fn every_failure_prints_one_command_that_shows_it_again() {
    let report = json(&coalmine(&[
        "simulate",
        "wedge",
        "--profile",
        "as-implemented",
        "-n",
        "3",
        "--format",
        "json",
    ]));
    let worst = report["worst"].as_array().unwrap();
    let missed = worst
        .iter()
        .find(|failure| failure["kind"] == "missed_regression")
        .unwrap();
    let command = missed["replay"].as_str().unwrap();
    let words: Vec<_> = command
        .strip_prefix("coalmine ")
        .unwrap()
        .split(' ')
        .collect();
    let run = json(&coalmine(&[&words[..], &["--format", "json"]].concat()));
    assert_eq!(run["outcome"], "completed");
    assert_eq!(run["profile"], "as-implemented");
    assert_eq!(run["scenario"], missed["scenario"]);
}

#[test]
fn a_diff_names_each_gap_its_proof_and_the_scenarios_that_part() {
    for system in scenarios::library::systems() {
        let diff = json(&coalmine(&[
            "diff",
            system.name,
            "-n",
            "1",
            "--format",
            "json",
        ]));
        let gaps = diff["differences"].as_array().unwrap();
        assert!(!gaps.is_empty(), "{}", system.name);
        for gap in gaps {
            has(&gap["gap"], &["id", "document", "code", "source", "proof"]);
        }
    }
    let text = coalmine(&["diff", "wedge", "-n", "2"]).out;
    let line = text
        .lines()
        .find(|line| line.starts_with("step-regression"))
        .unwrap();
    assert!(line.ends_with("rolled_back  completed"), "{line}");
}

#[test]
fn two_scenario_files_of_one_name_are_told_apart_by_their_files() {
    let folder = plain();
    let bad = std::fs::read_to_string(folder.path().join("bad.scenario.yaml")).unwrap();
    // Called good, the release never gets on, so that there is a command to play it again. It fails fewer
    // than a twentieth of its users: what fails more is not called good.
    let called_good = bad
        .replace("is: bad", "is: good")
        .replace("by: 0.2", "by: 0.04")
        .replace("missed-regression: 5%, ", "");
    for file in ["bad", "worse"] {
        let path = folder.path().join(format!("{file}.scenario.yaml"));
        std::fs::write(path, &called_good).unwrap();
    }
    let args = [
        "simulate",
        "policy.yaml",
        "-n",
        "4",
        "--no-fail",
        "--format",
        "json",
    ];
    let suite = json(&coalmine_in(folder.path(), &args));
    let scenarios = suite["scenarios"].as_array().unwrap();
    let names: Vec<_> = scenarios.iter().map(|report| &report["scenario"]).collect();
    assert_eq!(names, ["bad", "good", "worse"]);
    for (report, name) in [(&scenarios[0], "bad"), (&scenarios[2], "worse")] {
        let replay = report["worst"][0]["replay"].as_str().unwrap();
        assert!(replay.contains(&format!("--scenario {name} ")), "{replay}");
    }
}
