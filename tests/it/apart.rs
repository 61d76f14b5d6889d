//! No result takes the place of an input, of another result, or of what the user had there.

use std::fs;
use std::path::Path;

use crate::command::{coalmine_in, names, plain};

/// A command that would take hours if it were not refused, and the input that its result would destroy.
/// `@` stands for that input.
const DESTROYS: [(&str, &str); 26] = [
    (
        "simulate policy.yaml -n 999999999 --out json=@",
        "policy.yaml",
    ),
    (
        "simulate policy.yaml -n 999999999 --out json=@",
        "good.scenario.yaml",
    ),
    (
        "simulate policy.yaml -n 999999999 --out markdown=@",
        "world.yaml",
    ),
    (
        "simulate policy.yaml -n 999999999 --out html=@",
        "hard.yaml",
    ),
    (
        "simulate policy.yaml -n 999999999 --out junit=@",
        "soft.yaml",
    ),
    (
        "simulate policy.yaml -n 999999999 --out csv=./deep/../@",
        "policy.yaml",
    ),
    (
        "simulate hard.yaml -n 999999999 --out csv=policy.yaml",
        "policy.yaml",
    ),
    (
        "simulate policy.yaml --scenario good --rare false_rollback --out json=@",
        "policy.yaml",
    ),
    (
        "run policy.yaml --scenario good --out json=@",
        "policy.yaml",
    ),
    (
        "run policy.yaml --scenario good --out html=@",
        "good.scenario.yaml",
    ),
    (
        "compare policy.yaml soft.yaml -n 999999999 --out json=@",
        "policy.yaml",
    ),
    (
        "compare wedge policy.yaml -n 999999999 --scenario wedge/healthy --out json=@",
        "policy.yaml",
    ),
    (
        "chaos policy.yaml --scenario good --out json=@",
        "policy.yaml",
    ),
    (
        "chaos policy.yaml --scenario good --campaign campaign.yaml --out html=@",
        "campaign.yaml",
    ),
    (
        "curve policy.yaml --scenario bad -n 1000000 --out csv=@",
        "bad.scenario.yaml",
    ),
    (
        "tune policy.yaml --vary gates.errors-high.limit=1%..5%:9 --out patch=@",
        "policy.yaml",
    ),
    (
        "mutate policy.yaml --scenario good -n 9999999 --out json=@",
        "world.yaml",
    ),
    ("backtest policy.yaml past.csv --out csv=@", "past.csv"),
    ("calibrate past.csv --out noise=@", "past.csv"),
    ("lint policy.yaml --out sarif=@", "policy.yaml"),
    ("lint policy.yaml --out json=@", "world.yaml"),
    ("lint . --out json=@", "bad.scenario.yaml"),
    ("report result.json --out html=@", "result.json"),
    ("export packet result.json --out json=@", "result.json"),
    ("verify --cases cases.json --out json=@", "cases.json"),
    ("decide wedge --wedge wedge.json --out json=@", "wedge.json"),
];

/// The plain files, two links to the policy, and one input of each other kind.
fn folder() -> tempfile::TempDir {
    let folder = plain();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("deep")).unwrap();
    fs::hard_link(at("policy.yaml"), at("hard.yaml")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("policy.yaml", at("soft.yaml")).unwrap();
    let campaign = "version: 1\nname: small\ngenerators:\n  - calm: {runs: 10}\n";
    fs::write(at("campaign.yaml"), campaign).unwrap();
    let rows: String = (0..3000)
        .map(|minute| format!("{},{},1000\n", 1_772_325_000 + minute * 60, minute % 7))
        .collect();
    fs::write(at("past.csv"), format!("timestamp,value,n\n{rows}")).unwrap();
    fs::write(at("cases.json"), "[]").unwrap();
    fs::write(at("wedge.json"), "{}").unwrap();
    let run = [
        "run",
        "policy.yaml",
        "--scenario",
        "good",
        "--out",
        "json=result.json",
    ];
    assert_eq!(coalmine_in(folder.path(), &run).code, 0);
    folder
}

fn state(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let read = |name: String| {
        let bytes = fs::read(folder.join(&name)).unwrap_or_default();
        (name, bytes)
    };
    names(folder).into_iter().map(read).collect()
}

#[test]
fn a_result_that_would_take_the_place_of_an_input_is_refused_before_anything_is_played() {
    let folder = folder();
    let before = state(folder.path());
    for (line, input) in DESTROYS {
        let line = line.replace('@', input);
        let args: Vec<&str> = line.split(' ').collect();
        let ran = coalmine_in(folder.path(), &args);
        assert!(matches!(ran.code, 2 | 3), "{line}: {ran:#?}");
        let why = ran.err.contains("told to write it") || ran.err.contains("would be overwritten");
        assert!(why, "{line}: {ran:#?}");
        assert!(state(folder.path()) == before, "{line} changed something");
    }
}

#[test]
fn two_results_at_one_path_are_refused_and_devices_take_any_number() {
    let folder = folder();
    let check = |outputs: &str, code: i32| {
        let line = format!("run policy.yaml --scenario good {outputs}");
        let ran = coalmine_in(folder.path(), &line.split(' ').collect::<Vec<_>>());
        assert_eq!(ran.code, code, "{line}: {ran:#?}");
        assert_eq!(ran.err.contains("go to one path"), code == 2, "{ran:#?}");
    };
    check("--out json=a.json --out text=a.json", 2);
    check("--out json=a.json --out text=./deep/../a.json", 2);
    check("--out json=hard.yaml --out text=soft.yaml", 2);
    check("--out svg=charts --out svg=./charts", 2);
    check("--out svg=deep --out json=deep/story.svg", 2);
    check("--out json=/dev/null --out text=/dev/null", 0);
    check("--out svg=deep --out json=deep/story.json", 0);
    assert!(!folder.path().join("charts").exists());
}

/// The folder of a user who had made it for the charts; a refusal takes away only what was made for it.
#[test]
fn an_empty_folder_of_the_user_outlives_a_command_that_fails() {
    let folder = folder();
    fs::create_dir(folder.path().join("mine")).unwrap();
    for (outputs, kept) in [("--out svg=mine", true), ("--out svg=ours", false)] {
        let line = format!("run policy.yaml --scenario nothing {outputs}");
        let ran = coalmine_in(folder.path(), &line.split(' ').collect::<Vec<_>>());
        assert_eq!(ran.code, 3, "{ran:#?}");
        let name = outputs.split_once('=').unwrap().1;
        assert_eq!(folder.path().join(name).exists(), kept, "{outputs}");
    }
}

#[cfg(unix)]
#[test]
fn stdout_in_a_file_is_a_result_like_any_other() {
    let folder = folder();
    let check = |file: &str, line: &str, code: i32| {
        let out = fs::File::options()
            .append(true)
            .create(true)
            .open(folder.path().join(file))
            .unwrap();
        let args: Vec<&str> = line.split(' ').collect();
        let mut command = crate::command::command(&args);
        let output = command.current_dir(folder.path()).stdout(out).output();
        let ran = crate::command::ran(output.unwrap());
        assert_eq!(ran.code, code, "{file} {line}: {ran:#?}");
    };
    let before = fs::read(folder.path().join("policy.yaml")).unwrap();
    check("policy.yaml", "run policy.yaml --scenario good", 3);
    check(
        "a.txt",
        "run policy.yaml --scenario good --out json=a.txt",
        2,
    );
    check(
        "a.txt",
        "run policy.yaml --scenario good --out json=a.json",
        0,
    );
    assert_eq!(fs::read(folder.path().join("policy.yaml")).unwrap(), before);
}

/// What a campaign and a case keep is theirs, and what lies in a folder besides a case is the user's.
#[test]
fn the_state_and_the_cases_of_a_campaign_take_no_place_that_is_taken() {
    let folder = folder();
    let check = |line: &str, why: &str| {
        let ran = coalmine_in(folder.path(), &line.split(' ').collect::<Vec<_>>());
        assert!(matches!(ran.code, 2 | 3), "{line}: {ran:#?}");
        assert!(ran.err.contains(why), "{line}: {ran:#?}");
    };
    let chaos = "chaos policy.yaml --scenario good";
    check(
        &format!("{chaos} --state deep --out json=deep/campaign.json"),
        "writes as a whole",
    );
    check(
        &format!("{chaos} --state policy.yaml"),
        "cannot write policy.yaml",
    );
    check(
        &format!("{chaos} --cases policy.yaml/x"),
        "cannot write policy.yaml",
    );
    assert_eq!(names(&folder.path().join("deep")), [] as [&str; 0]);
}

/// What lies in the folder of a case besides the case is the user's.
#[test]
fn a_smaller_case_takes_nothing_from_the_folder_of_the_case() {
    let folder = crate::cases::found();
    let case = folder.path().join("found");
    let before = names(&case);
    let out = ["shrink", "found", "--out", "json=found/x.json"];
    let ran = coalmine_in(folder.path(), &out);
    assert_eq!(ran.code, 2, "{ran:#?}");
    assert!(ran.err.contains("writes as a whole"), "{ran:#?}");
    fs::write(case.join("notes.md"), "mine").unwrap();
    let ran = coalmine_in(folder.path(), &["shrink", "found"]);
    assert_eq!(ran.code, 3, "{ran:#?}");
    assert!(
        ran.err.contains("notes.md, which is no part of a case"),
        "{ran:#?}"
    );
    fs::remove_file(case.join("notes.md")).unwrap();
    assert_eq!(names(&case), before);
}
