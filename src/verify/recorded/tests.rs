//! The rows that every build carries, and rows that are wrong on purpose.

use scenarios::adapter::{Json, parse};

use super::{built_in, verify};
use crate::verify::Status;

#[track_caller]
fn all_of(kind: &str, at_least: usize) -> Vec<(String, Json)> {
    let of_kind = |row: &Json| row.get("kind").and_then(Json::text) == Some(kind);
    let rows: Vec<_> = built_in()
        .into_iter()
        .filter(|(_, row)| of_kind(row))
        .collect();
    assert!(rows.len() >= at_least, "only {} rows of {kind}", rows.len());
    rows
}

#[track_caller]
fn check(kind: &str, at_least: usize) {
    for (place, row) in all_of(kind, at_least) {
        let result = verify(&place, &row);
        assert_eq!(
            (result.status, &result.note),
            (Status::Ok, &None),
            "{place} {}",
            result.id
        );
    }
}

/// Acceptance row 13: the one-shot guard, its exit code, and its JSON, Markdown and ENV to the byte,
/// with three and with four steps.
#[test]
fn recorded_guard_decisions_are_reproduced() {
    check("control-plane-guard", 25);
}

/// Acceptance row 18: the stage gates and their reasons, word for word.
#[test]
fn recorded_stage_gates_are_reproduced() {
    check("optimize-gates", 20);
}

/// Acceptance row 8, first part: a wedge in three readings, message by message.
#[test]
fn recorded_wedges_are_reproduced_in_three_readings() {
    check("rollout-wedge", 25);
}

#[test]
fn a_row_whose_expectation_is_changed_differs_and_names_the_field() {
    for (kind, part) in [
        ("control-plane-guard", "expect"),
        ("optimize-gates", "result"),
        ("rollout-wedge", "merge_gate"),
    ] {
        for (place, row) in all_of(kind, 15) {
            let expected = row.get(part).expect("every row expects something").clone();
            for (key, _) in expected.members().expect("it is an object") {
                let result = verify(&place, &spoilt(&row, part, key));
                let note = result.note.unwrap_or_default();
                assert_eq!(
                    result.status,
                    Status::Differs,
                    "{place}: {part}.{key} is not looked at"
                );
                assert!(
                    note.starts_with(&format!("{part}.{key}")),
                    "{place}: {note}"
                );
            }
        }
    }
}

/// Returns the row with something else as its expectation `part.key`.
fn spoilt(row: &Json, part: &str, key: &str) -> Json {
    let Json::Object(mut members) = row.clone() else {
        panic!("a row is an object")
    };
    let (_, expected) = members
        .iter_mut()
        .find(|(name, _)| name == part)
        .expect("the part is there");
    let Json::Object(expected) = expected else {
        panic!("the part is an object")
    };
    for (name, value) in expected {
        if name == key {
            *value = Json::Text("something else".into());
        }
    }
    Json::Object(members)
}

#[test]
fn kinds_and_rows_that_nobody_understands_are_unknown_and_say_why() {
    for (row, why) in [
        (
            r#"{"kind": "raptorq-eprocess"}"#,
            "there is no recorded kind `raptorq-eprocess`",
        ),
        (
            r#"{"kind": "optimize-gates", "stage": 5}"#,
            "its stage is no text",
        ),
        (r#"{"kind": "rollout-wedge"}"#, "the row has no \"wedge\""),
        (
            r#"{"kind": "rollout-wedge", "wedge": {}}"#,
            "it says nothing of any of the three readers",
        ),
        (
            r#"{"kind": "control-plane-guard", "profile": "next"}"#,
            "the profile Some(\"next\") is not known",
        ),
    ] {
        let result = verify("here:1", &parse(row).expect("the test's own row is JSON"));
        assert_eq!(
            (result.status, result.note.as_deref()),
            (Status::Unknown, Some(why))
        );
    }
}
