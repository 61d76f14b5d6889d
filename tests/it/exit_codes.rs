//! Each exit code, through the binary.

use crate::command::{coalmine, coalmine_in, command, interrupted, json, plain, ran};

#[track_caller]
fn check(args: &[&str], code: i32) {
    let ran = coalmine_in(plain().path(), args);
    assert_eq!(ran.code, code, "{args:?}: {ran:#?}");
}

#[test]
fn code_0_when_everything_is_met() {
    check(&["run", "policy.yaml", "--scenario", "good"], 0);
    check(
        &["simulate", "policy.yaml", "--scenario", "good", "-n", "400"],
        0,
    );
    check(&["lint", "policy.yaml"], 0);
}

/// An answer that cannot be written is nobody's mistake in the input.
#[cfg(target_os = "linux")]
#[test]
fn code_6_when_the_answer_or_a_file_cannot_be_written() {
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let stdout = ran(command(&["list"]).stdout(full).output().unwrap());
    let file = coalmine(&["list", "--out", "json=/dev/full"]);
    for ran in [stdout, file] {
        assert_eq!(ran.code, 6, "{ran:#?}");
        assert!(
            ran.err.contains("No space left") && ran.err.contains("help:"),
            "{ran:#?}"
        );
    }
}

#[test]
fn code_2_when_the_command_line_makes_no_sense() {
    check(&["rnu"], 2);
    check(&["run"], 2);
    check(&["run", "policy.yaml"], 2);
    check(
        &[
            "run",
            "policy.yaml",
            "--scenario",
            "good",
            "--profile",
            "as-written",
        ],
        2,
    );
    check(
        &[
            "run",
            "policy.yaml",
            "--scenario",
            "good",
            "--format",
            "env",
        ],
        2,
    );
    check(&["simulate", "policy.yaml", "-n", "0"], 2);
    check(&["simulate", "policy.yaml", "--out", "result.json"], 2);
}

#[test]
fn code_3_when_an_input_cannot_be_used() {
    check(&["run", "nothing.yaml", "--scenario", "good"], 3);
    check(&["run", "policy.yaml", "--scenario", "nothing"], 3);
    check(&["run", "world.yaml", "--scenario", "good"], 3);
    check(&["lint", "policy.yaml", "--fail-on", "warning"], 3);
    check(&["replay", "policy.yaml"], 3);
    check(&["list", "nothing"], 3);
    check(&["explain", "nothing"], 3);
}

#[test]
fn code_4_when_more_runs_are_needed() {
    // 0 of 20 leaves up to 17 % of doubt about a limit of 5 %.
    check(
        &["simulate", "policy.yaml", "--scenario", "good", "-n", "20"],
        4,
    );
}

/// A release that is broken only a little passes the gates.
const SLY: &str = "change: {add: {signal: errors, by: 0.001}}";

#[test]
fn code_99_when_an_objective_is_missed_and_what_changes_it() {
    let folder = plain();
    let path = folder.path().join("bad.scenario.yaml");
    let bad = std::fs::read_to_string(&path).unwrap();
    let sly = bad.replace("change: {add: {signal: errors, by: 0.2}}", SLY);
    assert_ne!(sly, bad);
    std::fs::write(&path, sly).unwrap();
    let simulate = ["simulate", "policy.yaml", "--scenario", "bad", "-n", "64"];
    let run = ["run", "policy.yaml", "--scenario", "bad"];
    for args in [&simulate[..], &run[..]] {
        for (more, code) in [
            (&[][..], 99),
            (&["--no-fail"][..], 0),
            (&["--exit-code-on-miss", "7"][..], 7),
            (&["--exit-code-on-miss", "86"][..], 2),
            (&["--exit-code-on-miss", "130"][..], 2),
        ] {
            let args = [args, more].concat();
            let ran = coalmine_in(folder.path(), &args);
            assert_eq!(ran.code, code, "{args:?}: {ran:#?}");
        }
    }
}

#[test]
fn code_5_when_a_recorded_result_is_not_what_is_played_again() {
    let folder = plain();
    for args in [
        &[
            "run",
            "policy.yaml",
            "--scenario",
            "bad",
            "--out",
            "json=result.json",
        ][..],
        &[
            "simulate",
            "policy.yaml",
            "-n",
            "100",
            "--out",
            "json=result.json",
            "--no-fail",
        ][..],
    ] {
        coalmine_in(folder.path(), args);
        let same = coalmine_in(folder.path(), &["replay", "result.json"]);
        assert_eq!(same.code, 0, "{same:#?}");
        let path = folder.path().join("result.json");
        let result = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, tampered(&result)).unwrap();
        let other = coalmine_in(folder.path(), &["replay", "result.json"]);
        assert_eq!(other.code, 5, "{other:#?}");
        assert!(other.out.contains("DIVERGED: first"), "{other:#?}");
    }
}

/// The result with another hash, another event and another block of rollouts.
fn tampered(result: &str) -> String {
    let mut result: serde_json::Value = serde_json::from_str(result).unwrap();
    result["hash"] = "0123456789abcdef".into();
    if result["events"].is_array() {
        result["events"][3]["detail"] = "something else".into();
    } else {
        result["scenarios"][1]["blocks"][1] = "0123456789abcdef".into();
    }
    result.to_string()
}

#[test]
fn a_divergence_names_the_event_or_the_rollouts() {
    let folder = plain();
    let record = [
        "run",
        "policy.yaml",
        "--scenario",
        "bad",
        "--out",
        "json=result.json",
    ];
    coalmine_in(folder.path(), &record);
    let path = folder.path().join("result.json");
    let result = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, tampered(&result)).unwrap();
    let ran = coalmine_in(folder.path(), &["replay", "result.json"]);
    assert!(ran.out.contains("first at event 3:"), "{ran:#?}");
    assert!(ran.out.contains("something else"), "{ran:#?}");
}

#[test]
fn a_changed_policy_is_no_broken_determinism() {
    let folder = plain();
    let record = [
        "run",
        "policy.yaml",
        "--scenario",
        "bad",
        "--out",
        "json=result.json",
    ];
    coalmine_in(folder.path(), &record);
    let path = folder.path().join("policy.yaml");
    let policy = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, policy + "# changed\n").unwrap();
    let ran = coalmine_in(folder.path(), &["replay", "result.json"]);
    assert_eq!(ran.code, 3, "{ran:#?}");
    assert!(ran.err.contains("has changed since"), "{ran:#?}");
}

/// Ctrl-C arrives while rollouts are played: what is finished is reported, marked incomplete.
#[cfg(unix)]
#[test]
fn code_105_when_interrupted_with_what_was_finished() {
    let folder = plain();
    let many = ["-n", "10000000", "--format", "json", "-v"];
    let ran = interrupted(
        folder.path(),
        "-INT",
        &[&["simulate", "policy.yaml"][..], &many].concat(),
    );
    assert_eq!(ran.code, 105, "{}", ran.err);
    let report = json(&ran);
    assert_eq!(report["complete"], false);
    assert!(
        report["runs"].as_u64().unwrap() > 0,
        "some rollouts were finished"
    );
}

/// A search that is broken off recommends nothing, and says so.
#[cfg(unix)]
#[test]
fn code_105_when_a_search_is_interrupted() {
    let folder = plain();
    // Many settings whose false rollbacks are near the limit: the search is far from its end after a second.
    let vary = ["--vary", "gates.errors-high.limit=0.3%..5%:40"];
    let windows = ["--vary", "gates.errors-high.window=1..12:12:lin"];
    let limit = ["--subject-to", "false_rollback<=0.01%"];
    let more = ["--runs", "100000000", "--format", "json", "-v"];
    let ran = interrupted(
        folder.path(),
        "-INT",
        &[&["tune", "policy.yaml"], &vary[..], &windows, &limit, &more].concat(),
    );
    assert_eq!(ran.code, 105, "{}", ran.err);
    assert_eq!(json(&ran)["status"], "interrupted", "{}", ran.out);
}

/// What the help lists is what the command has, and what it does not list is no form of it.
#[test]
fn the_help_of_a_command_lists_the_forms_that_it_has_and_no_other_is_taken() {
    let forms = "text json markdown env noise csv patch html junit jsonl github sarif";
    for (command, own) in [
        ("lint policy.yaml", "text json github sarif"),
        ("list", "text json"),
        ("calibrate past.csv", "text json noise"),
        ("mutate policy.yaml", "text json markdown html"),
        ("verify", "text json"),
        ("decide wedge --wedge x.json", "text json markdown"),
    ] {
        let words: Vec<&str> = command.split(' ').collect();
        let help = coalmine(&[&words[..], &["--help"]].concat()).out;
        let listed = help.split_once("--format").unwrap().1;
        let own: Vec<&str> = own.split(' ').collect();
        for form in forms.split(' ').filter(|form| !own.contains(form)) {
            for more in [
                ["--format".to_owned(), form.to_owned()],
                ["--out".to_owned(), format!("{form}=x")],
            ] {
                let more = more.each_ref().map(String::as_str);
                let ran = coalmine(&[&words[..], &more].concat());
                assert_eq!(ran.code, 2, "{command} {more:?}: {ran:#?}");
                for known in &own {
                    assert!(ran.err.contains(known), "{command} {more:?}: {ran:#?}");
                }
            }
            assert!(!listed.contains(&format!("- {form}:")), "{command}: {help}");
        }
        assert!(
            own.iter().all(|form| listed.contains(form)),
            "{command}: {help}"
        );
    }
}

/// `coalmine.toml` is found from a folder below it, is told of with -v, and is refused where it is wrong.
#[test]
fn defaults_stand_in_a_file_and_the_command_line_goes_before_it() {
    let folder = plain();
    let toml = folder.path().join("coalmine.toml");
    std::fs::write(
        &toml,
        "seed = 7\n[simulate]\nruns = 32\nformat = \"json\"\n",
    )
    .unwrap();
    let simulate = ["simulate", "policy.yaml", "-v", "--no-fail"];
    let ran = coalmine_in(folder.path(), &simulate);
    assert_eq!(json(&ran)["seed"], 7);
    assert_eq!(json(&ran)["runs"], 64, "32 of each of two scenarios");
    assert!(ran.err.contains("coalmine.toml"), "{}", ran.err);
    let said = coalmine_in(
        folder.path(),
        &[&simulate[..], &["--seed", "9", "-n", "16"]].concat(),
    );
    assert_eq!(
        (json(&said)["seed"].as_u64(), json(&said)["runs"].as_u64()),
        (Some(9), Some(32))
    );
    std::fs::write(&toml, "[simulate]\nrnus = 32\n").unwrap();
    let refused = coalmine_in(folder.path(), &simulate);
    assert_eq!(refused.code, 3, "{refused:#?}");
    assert!(
        refused.err.contains("coalmine.toml:2:1") && refused.err.contains("did you mean `runs`"),
        "{refused:#?}"
    );
}

#[test]
fn the_table_of_exit_codes_is_shown_by_the_command_and_by_the_help() {
    let help = coalmine(&["help", "exit-codes"]);
    let table = coalmine(&["exit-codes"]);
    assert!(help.out.contains(table.out.trim_end()), "{help:#?}");
    for code in ["0", "1", "2", "3", "4", "5", "6", "99", "105"] {
        let starts = |line: &str| line.trim_start().starts_with(&format!("{code}  "));
        assert!(table.out.lines().any(starts), "{code} in {}", table.out);
    }
}
