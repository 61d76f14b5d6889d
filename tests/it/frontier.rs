//! How far a policy withstands a fault: the frontier, and what it declares.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::command::{coalmine, coalmine_in, plain};

/// Writes a campaign of these parts beside the plain policy, and `more` at the policy's end.
fn folder(more: &str, campaign: &str) -> TempDir {
    let folder = plain();
    let policy = fs::read_to_string(folder.path().join("policy.yaml")).unwrap();
    fs::write(folder.path().join("policy.yaml"), policy + more).unwrap();
    let campaign = format!("version: 1\nname: own\n{campaign}");
    fs::write(folder.path().join("own.campaign.yaml"), campaign).unwrap();
    folder
}

#[track_caller]
fn played(folder: &TempDir) -> Value {
    let base = ["chaos", "policy.yaml", "--scenario", "good.scenario.yaml"];
    let more = [
        "--campaign",
        "own.campaign.yaml",
        "--no-fail",
        "--format",
        "json",
    ];
    let ran = coalmine_in(folder.path(), &[&base[..], &more].concat());
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:#?}"))
}

/// Hosts take ten seconds to go back, and the step that tells them takes one: what is left of the deadline
/// is how late commands may be, to the second.
#[test]
fn a_frontier_that_is_known_is_found_to_the_second_in_few_runs() {
    for deadline in [30, 60, 95] {
        let declared = "tolerance: {actuation.cmd_late: \"<= 20s\", env.surge: \"<= 3h\"}\n";
        let folder = folder(declared, "generators: [{calm: {runs: 1}}]\nfrontier: 40\n");
        let path = folder.path().join("policy.yaml");
        let policy = fs::read_to_string(&path).unwrap();
        let moved = policy.replace("deadline: 60s", &format!("deadline: {deadline}s"));
        fs::write(&path, moved).unwrap();
        let said = played(&folder);
        let frontiers = said["frontiers"].as_array().unwrap();
        let of = |fault: &&Value| fault["fault"] == "actuation.cmd_late";
        let late = frontiers.iter().find(of).unwrap();
        let slack = f64::from(deadline - 10 - 1);
        assert_eq!(late["holds"], slack, "{late}");
        assert_eq!(late["breaks"], slack + 1.0, "{late}");
        assert_eq!(late["declared"], 20.0, "{late}");
        let surge = frontiers.iter().find(|fault| fault["fault"] == "env.surge");
        assert_eq!(surge.unwrap()["declared"], 10_800.0, "{surge:?}");
        assert_eq!(late["promises"][0], "INV-ROLLBACK", "{late}");
        let most = frontiers
            .iter()
            .map(|one| one["runs"].as_u64().unwrap())
            .max();
        assert!(most.unwrap() <= 2_000, "{frontiers:#?}");
    }
}

/// A rollback that reaches a part of the hosts only never ends: whether that is a failure is for the policy
/// to say.
#[test]
fn a_promise_fails_within_what_the_policy_declares_and_is_a_known_limitation_beyond() {
    let check = |declared: &str, expect: &str| {
        let more = format!("tolerance: {{{declared}}}\n");
        let folder = folder(&more, "generators: [{alone: {}}]\n");
        let said = played(&folder);
        let findings = said["findings"].as_array().unwrap();
        let of = |found: &&Value| {
            let faults = found["faults"].as_array().unwrap();
            found["invariant"] == "INV-ROLLBACK"
                && faults
                    .iter()
                    .any(|one| *one == "actuation.partial_rollback")
        };
        let found = findings
            .iter()
            .find(of)
            .unwrap_or_else(|| panic!("{findings:#?}"));
        assert_eq!(found["verdict"], expect, "{declared}: {found}");
    };
    check("actuation.partial_rollback: \"<= 1m\"", "KNOWN_LIMITATION");
    check("actuation.partial_rollback: any", "FAIL");
}

#[test]
fn a_tolerance_in_the_wrong_unit_is_refused_where_it_stands() {
    let folder = folder(
        "tolerance: {controller.failover: \"<= 60%\"}\n",
        "generators: [{calm: {}}]\n",
    );
    let ran = coalmine_in(folder.path(), &["lint", "policy.yaml"]);
    assert_eq!(ran.code, 3, "{ran:#?}");
    assert!(
        ran.out.contains("CM176") && ran.out.contains("<= 12s"),
        "{ran:#?}"
    );
}

#[test]
fn every_combination_is_played_or_holds_one_that_breaks_a_promise() {
    let check = |declared: &str, depth: u32| {
        let campaign = format!("generators: [{{lineage: {{depth: {depth}}}}}]\n");
        let folder = folder(declared, &campaign);
        let said = played(&folder);
        let told = said["lineage"].clone();
        let number = |key: &str| told[key].as_u64().unwrap();
        let faults = number("faults");
        assert!(faults > 10, "{told:#}");
        let pairs = if depth > 1 {
            faults * (faults - 1) / 2
        } else {
            0
        };
        assert_eq!(number("combinations"), faults + pairs, "{told:#}");
        assert_eq!(
            number("played") + number("left_out"),
            faults + pairs,
            "{told:#}"
        );
        told
    };
    let clean = check("", 1);
    assert_eq!(clean["breaking"].as_array().unwrap().len(), 0, "{clean:#}");
    let broken = check("tolerance: {actuation.partial_rollback: any}\n", 2);
    let smallest = &broken["breaking"][0];
    assert_eq!(
        smallest["faults"],
        serde_json::json!(["actuation.partial_rollback"]),
        "{broken:#}"
    );
    assert!(
        broken["left_out"].as_u64() >= broken["faults"].as_u64().map(|all| all - 1),
        "{broken:#}"
    );
}

#[test]
fn a_search_that_stops_says_where_and_threads_change_nothing() {
    let campaign = "generators: [{lineage: {depth: 2, max-hypotheses: 70}}]\n";
    let folder = folder("", campaign);
    let text = |threads: &str| {
        let base = [
            "chaos",
            "policy.yaml",
            "--scenario",
            "good.scenario.yaml",
            "--no-fail",
        ];
        let more = ["--campaign", "own.campaign.yaml", "--threads", threads];
        coalmine_in(folder.path(), &[&base[..], &more].concat()).out
    };
    let one = text("1");
    let said = one.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("Lineage: stopped after 70 of"), "{one}");
    assert_eq!(one, text("2"));
}

#[test]
fn every_promise_that_is_told_of_is_explained() {
    let checkers = chaos::checker::known().map(|known| known.id);
    let witnessed = chaos::mutant::WITNESSED.iter().map(|known| known.id);
    for code in checkers
        .chain(witnessed)
        .chain([chaos::checker::HARM, "HARM"])
    {
        let ran = coalmine(&["explain", code]);
        assert_eq!(ran.code, 0, "{code}: {ran:#?}");
    }
}
