//! The papers that a policy demands after a stop: packet, audit trail, incident note.

use crate::command::{coalmine, json};

/// The fields of a response packet of raptorq, in their order.
pub const PACKET_FIELDS: [&str; 8] = [
    "symptom",
    "exposure_scope",
    "affected_levers",
    "mitigation_executed",
    "replay_command",
    "artifact_path",
    "eta",
    "user_impact_message_template",
];

/// The sections of the message in its last field, in their order.
pub const MESSAGE_SECTIONS: [&str; 5] = [
    "Symptom",
    "User scope",
    "Mitigation in place",
    "Current fallback mode",
    "Next update ETA",
];

/// The headed sections of a Markdown page, with what stands below each.
fn sections(page: &str) -> Vec<(String, String)> {
    let parts = page.split("\n### ").skip(1);
    let split = |part: &str| {
        part.split_once('\n')
            .map(|(head, body)| (head.into(), body.into()))
    };
    parts.filter_map(split).collect()
}

/// Acceptance row 7: four ordered and timed rollback steps; a packet of eight fields and a message of
/// five sections, none of them empty; the same again for replay seed 424242.
#[test]
fn a_rollback_of_raptorq_leaves_a_complete_response_packet() {
    let run = [
        "run",
        "raptorq",
        "--scenario",
        "correctness-breach",
        "--seed",
        "424242",
    ];
    let page = coalmine(&[&run[..], &["--packet"]].concat()).out;
    let packet = page.split("## Audit trail").next().unwrap();
    let fields = sections(packet);
    let names: Vec<_> = fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, PACKET_FIELDS);
    for (name, body) in &fields {
        assert!(body.trim().len() > 3, "{name} is empty in\n{packet}");
    }
    let message: Vec<_> = fields[7]
        .1
        .lines()
        .filter_map(|line| line.strip_prefix("- **"))
        .collect();
    for (section, line) in MESSAGE_SECTIONS.iter().zip(&message) {
        let content = line.strip_prefix(&format!("{section}**: "));
        assert!(
            content.is_some_and(|content| content.len() > 3),
            "{section}: {line}"
        );
    }
    assert_eq!(message.len(), 5);
}

/// Acceptance row 7, continued: the steps are in order, one after the other, each with its time.
#[test]
fn the_rollback_of_raptorq_takes_its_four_steps_in_order() {
    let run = [
        "run",
        "raptorq",
        "--scenario",
        "correctness-breach",
        "--seed",
        "424242",
    ];
    let [one, two] = [(); 2].map(|()| json(&coalmine(&[&run[..], &["--format", "json"]].concat())));
    assert_eq!(one, two, "the replay is the same to the last byte");
    let events = one["events"].as_array().unwrap();
    let steps: Vec<_> = events
        .iter()
        .filter(|event| event["code"] == "step-began" || event["code"] == "step-ended")
        .collect();
    let expect = ["force-conservative", "replay", "capture", "publish"];
    let began: Vec<_> = steps
        .iter()
        .filter(|event| event["code"] == "step-began")
        .collect();
    assert_eq!(began.len(), 4, "{steps:#?}");
    for (event, word) in began.iter().zip(expect) {
        assert!(
            event["detail"].as_str().unwrap().starts_with(word),
            "{event}"
        );
    }
    let times: Vec<f64> = steps
        .iter()
        .map(|event| event["t_s"].as_f64().unwrap())
        .collect();
    assert!(times.is_sorted(), "{times:?}");
    // Began and ended in turn: no step begins before the one before has ended.
    let codes: Vec<_> = steps
        .iter()
        .map(|event| event["code"].as_str().unwrap())
        .collect();
    assert!(
        codes
            .chunks(2)
            .all(|pair| pair == ["step-began", "step-ended"]),
        "{codes:?}"
    );
}

/// Acceptance row 12, third part: each row of the audit trail has its five fields, and a person's
/// decision names the person.
#[test]
fn each_row_of_the_audit_trail_has_five_fields() {
    for (scenario, codes) in [
        ("healthy", &["RWG-001", "RWG-001", "RWG-001", "RWG-004"][..]),
        ("step-regression", &["RWG-003"]),
        ("criteria-never-met", &["RWG-002"]),
    ] {
        let page = coalmine(&["run", "wedge", "--scenario", scenario, "--packet"]).out;
        let (_, trail) = page.split_once("## Audit trail").unwrap();
        let rows: Vec<Vec<&str>> = trail
            .lines()
            .filter(|line| line.starts_with("| ") && !line.starts_with("| ---"))
            .skip(1)
            .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
            .collect();
        let seen: Vec<_> = rows.iter().map(|row| row[2]).collect();
        assert_eq!(seen, codes, "{scenario}: {trail}");
        for row in &rows {
            assert_eq!(row.len(), 5, "{row:?}");
            assert!(row.iter().all(|cell| !cell.is_empty()), "{row:?}");
            let manual = row[2] == "RWG-001";
            assert_eq!(row[3] == "on-call operator", manual, "{row:?}");
        }
    }
}

#[test]
fn an_incident_note_fills_in_the_fields_that_the_policy_names() {
    let page = coalmine(&[
        "run",
        "optimize",
        "--scenario",
        "step-regression",
        "--packet",
    ])
    .out;
    let (_, note) = page.split_once("## Incident note").unwrap();
    let lines: Vec<_> = note.lines().filter(|line| line.starts_with("- ")).collect();
    assert_eq!(lines.len(), 7, "{note}");
    for line in lines {
        assert!(
            !line.ends_with(": ") && !line.contains("filled in by a person"),
            "{line}"
        );
    }
    assert!(
        note.contains("Kill switch applied: disable-global was thrown and took effect"),
        "{note}"
    );
}
