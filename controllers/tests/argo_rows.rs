//! Recorded decisions of argo-rollouts 1.10.1, replayed.

use controllers::argo::rows::replay;
use serde_json::Value as Json;

fn rows(name: &str) -> Vec<Json> {
    let path = format!(
        "{}/tests/rows/argo-{name}.jsonl",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = std::fs::read_to_string(path).expect("the data of the test");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("the data of the test"))
        .collect()
}

#[test]
fn every_recorded_row_is_reproduced() {
    for (name, least) in [("analysis", 70), ("condition", 80), ("replicas", 80)] {
        let rows = rows(name);
        assert!(rows.len() >= least, "{name} holds {} rows", rows.len());
        for row in rows {
            let known = replay(name, &row).expect("the kind is known");
            known.unwrap_or_else(|why| panic!("{name} {}: {why}", row["case"]["id"]));
        }
    }
}

#[test]
fn the_tables_of_the_engines_own_tests_hold() {
    let rows = rows("tables");
    assert!(rows.len() >= 90, "{} rows", rows.len());
    for row in rows {
        let known = replay(row["kind"].as_str().expect("the data of the test"), &row)
            .expect("the kind is known");
        known.unwrap_or_else(|why| panic!("{row}: {why}"));
    }
}

#[test]
fn a_row_with_another_outcome_is_told_apart() {
    let changed = |name: &str, path: &str, value: Json| {
        let mut row = rows(name).remove(0);
        *row.pointer_mut(path).expect("the data of the test") = value;
        replay(name, &row).expect("the kind is known").unwrap_err()
    };
    assert!(changed("analysis", "/real/run_phase", "Pending".into()).contains("run phase"));
    assert!(changed("analysis", "/real/measurements/0/at", 7.into()).contains("at"));
    assert!(changed("condition", "/real/phase", "Pending".into()).contains("phase"));
    assert!(changed("replicas", "/real/canary", 77.into()).contains("canary"));
    assert!(replay("no such kind", &Json::Null).is_none());
}
