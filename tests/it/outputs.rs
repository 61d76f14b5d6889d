//! Where results go, and that they go there whole or not at all.

use std::fs;

use crate::command::{coalmine, coalmine_in, command, json, plain, ran};

/// Far too many rollouts to play in the time of a test: only a check beforehand answers in time.
const ENDLESS: [&str; 4] = ["simulate", "policy.yaml", "-n", "1000000000"];

#[test]
fn a_path_that_cannot_be_written_is_found_before_anything_is_played() {
    let folder = plain();
    fs::create_dir(folder.path().join("taken")).unwrap();
    for (path, reason) in [
        ("json=no/such/folder/x.json", "No such file"),
        ("json=taken", "it is a folder"),
    ] {
        let ran = coalmine_in(folder.path(), &[&ENDLESS[..], &["--out", path]].concat());
        assert_eq!(ran.code, 3, "{ran:#?}");
        assert!(
            ran.err.contains("cannot write") && ran.err.contains(reason),
            "{ran:#?}"
        );
        assert!(ran.err.contains("help:"), "{ran:#?}");
    }
}

#[test]
fn of_several_files_all_are_written_or_none() {
    let folder = plain();
    let both = ["--out", "json=first.json", "--out", "text=no/second.txt"];
    let run = ["run", "policy.yaml", "--scenario", "good"];
    assert_eq!(
        coalmine_in(folder.path(), &[&run[..], &both[..]].concat()).code,
        3
    );
    let left: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|it| it.unwrap().file_name())
        .collect();
    assert_eq!(left.len(), 4, "{left:?}");
}

#[test]
fn a_result_goes_to_files_and_to_stdout_in_its_own_forms() {
    let folder = plain();
    let args = [
        "simulate",
        "policy.yaml",
        "-n",
        "64",
        "--no-fail",
        "--format",
        "json",
    ];
    let files = [
        "--out",
        "json=result.json",
        "--out",
        "markdown=result.md",
        "--out",
        "text=t.txt",
    ];
    let ran = coalmine_in(folder.path(), &[&args[..], &files[..]].concat());
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("result.json"), ran.out);
    assert!(read("result.md").contains("| objective |"));
    assert!(read("t.txt").contains("false_rollback"));
    assert!(!read("t.txt").contains('\u{1b}'));
}

#[cfg(unix)]
#[test]
fn a_new_file_may_be_read_by_others_and_an_old_one_keeps_its_rights() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = plain();
    let path = folder.path().join("result.json");
    let write = || {
        let args = [
            "run",
            "policy.yaml",
            "--scenario",
            "good",
            "--out",
            "json=result.json",
        ];
        assert_eq!(coalmine_in(folder.path(), &args).code, 0);
        fs::metadata(&path).unwrap().permissions().mode() & 0o777
    };
    assert_eq!(write() & 0o444, 0o444);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(write(), 0o600);
}

#[cfg(unix)]
#[test]
fn a_device_is_written_to_and_a_link_stays_a_link() {
    let folder = plain();
    std::os::unix::fs::symlink("real.json", folder.path().join("link.json")).unwrap();
    fs::write(folder.path().join("real.json"), "old").unwrap();
    let run = ["run", "policy.yaml", "--scenario", "good"];
    let out = ["--out", "json=link.json", "--out", "text=/dev/null"];
    let ran = coalmine_in(folder.path(), &[&run[..], &out[..]].concat());
    assert_eq!(ran.code, 0, "{ran:#?}");
    let link = fs::symlink_metadata(folder.path().join("link.json")).unwrap();
    assert!(link.file_type().is_symlink());
    assert!(
        fs::read_to_string(folder.path().join("real.json"))
            .unwrap()
            .contains("\"schema\"")
    );
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
}

#[test]
fn the_answer_is_on_stdout_and_nothing_else_is() {
    let folder = plain();
    let ran = coalmine_in(
        folder.path(),
        &[
            "simulate",
            "policy.yaml",
            "-n",
            "64",
            "--no-fail",
            "--format",
            "json",
            "-v",
        ],
    );
    assert_eq!(json(&ran)["schema"], "coalmine/simulate");
    let quiet = coalmine_in(
        folder.path(),
        &["run", "policy.yaml", "--scenario", "good", "-q"],
    );
    assert_eq!(quiet.err, "");
}

/// `coalmine schema policy | head -1`: the reader goes away, nothing is wrong.
#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_error() {
    use std::io::Read as _;
    let mut child = command(&["schema", "policy"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdout.take().unwrap();
    pipe.read_exact(&mut [0; 1]).unwrap();
    drop(pipe);
    let ran = ran(child.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
}

#[test]
fn colour_is_used_where_it_is_asked_for_and_no_color_is_honoured() {
    let folder = plain();
    let check = |more: &[&str], variables: &[(&str, &str)], colour: bool| {
        let args = [&["run", "policy.yaml", "--scenario", "good"], more].concat();
        let mut command = command(&args);
        command
            .current_dir(folder.path())
            .envs(variables.iter().copied());
        let ran = ran(command.output().unwrap());
        assert_eq!(ran.out.contains('\u{1b}'), colour, "{more:?} {variables:?}");
    };
    check(&[], &[], false);
    check(&["--color", "always"], &[], true);
    check(&[], &[("CLICOLOR_FORCE", "1")], true);
    check(&["--color", "never"], &[("CLICOLOR_FORCE", "1")], false);
    check(&[], &[("NO_COLOR", "1")], false);
}

#[test]
fn colour_changes_no_word() {
    let folder = plain();
    let run = ["run", "policy.yaml", "--scenario", "bad"];
    let without = coalmine_in(folder.path(), &run);
    let with = coalmine_in(folder.path(), &[&run[..], &["--color", "always"]].concat());
    let mut stripped = String::new();
    let mut parts = with.out.split('\u{1b}');
    stripped += parts.next().unwrap();
    for part in parts {
        stripped += part.split_once('m').unwrap().1;
    }
    assert_eq!(stripped, without.out);
}

#[test]
fn a_narrow_terminal_loses_nothing() {
    let folder = plain();
    let simulate = ["simulate", "policy.yaml", "-n", "64", "--no-fail"];
    let wide = coalmine_in(folder.path(), &simulate);
    let mut narrow = command(&simulate);
    let narrow = ran(narrow
        .current_dir(folder.path())
        .env("COLUMNS", "40")
        .output()
        .unwrap());
    for line in narrow
        .out
        .lines()
        .filter(|line| !line.contains("coalmine run"))
    {
        assert!(line.chars().count() <= 40, "{line}");
    }
    for word in wide.out.split_whitespace() {
        assert!(
            narrow.out.contains(word),
            "{word} is lost in\n{}",
            narrow.out
        );
    }
}

#[test]
fn hidden_characters_of_a_name_are_shown() {
    let folder = plain();
    let path = folder.path().join("policy.yaml");
    let policy = fs::read_to_string(&path).unwrap();
    let evil = policy.replace("name: plain", "name: \"pla\\u202ein\\u001b[2J\"");
    fs::write(&path, evil).unwrap();
    for format in ["text", "markdown"] {
        let run = [
            "run",
            "policy.yaml",
            "--scenario",
            "good",
            "--format",
            format,
        ];
        let ran = coalmine_in(folder.path(), &run);
        assert_eq!(ran.code, 0, "{ran:#?}");
        assert!(ran.out.contains("pla\\u{202e}in\\u{1b}[2J"), "{}", ran.out);
        assert!(!ran.out.contains(['\u{1b}', '\u{202e}']));
    }
}

#[test]
fn every_schema_is_json_and_every_shell_has_completions() {
    for kind in ["policy", "scenario", "world", "run", "simulate"] {
        let schema = json(&coalmine(&["schema", kind]));
        assert!(
            schema["$schema"]
                .as_str()
                .unwrap()
                .contains("json-schema.org"),
            "{kind}"
        );
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(
            coalmine(&["completions", shell]).out.contains("simulate"),
            "{shell}"
        );
    }
}
