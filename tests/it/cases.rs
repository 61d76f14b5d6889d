//! Cases through the binary: written, played again, made smaller, explained, and refused.

use std::fs;
use std::path::{Path, PathBuf};

use chaos::catalogue::{Entry, Injection};
use chaos::rehearsal::Rehearsal;
use chaos::shrink::{BUDGET, shrink};
use coalmine::study::case_folder::{Found, case_folder};
use scenarios::{library, load};
use sim_core::Seed;
use sim_core::policy::Profile;
use tempfile::TempDir;

use crate::command::{Ran, coalmine, coalmine_in, json};

/// A bad release of `wedge`, hosts that do not obey, and two faults that play no part.
fn rehearsal() -> Rehearsal {
    let wedge = library::system("wedge").unwrap();
    let policy = load::policy(
        "policy",
        wedge.policy(Profile::AsWritten).unwrap().as_bytes(),
    )
    .unwrap();
    let scenario = wedge.scenario("step-regression").unwrap();
    let scenario = load::scenario("scenario", scenario.as_bytes()).unwrap();
    let world = load::world("world", wedge.world.as_bytes()).unwrap().value;
    let faults = ["env.surge", "actuation.stuck_hosts", "human.ack_rash"];
    let injection = |name: &&str| Injection::of(Entry::of(name).unwrap());
    Rehearsal {
        experiment: load::experiment_of(&policy, &scenario, &world).unwrap(),
        injections: faults.iter().map(injection).collect(),
        seed: Seed {
            root: 424_242,
            replication: 3,
        },
    }
}

/// A folder with the case in `found`, as it was found: nothing has been taken away.
pub fn found() -> TempDir {
    let original = rehearsal();
    let mut shrunk = shrink(&original, "INV-ROLLBACK", BUDGET).unwrap();
    shrunk.rehearsal = original.clone();
    let found = Found {
        original: &original,
        shrunk: &shrunk,
        promise: "INV-ROLLBACK",
        found_by: None,
    };
    let folder = tempfile::tempdir().unwrap();
    let case = folder.path().join("found");
    fs::create_dir(&case).unwrap();
    for (name, text) in case_folder(&found, "found").unwrap().files {
        fs::write(case.join(name), text).unwrap();
    }
    folder
}

fn run(folder: &TempDir, args: &[&str], code: i32) -> Ran {
    let ran = coalmine_in(folder.path(), args);
    assert_eq!(ran.code, code, "{ran:?}");
    ran
}

fn names(folder: &Path) -> Vec<PathBuf> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into())
        .collect();
    names.sort();
    names
}

#[test]
fn a_case_is_made_smaller_and_plays_again() {
    let folder = found();
    let shrunk = run(
        &folder,
        &["shrink", "found", "--into", "small", "--format", "json"],
        0,
    );
    let report = json(&shrunk);
    assert_eq!(report["schema"], "coalmine/case");
    assert_eq!(report["size"]["faults"], 1);
    assert_eq!(report["size"]["faults_found"], 3);
    assert_eq!(report["faults"][0]["name"], "actuation.stuck_hosts");
    let files = [
        "case.yaml",
        "original.yaml",
        "plot.svg",
        "timeline.csv",
        "why.md",
    ]
    .map(PathBuf::from);
    assert_eq!(names(&folder.path().join("small")), files);
    assert_eq!(
        names(folder.path()),
        ["found", "small"].map(PathBuf::from),
        "nothing is left over"
    );
    let again = run(&folder, &["replay", "small"], 0);
    assert!(
        again
            .out
            .contains("reproduced; INV-ROLLBACK is violated at"),
        "{}",
        again.out
    );
    let file = run(&folder, &["replay", "small/case.yaml"], 0);
    assert_eq!(file.out, again.out);
    run(&folder, &["replay", "found"], 0);
}

#[test]
fn a_case_that_is_as_small_as_it_gets_stays_as_it_is() {
    let folder = found();
    run(&folder, &["shrink", "found"], 0);
    let read = || fs::read_to_string(folder.path().join("found/case.yaml")).unwrap();
    let once = read();
    run(&folder, &["shrink", "found"], 0);
    let without = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| !line.contains("replays:"));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(without(&read()), without(&once));
}

#[test]
fn a_case_is_explained_with_and_without_each_fault() {
    let folder = found();
    let text = run(&folder, &["explain", "found"], 0).out;
    for said in [
        "INV-ROLLBACK of wedge (as-written) is violated",
        "all faults",
        "without actuation.stuck_hosts",
        "no fault",
        "because hosts do not obey before the fault is healed",
        "INV-ROLLBACK is kept without it",
        "INV-ROLLBACK is violated without it as well",
        "replay  coalmine replay found",
    ] {
        let unfolded = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(unfolded.contains(&said), "no {said:?} in\n{text}");
    }
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
    let page = run(&folder, &["explain", "found", "--format", "markdown"], 0).out;
    let kept = fs::read_to_string(folder.path().join("found/why.md")).unwrap();
    assert_eq!(page, kept, "the page beside the case says the same");
}

#[test]
fn a_case_says_whether_another_policy_keeps_the_promise() {
    let folder = found();
    run(&folder, &["shrink", "found"], 0);
    let same = run(&folder, &["replay", "found", "--policy", "wedge"], 99);
    assert!(
        same.out.starts_with("INV-ROLLBACK is broken at"),
        "{}",
        same.out
    );
    run(
        &folder,
        &["replay", "found", "--policy", "wedge", "--no-fail"],
        0,
    );
    let text = library::system("wedge")
        .unwrap()
        .policy(Profile::AsWritten)
        .unwrap();
    let patient = text.replace("deadline: 60s", "deadline: 100h");
    fs::write(folder.path().join("patient.yaml"), patient).unwrap();
    let mended = run(&folder, &["replay", "found", "--policy", "patient.yaml"], 0);
    assert!(
        mended.out.starts_with("INV-ROLLBACK is not broken"),
        "{}",
        mended.out
    );
    let foreign = run(&folder, &["replay", "found", "--policy", "raptorq"], 3);
    assert!(foreign.err.contains("CM102"), "{}", foreign.err);
}

#[test]
fn a_case_that_was_edited_or_spoiled_is_refused_with_its_place() {
    let folder = found();
    let path = folder.path().join("found/case.yaml");
    let text = fs::read_to_string(&path).unwrap();
    for (from, to, said) in [
        (
            "seed: 424242",
            "seed: 424243",
            "was changed after it was written",
        ),
        (
            "actuation.stuck_hosts:",
            "actuation.stuck_host:",
            "case.yaml:",
        ),
        (
            "promise: INV-ROLLBACK",
            "promise: INV-ROLBACK",
            "did you mean `INV-ROLLBACK`?",
        ),
    ] {
        assert!(text.contains(from), "{from}");
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
        let refused = run(&folder, &["replay", "found"], 3);
        assert!(refused.err.contains(said), "{}", refused.err);
    }
    let wrong = text
        .replacen("  hash: ", "  hash: f", 1)
        .replacen("hash: f\"", "hash: \"f", 1);
    fs::write(&path, wrong).unwrap();
    let diverged = run(&folder, &["replay", "found"], 5);
    assert!(
        diverged.out.contains("INV-ROLLBACK is still broken"),
        "{}",
        diverged.out
    );
}

#[test]
fn what_is_no_case_is_refused() {
    let folder = found();
    run(&folder, &["replay", "nowhere.yaml"], 3);
    run(&folder, &["shrink", "nowhere"], 3);
    fs::create_dir(folder.path().join("mine")).unwrap();
    let taken = run(&folder, &["shrink", "found", "--into", "mine"], 3);
    assert!(taken.err.contains("exists and is no case"), "{}", taken.err);
    let spent = run(
        &folder,
        &["shrink", "found", "--budget", "4", "--into", "small"],
        4,
    );
    assert!(spent.err.contains("the budget was spent"), "{}", spent.err);
    let usage = coalmine(&["replay", "result.json", "--policy", "wedge"]);
    assert_eq!(usage.code, 2, "{usage:?}");
}
