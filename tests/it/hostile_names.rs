//! Names that would repaint a terminal, hide, break a table, run as a formula or command a pipeline: whatever
//! is written, a reader sees text.

use std::fs;
use std::path::Path;

use crate::command::{coalmine_in, names, plain};

/// What a name may hold, harmless in itself: an escape sequence, its one-byte form, marks of direction and of
/// no width, markup, the end of a cell behind a backslash, a formula and a workflow command. As YAML writes it.
const EVIL: &str =
    r"=1+1 \\| <b>x</b> \u001b[2J \u009b31m \u202egood\u200b\n::error::hacked\n##[error]x";

/// The plain files, with the name in every place that takes one.
fn folder() -> tempfile::TempDir {
    let folder = plain();
    let swap = |file: &str, old: &str, new: &str| {
        let path = folder.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(old), "{file}: {old}");
        fs::write(&path, text.replace(old, new)).unwrap();
    };
    swap("policy.yaml", "name: plain", &format!("name: \"{EVIL}\""));
    swap(
        "good.scenario.yaml",
        "name: good",
        &format!("name: \"{EVIL}\""),
    );
    swap(
        "bad.scenario.yaml",
        "name: bad",
        &format!("name: \"{EVIL}\""),
    );
    let campaign = "version: 1\nname: small\ngenerators:\n  - calm: {runs: 4}\n  - plain: {runs: 40}\n  \
                    - alone: {runs: 60}\n";
    fs::write(folder.path().join("small.yaml"), campaign).unwrap();
    let rows: String = (0..900)
        .map(|at| format!("{},{},1000\n", 1_772_325_000 + at * 60, at % 7))
        .collect();
    fs::write(
        folder.path().join("past.csv"),
        format!("timestamp,value,n\n{rows}"),
    )
    .unwrap();
    folder
}

/// A command and the forms in which it answers.
const COMMANDS: [(&str, &str); 9] = [
    ("run policy.yaml --scenario bad", "text json markdown html"),
    (
        "simulate policy.yaml -n 40",
        "text json markdown html junit csv jsonl github",
    ),
    (
        "compare policy.yaml policy.yaml --scenario good -n 8",
        "text json markdown html",
    ),
    (
        "curve policy.yaml --scenario bad --points 3 -n 8",
        "text json markdown csv html",
    ),
    (
        "tune policy.yaml --vary gates.errors-high.limit=4%..5%:2 --runs 200 --confirm 8",
        "text json markdown html",
    ),
    (
        "mutate policy.yaml --scenario good -n 300",
        "text json markdown html",
    ),
    (
        "backtest policy.yaml past.csv --every 1h",
        "text json csv html",
    ),
    (
        "chaos policy.yaml --scenario good --campaign small.yaml --cases cases",
        "text json markdown html junit",
    ),
    ("lint policy.yaml", "text json sarif github"),
];

#[track_caller]
fn check(text: &str, form: &str, what: &str) {
    let hidden = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
    };
    if let Some(c) = text.chars().find(|c| hidden(*c)) {
        let at = text.find(c).unwrap();
        let from = (0..=at.saturating_sub(60))
            .rev()
            .find(|at| text.is_char_boundary(*at));
        panic!(
            "{what} as {form} holds {c:?} after {:?}",
            &text[from.unwrap()..at]
        );
    }
    for line in text.lines() {
        let ours = form == "github" && !line.contains("::error::hacked");
        assert!(
            ours || !line.trim_start().starts_with("::"),
            "{what}, {form}: {line}"
        );
        // A case is read by the program, to whom a name is what it is.
        let is_input = form == "yaml";
        assert!(
            is_input || !line.contains("##[error]"),
            "{what} as {form}: {line}"
        );
        if form == "csv" {
            let cells = line.split(',').map(|cell| cell.trim_matches('"'));
            assert!(
                cells.into_iter().all(|cell| !cell.starts_with("=1")),
                "{what}: {line}"
            );
        }
    }
    if matches!(form, "markdown" | "html" | "junit" | "svg") {
        assert!(!text.contains("<b>x"), "{what} as {form} has the markup");
    }
    if form == "markdown" {
        // An odd number of backslashes before it keeps a bar inside its cell.
        for (at, _) in text.match_indices("| &lt;b>x") {
            let slashes = text[..at].chars().rev().take_while(|c| *c == '\\').count();
            assert_eq!(
                slashes % 2,
                1,
                "{what}: {}",
                &text[at.saturating_sub(40)..at]
            );
        }
    }
}

fn check_case(folder: &Path) {
    for name in names(folder) {
        let text = fs::read_to_string(folder.join(&name)).unwrap();
        let form = match name.rsplit_once('.').unwrap().1 {
            "md" => "markdown",
            "csv" => "csv",
            "svg" => "svg",
            _ => "yaml",
        };
        check(&text, form, &name);
    }
}

#[test]
fn whatever_a_name_holds_a_reader_sees_text() {
    let folder = folder();
    for (line, forms) in COMMANDS {
        for form in forms.split(' ') {
            let line = format!("{line} --format {form} --out {form}=out.{form}");
            let ran = coalmine_in(folder.path(), &line.split(' ').collect::<Vec<_>>());
            assert!(matches!(ran.code, 0 | 3 | 4 | 99), "{line}: {ran:#?}");
            check(&ran.out, form, &line);
            check(&ran.err, "text", &line);
            let file = fs::read_to_string(folder.path().join(format!("out.{form}")));
            check(&file.unwrap(), form, &line);
        }
    }
    let cases = names(&folder.path().join("cases"));
    assert!(
        !cases.is_empty(),
        "no invariant was broken, and no case written"
    );
    for case in cases {
        check_case(&folder.path().join("cases").join(&case));
        for args in [
            &["explain"][..],
            &["explain", "--format", "markdown"],
            &["replay"],
        ] {
            let path = format!("cases/{case}");
            let ran = coalmine_in(folder.path(), &[args, &[path.as_str()]].concat());
            check(
                &ran.out,
                if args.len() > 1 { "markdown" } else { "text" },
                "explain, replay",
            );
        }
    }
}

/// A finding quotes the line on which it stands.
#[test]
fn a_finding_quotes_a_hostile_line_as_text() {
    let folder = plain();
    let path = folder.path().join("policy.yaml");
    let text = fs::read_to_string(&path).unwrap();
    let line = "nmae: \"a\u{9b}31m \u{202e}b\u{200b} ##[error]x\"\n";
    fs::write(&path, text.replace("name: plain\n", line)).unwrap();
    for args in [&["lint", "policy.yaml"][..], &["run", "policy.yaml"]] {
        let ran = coalmine_in(folder.path(), args);
        assert_eq!(ran.code, 3, "{ran:#?}");
        assert!((ran.out.clone() + &ran.err).contains("nmae"), "{ran:#?}");
        check(&ran.out, "text", "lint");
        check(&ran.err, "text", "run");
    }
}

/// The command that plays a rollout again takes the names that it was given.
#[test]
fn a_replay_command_can_be_typed_whatever_the_file_is_called() {
    let folder = plain();
    let at = |name: &str| folder.path().join(name);
    fs::rename(at("policy.yaml"), at("-n it's.yaml")).unwrap();
    fs::rename(at("good.scenario.yaml"), at("-good.scenario.yaml")).unwrap();
    let args = ["run", "--scenario=-good", "--", "-n it's.yaml"];
    let ran = coalmine_in(folder.path(), &args);
    assert_eq!(ran.code, 0, "{ran:#?}");
    let replay = ran
        .out
        .lines()
        .find_map(|line| line.strip_prefix("replay  "));
    let binary = env!("CARGO_BIN_EXE_coalmine");
    let typed = replay.unwrap().replacen("coalmine", binary, 1);
    let mut shell = std::process::Command::new("sh");
    let again = shell
        .args(["-c", &typed])
        .current_dir(folder.path())
        .output();
    let again = crate::command::ran(again.unwrap());
    assert_eq!(again.code, 0, "{typed}: {again:#?}");
    assert_eq!(again.out, ran.out);
}
