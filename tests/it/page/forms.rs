//! Stored results in other forms.

use std::fs;

use serde_json::Value;

use super::{read, study};
use crate::command::{coalmine_in, json, plain};

#[test]
fn a_stored_result_gives_the_same_page_as_the_study_itself() {
    let folder = plain();
    study(folder.path());
    for format in [
        "html", "json", "markdown", "text", "junit", "csv", "jsonl", "github",
    ] {
        let args = [
            "simulate",
            "policy.yaml",
            "-n",
            "96",
            "--no-fail",
            "--format",
            format,
        ];
        let played = coalmine_in(folder.path(), &args);
        let stored = coalmine_in(
            folder.path(),
            &["report", "result.json", "--format", format],
        );
        assert_eq!(stored.code, 0, "{stored:#?}");
        assert_eq!(stored.out, played.out, "{format}");
    }
}

#[test]
fn a_result_of_the_form_before_this_one_is_read() {
    let folder = plain();
    study(folder.path());
    let mut result: Value = serde_json::from_str(&read(folder.path(), "result.json")).unwrap();
    strip(&mut result);
    fs::write(folder.path().join("old.json"), result.to_string()).unwrap();
    let ran = coalmine_in(folder.path(), &["report", "old.json", "--format", "html"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("Objectives"));
}

/// Takes away what the first results of version 1 did not have yet.
fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for key in [
                "limits",
                "exposure",
                "timeline",
                "intervals",
                "distribution",
            ] {
                fields.shift_remove(key);
            }
            fields.values_mut().for_each(strip);
        }
        Value::Array(list) => list.iter_mut().for_each(strip),
        _ => {}
    }
}

#[test]
fn what_cannot_be_shown_is_refused_with_the_reason() {
    let folder = plain();
    study(folder.path());
    let result: Value = serde_json::from_str(&read(folder.path(), "result.json")).unwrap();
    let with = |key: &str, value: Value| {
        let mut altered = result.clone();
        altered[key] = value;
        altered.to_string()
    };
    let cases = [
        ("no JSON", "{".to_owned(), "is no JSON"),
        ("a list", "[]".to_owned(), "no schema"),
        ("later", with("version", 99.into()), "version 99"),
        ("version 0", with("version", 0.into()), "version 0"),
        (
            "unknown",
            with("schema", "coalmine/poem".into()),
            "coalmine/poem",
        ),
        ("a field too many", with("surprise", 1.into()), "surprise"),
        ("a wrong type", with("runs", "many".into()), "runs"),
    ];
    for (what, text, expect) in cases {
        fs::write(folder.path().join("x.json"), text).unwrap();
        let ran = coalmine_in(folder.path(), &["report", "x.json"]);
        assert_eq!(ran.code, 3, "{what}: {ran:#?}");
        assert!(ran.err.contains("help:"), "{what}: {ran:#?}");
        let told = ran.err.contains(expect) || what == "a wrong type";
        assert!(told, "{what}: {ran:#?}");
    }
    assert_eq!(
        coalmine_in(folder.path(), &["report", "absent.json"]).code,
        3
    );
}

#[test]
fn test_results_agree_with_the_objectives() {
    let folder = plain();
    study(folder.path());
    let result: Value = serde_json::from_str(&read(folder.path(), "result.json")).unwrap();
    let xml = coalmine_in(
        folder.path(),
        &["report", "result.json", "--format", "junit"],
    )
    .out;
    let document = roxmltree::Document::parse(&xml).unwrap();
    let scenarios = result["scenarios"].as_array().unwrap();
    let objectives = || {
        scenarios
            .iter()
            .chain([&result])
            .flat_map(|it| it["objectives"].as_array().unwrap())
    };
    let count = |status: &str| objectives().filter(|row| row["status"] == status).count();
    let tags = |tag: &str| {
        document
            .descendants()
            .filter(|node| node.has_tag_name(tag))
            .count()
    };
    assert_eq!(tags("testsuite"), scenarios.len() + 1);
    assert_eq!(tags("testcase"), objectives().count());
    assert_eq!(tags("failure"), count("MISS"));
    assert_eq!(tags("skipped"), count("undecided") + count("untested"));
    let root = document.root_element();
    assert_eq!(
        root.attribute("tests"),
        Some(objectives().count().to_string().as_str())
    );
}

#[test]
fn findings_of_lint_go_to_code_scanning() {
    let folder = plain();
    let path = folder.path().join("policy.yaml");
    let policy = fs::read_to_string(&path).unwrap() + "surprise: 1\n";
    fs::write(&path, policy).unwrap();
    let ran = coalmine_in(folder.path(), &["lint", "policy.yaml", "--format", "sarif"]);
    assert_eq!(ran.code, 3, "{ran:#?}");
    let found = json(&ran);
    let run = &found["runs"][0];
    let results = run["results"].as_array().unwrap();
    let plain = json(&coalmine_in(
        folder.path(),
        &["lint", "policy.yaml", "--format", "json"],
    ));
    assert_eq!(results.len(), plain["findings"].as_array().unwrap().len());
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in results {
        assert!(
            rules.iter().any(|rule| rule["id"] == result["ruleId"]),
            "{result}"
        );
    }
    let surprise = results
        .iter()
        .find(|it| it["message"]["text"].as_str().unwrap().contains("surprise"));
    let region = &surprise.unwrap()["locations"][0]["physicalLocation"]["region"];
    assert!(region["startLine"].as_u64().unwrap() > 1, "{region}");
    let log = coalmine_in(
        folder.path(),
        &["lint", "policy.yaml", "--format", "github"],
    );
    assert!(
        log.out.contains("::error file=policy.yaml,line="),
        "{log:#?}"
    );
}

#[test]
fn charts_go_to_files_that_stand_alone() {
    let folder = plain();
    study(folder.path());
    let ran = coalmine_in(
        folder.path(),
        &["report", "result.json", "--out", "svg=charts", "-q"],
    );
    assert_eq!(ran.code, 0, "{ran:#?}");
    let files: Vec<_> = fs::read_dir(folder.path().join("charts"))
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let document =
            roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{error} in {text}"));
        let root = document.root_element();
        assert_eq!(root.attribute("role"), Some("img"), "{}", file.display());
        for tag in ["title", "desc", "style"] {
            assert!(
                root.children().any(|node| node.tag_name().name() == tag),
                "{tag} in {}",
                file.display()
            );
        }
    }
    let wrong = coalmine_in(folder.path(), &["report", "result.json", "--format", "svg"]);
    assert_eq!(wrong.code, 2, "{wrong:#?}");
}
