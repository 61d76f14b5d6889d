//! Packet, log, audit trail, incident note and checklist.

use serde_json::json;

use super::{export, keys, lines, parsed, says_something};
use crate::command::{coalmine, coalmine_in, json};
use crate::papers::{MESSAGE_SECTIONS, PACKET_FIELDS};

#[test]
fn the_packet_has_eight_fields_and_a_message_of_five_sections_and_its_command_plays_the_rollout() {
    let rollout = "raptorq --scenario correctness-breach --seed 424242";
    let packet = parsed(&export(&format!("packet {rollout}")));
    assert_eq!(keys(&packet), PACKET_FIELDS);
    assert!(says_something(&packet), "{packet:#}");
    assert_eq!(
        keys(&packet["user_impact_message_template"]),
        MESSAGE_SECTIONS
    );
    let levers = ["E4", "E5", "C5", "C6", "F5", "F6", "F7", "F8"];
    assert_eq!(packet["affected_levers"], json!(levers));
    let replay = packet["replay_command"].as_str().unwrap();
    let words: Vec<_> = replay.split(' ').skip(1).collect();
    let again = coalmine(&[&words[..], &["--format", "json"]].concat());
    let symptom = packet["symptom"].as_str().unwrap();
    let fired = symptom.split("; ").last().unwrap();
    let details: Vec<_> = json(&again)["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["detail"].as_str().unwrap().to_owned())
        .collect();
    assert!(details.iter().any(|detail| detail == fired), "{fired}");
}

#[test]
fn each_log_line_says_scenario_seed_outcome_and_where_the_rest_is() {
    let rollout = "raptorq --scenario instability --seed 9 --replication 3";
    let log = lines(&export(&format!("log {rollout}")));
    let words: Vec<_> = rollout.split(' ').collect();
    let run = json(&coalmine(
        &[&["run"], &words[..], &["--format", "json"]].concat(),
    ));
    assert_eq!(log.len(), run["events"].as_array().unwrap().len());
    for (line, event) in log.iter().zip(run["events"].as_array().unwrap()) {
        assert_eq!(line["scenario_id"], "instability");
        assert_eq!(
            (&line["seed"], &line["replication"]),
            (&json!(9), &json!(3))
        );
        assert_eq!(line["outcome"], run["outcome"]);
        assert!(says_something(&line["artifact_pointers"]), "{line}");
        assert_eq!(line["artifact_pointers"]["history_hash"], run["hash"]);
        assert_eq!(line["detail"], event["detail"]);
    }
}

#[test]
fn each_line_of_the_audit_trail_has_its_five_things_and_a_code_of_the_policy() {
    for (scenario, expect) in [
        ("healthy", &["RWG-001", "RWG-001", "RWG-001", "RWG-004"][..]),
        ("step-regression", &["RWG-003"]),
        ("criteria-never-met", &["RWG-002"]),
    ] {
        let trail = lines(&export(&format!("audit wedge --scenario {scenario}")));
        let codes: Vec<_> = trail.iter().map(|line| &line["event_code"]).collect();
        assert_eq!(codes, expect, "{scenario}");
        for line in &trail {
            assert!(says_something(&line["timestamp"]), "{line}");
            assert!(says_something(&line["stage_id"]), "{line}");
            assert!(line["target_percentage"].as_f64().unwrap() > 0.0, "{line}");
            assert!(says_something(&line["metric_snapshot"]), "{line}");
            let manual = line["event_code"] == "RWG-001";
            let operator = if manual {
                "on-call operator"
            } else {
                "controller"
            };
            assert_eq!(line["operator"], operator);
        }
    }
}

#[test]
fn a_stored_result_is_exported_as_the_rollout_that_it_tells_of() {
    let folder = tempfile::tempdir().unwrap();
    let run = "run optimize --scenario step-regression --seed 5 --out json=r.json";
    coalmine_in(folder.path(), &run.split(' ').collect::<Vec<_>>());
    let note = coalmine_in(folder.path(), &["export", "incident", "r.json"]).out;
    let fresh = export("incident optimize --scenario step-regression --seed 5");
    assert_eq!(note, fresh);
    let packet = coalmine_in(folder.path(), &["export", "packet", "r.json"]).out;
    assert_eq!(parsed(&packet)["artifact_path"], "r.json");
    let path = folder.path().join("r.json");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("\"seed\": 5", "\"seed\": 6")).unwrap();
    let ran = coalmine_in(folder.path(), &["export", "packet", "r.json"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.err.contains("no longer the one"), "{}", ran.err);
}

#[test]
fn the_checklist_records_each_promotion_with_its_evidence_gates_decision_and_time() {
    let record = parsed(&export("checklist optimize --scenario healthy"));
    let stages = record["stages"].as_array().unwrap();
    let names: Vec<_> = stages.iter().map(|stage| &stage["stage"]).collect();
    assert_eq!(names, ["shadow", "internal", "public"]);
    for stage in stages {
        assert_eq!(stage["decision"], "pass");
        assert!(says_something(&stage["decided_at"]));
        assert!(
            stage["watched_minutes"].as_f64().unwrap() >= 30.0,
            "{stage}"
        );
        let before = stage["before"].as_array().unwrap();
        assert!(before.iter().all(|item| item["status"] == "ok"), "{stage}");
        assert!(!before.is_empty());
        assert_eq!(stage["gate_evaluation"]["pass"], true, "{stage}");
    }
    let record = parsed(&export(
        "checklist optimize --scenario step-regression --profile as-implemented",
    ));
    let first = &record["stages"][0];
    assert_eq!(first["decision"], "fail");
    // The wording is that of the gate module: "timeout_rate 0.2163 exceeds 0.1500".
    let reason = first["gate_evaluation"]["reasons"][0].as_str().unwrap();
    assert!(reason.starts_with("timeout_rate 0."), "{reason}");
    assert!(reason.ends_with(" exceeds 0.1500"), "{reason}");
    let page = export("checklist optimize --scenario healthy --format markdown");
    assert!(page.contains("- [x] builds-deployed: ok"), "{page}");
}
