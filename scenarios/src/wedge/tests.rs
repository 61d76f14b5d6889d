//! One valid wedge, changed in one place at a time.

use super::{Readings, disagreements, total_rollout_hours};
use crate::adapter::parse;

const VALID: &str = r#"{"wedge_stages": [
    {"stage_id": "canary", "target_percentage": FIRST, "duration_hours": HOURS,
     "success_criteria": [CRITERION], "rollback_trigger": "error_rate > 0.05"},
    {"stage_id": SECOND_ID, "target_percentage": LAST, "duration_hours": 4.0,
     "success_criteria": ["error_rate < 0.01"], "rollback_trigger": TRIGGER}],
    "initial_percentage": INITIAL, "increment_policy": POLICY, "max_blast_radius": RADIUS,
    "observation_window_hours": WINDOW, "wedge_state": STATE}"#;

fn wedge(changes: &[(&str, &str)]) -> crate::adapter::Json {
    let valid = [
        ("FIRST", "5"),
        ("HOURS", "2.0"),
        ("CRITERION", r#""error_rate < 0.01""#),
        ("SECOND_ID", r#""wide""#),
        ("LAST", "50"),
        ("TRIGGER", r#""error_rate > 0.05""#),
        ("INITIAL", "5"),
        ("POLICY", r#""linear""#),
        ("RADIUS", "50"),
        ("WINDOW", "1.0"),
        ("STATE", r#""PENDING""#),
    ];
    let text = valid.iter().fold(VALID.to_owned(), |text, (name, value)| {
        let changed = changes.iter().find(|(changed, _)| changed == name);
        text.replace(name, changed.map_or(*value, |(_, value)| value))
    });
    parse(&text).expect("the test's own wedge is JSON")
}

/// One letter for each reader: `y`es, `n`o, e`x`ception, `?` for open; and whether they part.
#[track_caller]
fn check(changes: &[(&str, &str)], expect: &str) {
    let wedge = wedge(changes);
    let readings = Readings::of(&wedge);
    let code = |verdict: &super::WedgeVerdict| match verdict {
        super::WedgeVerdict::Raised(_) => 'x',
        super::WedgeVerdict::Read(errors) if errors.is_empty() => 'y',
        super::WedgeVerdict::Read(_) => 'n',
    };
    let written = match readings.as_written.valid() {
        Some(true) => 'y',
        Some(false) => 'n',
        None => '?',
    };
    let letters: String = [
        code(&readings.reference_checker),
        code(&readings.merge_gate),
        written,
    ]
    .iter()
    .collect();
    assert_eq!(letters, expect, "{changes:?}: {readings:?}");
    let parts = expect.contains('y') && expect != "yyy";
    assert_eq!(!disagreements(&wedge).is_empty(), parts, "{changes:?}");
}

/// Acceptance row 8: where checker, merge gate and document part over one wedge, each is listed.
#[test]
fn disagreements_between_the_three_readers_are_listed() {
    check(&[], "yyy");
    check(&[("FIRST", "26")], "yyn");
    check(&[("FIRST", "11"), ("INITIAL", "11")], "yyn");
    check(&[("LAST", "50"), ("RADIUS", "49")], "yyn");
    check(&[("RADIUS", "60")], "yyn");
    check(&[("WINDOW", "NaN")], "yyn");
    check(&[("WINDOW", "Infinity"), ("HOURS", "1e300")], "yyn");
    check(&[("SECOND_ID", "\"canary\"")], "yyn");
    check(&[("HOURS", "NaN")], "yyn");
    check(&[("HOURS", "0.5")], "yy?");
    check(&[("FIRST", "0")], "ynn");
    check(&[("INITIAL", "6")], "ynn");
    check(&[("INITIAL", "true")], "ynn");
    check(&[("INITIAL", "NaN")], "ynn");
    check(&[("RADIUS", "4")], "ynn");
    check(&[("RADIUS", "NaN")], "ynn");
    check(&[("CRITERION", "\"  \"")], "ynn");
    check(&[("SECOND_ID", "\"\"")], "ynn");
    check(&[("FIRST", "NaN")], "ynn");
    check(&[("STATE", "\" ACTIVE \"")], "nyn");
    check(&[("FIRST", "\"5\"")], "xnn");
    check(&[("LAST", "5")], "nnn");
    check(&[("WINDOW", "0.999")], "nnn");
    check(&[("TRIGGER", "\" \"")], "nnn");
}

#[test]
fn a_disagreement_names_who_says_what_and_who_accepts_it() {
    let said: Vec<String> = disagreements(&wedge(&[("FIRST", "26")]))
        .iter()
        .map(ToString::to_string)
        .collect();
    let expect = "as-written refuses: the first target of 26 % is over 25 % (accepted by reference-checker and merge-gate)";
    assert_eq!(said, [expect]);
}

#[test]
fn the_planned_hours_count_one_window_for_each_stage() {
    assert_eq!(total_rollout_hours(&wedge(&[])), Some(8.0));
    assert_eq!(
        total_rollout_hours(&wedge(&[("WINDOW", "0.999")])),
        Some(7.998)
    );
    assert_eq!(total_rollout_hours(&wedge(&[("HOURS", "null")])), None);
    assert!(total_rollout_hours(&wedge(&[("WINDOW", "NaN")])).is_some_and(f64::is_nan));
    assert_eq!(
        total_rollout_hours(&parse("{}").expect("it is JSON")),
        Some(0.0)
    );
}
