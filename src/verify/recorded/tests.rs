//! The rows that every build carries, and rows that are wrong on purpose.

use scenarios::adapter::{Json, parse};

use sim_core::policy::gate::test::EProcess;

use super::{built_in, verify};
use crate::verify::CaseStatus;

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
            (CaseStatus::Ok, &None),
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

/// Acceptance row 3: the bets of the regression monitor, to the wealth and the index of the rejection,
/// under both of its settings.
#[test]
fn recorded_bets_on_violations_are_reproduced() {
    check("raptorq-eprocess", 10);
}

/// Acceptance row 3, continued: the threshold of its calibration.
#[test]
fn recorded_conformal_thresholds_are_reproduced() {
    check("raptorq-conformal", 6);
}

/// Acceptance row 3, continued: a long clean soak makes the monitor slow. From nine violations after no
/// soak to 285 after two thousand clean judgements; one violation in seven is found at the judgement
/// number 328, from 0, and one in eight not within 400.
#[test]
fn the_longer_the_clean_prefix_the_later_the_rejection() {
    let monitor = || EProcess::new(0.1, 0.5, 0.05);
    let delay = |clean: u64| {
        let mut process = monitor();
        (0..clean).for_each(|_| assert!(!process.observe(false).rejects()));
        1 + (0..1_000)
            .take_while(|_| !process.observe(true).rejects())
            .count()
    };
    let delays = [0, 50, 100, 200, 500, 1_000, 2_000].map(delay);
    assert_eq!(delays, [9, 15, 22, 36, 78, 147, 285]);
    let found = |every: u64| {
        let mut process = monitor();
        (0..400).find(|judgement| process.observe((judgement + 1) % every == 0).rejects())
    };
    assert_eq!((found(7), found(8)), (Some(328), None));
}

#[test]
fn a_row_of_the_monitor_that_is_changed_differs_and_names_the_field() {
    for (kind, fields) in [
        (
            "raptorq-eprocess",
            &["final_e", "n", "rejected", "violations"][..],
        ),
        ("raptorq-conformal", &["threshold", "nan_conforming"][..]),
    ] {
        for (place, row) in all_of(kind, 6) {
            for field in fields {
                let Json::Object(mut members) = row.clone() else {
                    panic!("a row is an object")
                };
                for (name, value) in &mut members {
                    if name == field {
                        *value = Json::Text("something else".into());
                    }
                }
                let note = verify(&place, &Json::Object(members))
                    .note
                    .unwrap_or_default();
                assert!(note.starts_with(&format!("row.{field}")), "{place}: {note}");
            }
        }
    }
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
                    CaseStatus::Differs,
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
            r#"{"kind": "palmistry"}"#,
            "there is no recorded kind `palmistry`",
        ),
        (
            r#"{"kind": "raptorq-eprocess", "p0": 0.5, "lambda": 3, "alpha": 0.1}"#,
            "its bet could lose more than there is",
        ),
        (
            r#"{"kind": "raptorq-conformal", "alpha": 0.1, "samples": "some"}"#,
            "its samples are neither numbers nor a range",
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
            (CaseStatus::Unknown, Some(why))
        );
    }
}
