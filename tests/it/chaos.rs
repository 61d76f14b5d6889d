//! Campaigns of faults, through the binary.

use std::fs;

use coalmine::scenarios::library;
use coalmine::sim_core::policy::Profile;
use tempfile::TempDir;

use crate::command::{Ran, coalmine, coalmine_in, json};

/// A small campaign with a part of everything.
const SMALL: &str = "version: 1
name: small
generators:
  - calm: {runs: 2}
  - boundary: {runs: 4}
  - alone: {runs: 30}
  - pairs: {runs: 10}
  - swarm: {runs: 12, tolerated: true}
  - swarm: {runs: 12}
stop: {plateau: 1000}
shrink-replays: 60
";

fn folder(campaign: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("small.yaml"), campaign).unwrap();
    folder
}

fn play(folder: &TempDir, policy: &str, more: &[&str]) -> Ran {
    let mut args = vec!["chaos"];
    args.extend(policy.split(' '));
    args.extend(["--campaign", "small.yaml"]);
    args.extend(more);
    coalmine_in(folder.path(), &args)
}

#[test]
fn a_campaign_does_not_depend_on_the_number_of_threads() {
    let folder = folder(SMALL);
    let run = |threads| {
        play(
            &folder,
            "wedge",
            &["--format", "json", "--threads", threads],
        )
    };
    let (one, three) = (run("1"), run("3"));
    assert_eq!(one.out, three.out, "{}", one.err);
    let report = json(&one);
    assert_eq!(report["runs"], 70);
    assert_eq!(report["self_check"]["runs"], 4);
    assert_eq!(report["self_check"]["differed"], 0);
}

#[test]
fn the_counterexample_is_played_again_by_its_command() {
    let folder = folder(SMALL);
    let ran = play(
        &folder,
        "wedge --profile as-implemented",
        &["--format", "json"],
    );
    assert_eq!(ran.code, 99, "{ran:#?}");
    let report = json(&ran);
    let worst = &report["worst"];
    assert_eq!(worst["verdict"], "FAIL");
    let code = worst["invariant"].as_str().unwrap();
    let command = worst["replay"].as_str().unwrap();
    let words: Vec<_> = command.split(' ').skip(1).collect();
    let again = coalmine_in(folder.path(), &words);
    assert!(
        again.out.contains(&format!("{code} is violated")),
        "{command}\n{}",
        again.out
    );
}

#[test]
fn what_was_kept_is_not_played_again_and_nothing_is_lost() {
    let (folder, all) = (folder(SMALL), ["--format", "json", "--state", "kept"]);
    let first = play(&folder, "wedge", &all);
    let kept = fs::read_to_string(folder.path().join("kept/campaign.json")).unwrap();
    let again = play(&folder, "wedge", &all);
    assert_eq!(first.out, again.out);
    assert!(again.err.contains("going on after 70 "), "{}", again.err);
    assert!(kept.contains("\"next\":70"), "{kept}");
}

#[test]
fn the_state_of_another_campaign_is_refused() {
    let folder = folder(SMALL);
    play(&folder, "wedge", &["--state", "kept"]);
    let other = play(&folder, "wedge", &["--state", "kept", "--seed", "7"]);
    assert_eq!(other.code, 3, "{other:#?}");
    assert!(
        other.err.contains("belongs to another campaign"),
        "{}",
        other.err
    );
}

#[test]
fn mistakes_in_a_campaign_file_have_a_place() {
    let folder = folder(&SMALL.replace("stop:", "tolerance: {beyond: [env.zone_los]}\nstop:"));
    let ran = play(&folder, "wedge", &[]);
    assert_eq!(ran.code, 3, "{ran:#?}");
    assert!(ran.err.contains("small.yaml:10:"), "{}", ran.err);
    assert!(
        ran.err.contains("did you mean `env.zone_loss`"),
        "{}",
        ran.err
    );
}

#[test]
fn a_rehearsal_that_is_not_there_is_a_mistake_of_the_user() {
    let folder = folder(SMALL);
    let ran = play(&folder, "wedge", &["--rehearsal", "70"]);
    assert_eq!(ran.code, 2, "{ran:#?}");
    assert!(ran.err.contains("from 0 to 69"), "{}", ran.err);
}

#[test]
fn a_campaign_that_there_is_not_is_answered_with_those_that_there_are() {
    let ran = coalmine(&["chaos", "wedge", "--campaign", "smok"]);
    assert_eq!(ran.code, 3, "{ran:#?}");
    assert!(ran.err.contains("did you mean `smoke`"), "{}", ran.err);
}

#[test]
fn what_a_policy_leaves_unsaid_is_told_first_and_is_no_pass() {
    let folder = folder(SMALL);
    let wedge = library::system("wedge").unwrap().policy(Profile::AsWritten);
    let endless = wedge.unwrap().replace("  deadline: 60s\n", "");
    fs::write(folder.path().join("endless.policy.yaml"), endless).unwrap();
    let ran = play(
        &folder,
        "endless.policy.yaml",
        &["--scenario", "wedge/healthy"],
    );
    let (first, rest) = ran
        .out
        .split_once("\ninvariant ")
        .expect("there is a table");
    assert!(
        first.contains("declares no deadline of its rollback"),
        "{first}"
    );
    let row = rest.lines().find(|line| line.starts_with("INV-ROLLBACK"));
    assert!(!row.unwrap().contains("PASS"), "{rest}");
}

#[test]
fn each_generator_says_what_it_came_to() {
    let folder = folder(SMALL);
    let report = json(&play(&folder, "wedge", &["--format", "json"]));
    let sum = |field: &str| -> u64 {
        let generators = report["generators"].as_array().unwrap().iter();
        generators.map(|one| one[field].as_u64().unwrap()).sum()
    };
    assert_eq!(sum("runs"), report["runs"]);
    for row in report["invariants"].as_array().unwrap() {
        let generators = report["generators"].as_array().unwrap().iter();
        let broken = generators.filter_map(|one| one["broken"][row["id"].as_str()?].as_u64());
        let all = row["violations"].as_u64().unwrap() + row["violations_beyond"].as_u64().unwrap();
        assert_eq!(broken.sum::<u64>(), all, "{row}");
    }
}
