//! Reports to the last byte: a change of what users see shows as a change of these files.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::command::{coalmine_in, plain};

fn study(folder: &Path, more: &[&str]) -> String {
    let study = [
        "simulate",
        "policy.yaml",
        "-n",
        "12",
        "--seed",
        "7",
        "--no-fail",
    ];
    let ran = coalmine_in(folder, &[&study[..], more].concat());
    assert!([0, 4].contains(&ran.code), "{ran:#?}");
    ran.out
}

#[test]
fn a_study_on_one_screen() {
    insta::assert_snapshot!(study(plain().path(), &[]));
}

#[test]
fn a_study_with_every_table() {
    insta::assert_snapshot!(study(plain().path(), &["-v"]));
}

#[test]
fn a_study_for_a_pull_request() {
    insta::assert_snapshot!(study(plain().path(), &["--format", "markdown"]));
}

#[test]
fn a_study_as_test_results() {
    insta::assert_snapshot!(study(plain().path(), &["--format", "junit"]));
}

#[test]
fn the_fields_of_a_study() {
    let text = study(plain().path(), &["--format", "json"]);
    let mut fields = BTreeSet::new();
    list("", &serde_json::from_str(&text).unwrap(), &mut fields);
    insta::assert_snapshot!(Vec::from_iter(fields).join("\n"));
}

/// Adds each path below `value` with its type; what is in a list is one path.
fn list(path: &str, value: &Value, fields: &mut BTreeSet<String>) {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(values) => {
            values
                .iter()
                .for_each(|value| list(&format!("{path}[]"), value, fields));
            return;
        }
        Value::Object(members) => {
            for (name, value) in members {
                list(&format!("{path}.{name}"), value, fields);
            }
            return;
        }
    };
    fields.insert(format!("{path}: {kind}"));
}
