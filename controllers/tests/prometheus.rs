//! Recorded decisions of Prometheus 3.16.0 (module v0.316.0, in virtual time), replayed.

use controllers::prometheus::rows::{KINDS, replay};

#[test]
fn every_recorded_row_is_reproduced_to_the_last_bit() {
    for kind in KINDS {
        let path = format!(
            "{}/tests/rows/prometheus-{kind}.jsonl",
            env!("CARGO_MANIFEST_DIR")
        );
        let text = std::fs::read_to_string(&path).unwrap();
        let mut count = 0;
        for line in text.lines() {
            let row = serde_json::from_str(line).unwrap();
            let known = replay(kind, &row).expect("the kind is known");
            known.unwrap_or_else(|why| panic!("{}: {why}", row["id"]));
            count += 1;
        }
        assert!(count >= 25, "{path} holds {count} rows");
    }
}

#[test]
fn a_row_with_another_answer_is_told_apart() {
    let path = format!(
        "{}/tests/rows/prometheus-threshold.jsonl",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = std::fs::read_to_string(path).unwrap();
    let mut row: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    row["rule"]["for"] = 86_400.into();
    row["rule"]["expr"] = "vector(1)".into();
    let why = replay("threshold", &row)
        .expect("the kind is known")
        .unwrap_err();
    assert!(why.contains("states"), "{why}");
}
