//! Recorded decisions of Flagger and Kayenta: all are reproduced, and one that was changed is not.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails at its line")]

use controllers::{flagger, kayenta};
use serde_json::Value;

type Replay = fn(&str, &Value) -> Option<Result<(), String>>;

const FLAGGER: &str = include_str!("rows/flagger.jsonl");
const SEQUENCES: &str = include_str!("rows/flagger-sequences.json");
const CLASSIFIER: &str = include_str!("rows/kayenta-classifier.json");
const FUNCTIONS: &str = include_str!("rows/kayenta-u.json");

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn rows(text: &str) -> (String, Vec<Value>) {
    let file: Value = serde_json::from_str(text).unwrap();
    (
        file["kind"].as_str().unwrap().to_owned(),
        file["rows"].as_array().unwrap().clone(),
    )
}

fn all_replay(replay: Replay, kind: &str, rows: &[Value], at_least: usize) {
    assert!(rows.len() >= at_least);
    for row in rows {
        let result = replay(kind, row).expect("the kind is known");
        assert_eq!(result, Ok(()), "{kind}");
    }
}

#[test]
fn recorded_ticks_of_flagger_are_reproduced() {
    all_replay(flagger::rows::replay, "flagger", &lines(FLAGGER), 60);
}

#[test]
fn sequences_of_flaggers_own_tests_are_reproduced() {
    let (kind, rows) = rows(SEQUENCES);
    all_replay(flagger::rows::replay, &kind, &rows, 14);
}

#[test]
fn samples_of_kayentas_own_tests_are_classified_as_there() {
    let (kind, rows) = rows(CLASSIFIER);
    assert!(
        rows.iter()
            .all(|row| row["control"].is_array() && row["experiment"].is_array())
    );
    all_replay(kayenta::rows::replay, &kind, &rows, 21);
}

#[test]
fn statistics_of_kayentas_own_tests_are_reproduced() {
    let (kind, rows) = rows(FUNCTIONS);
    all_replay(kayenta::rows::replay, &kind, &rows, 2);
}

#[test]
fn a_recording_that_was_changed_in_one_place_is_not_reproduced() {
    for mut row in lines(FLAGGER) {
        let ticks = row["real"]["ticks"].as_array_mut().unwrap();
        let last = ticks.len() - 1;
        let count = ticks[last]["failed_checks"].as_i64().unwrap();
        ticks[last]["failed_checks"] = Value::from(count + 1);
        assert!(flagger::rows::replay("flagger", &row).unwrap().is_err());
    }
    let (kind, rows) = rows(CLASSIFIER);
    for mut row in rows.into_iter().filter(|row| !row["expect"].is_null()) {
        row["expect"] = Value::from("Error");
        assert!(kayenta::rows::replay(&kind, &row).unwrap().is_err());
    }
}

#[test]
fn a_key_that_no_row_has_is_not_passed_over() {
    let mut row = lines(FLAGGER).swap_remove(0);
    row["case"]["analysis"]["stepWeigth"] = Value::from(5);
    assert!(flagger::rows::replay("flagger", &row).unwrap().is_err());
}

#[test]
fn kinds_of_other_rooms_are_left_to_them() {
    assert!(flagger::rows::replay("argo-analysis", &Value::Null).is_none());
    assert!(kayenta::rows::replay("flagger", &Value::Null).is_none());
}
