//! Broken files: each is refused with its place, and nothing ever panics.

mod broken;

use std::fs;

use crate::command::{Ran, coalmine_in, plain};
use broken::Break::{Swap, Whole};
use broken::{Case, POLICY, broken_meaning, broken_ranges, broken_text, broken_values, source};

fn broken(case: &Case) -> Vec<u8> {
    let (_, name, how, _) = case;
    match how {
        Whole(bytes) => bytes.clone(),
        Swap(from, to) => {
            let text = source(name);
            assert!(text.contains(from), "{from} is not in {name}");
            text.replacen(from, to, 1).into_bytes()
        }
    }
}

/// Every broken file: what is wrong, which file of the plain ones it replaces, and its bytes.
pub fn files() -> impl Iterator<Item = (&'static str, &'static str, Vec<u8>)> {
    let groups = [
        broken_text(),
        broken_values(),
        broken_ranges(),
        broken_meaning(),
    ];
    let cases = groups.into_iter().flatten();
    cases.map(|case| (case.0, case.1, broken(&case)))
}

fn play(case: &Case) -> Ran {
    let folder = plain();
    fs::write(folder.path().join(case.1), broken(case)).unwrap();
    coalmine_in(folder.path(), &["run", POLICY, "--scenario", "good"])
}

/// What is wrong with the answer to a broken file, if anything.
fn complaint(case: &Case) -> Option<String> {
    let (what, name, _, line) = case;
    let ran = play(case);
    let place = if *line == 0 {
        String::new()
    } else {
        format!("{name}:{line}:")
    };
    // What is printed stays readable even where the file is not.
    let visible = |c: char| c == '\n' || !c.is_control();
    let sound = ran.code == 3
        && ran.err.starts_with("error[CM")
        && ran.err.contains(&place)
        && !ran.err.contains("panicked")
        && ran.err.len() < 20_000
        && ran.err.chars().all(visible)
        && ran.out.is_empty();
    let shown: String = ran.err.chars().take(1000).collect();
    (!sound).then(|| format!("{what}: code {}, expected at {place}\n{shown}", ran.code))
}

#[track_caller]
fn check(cases: &[Case]) {
    let complaints: Vec<_> = cases.iter().filter_map(complaint).collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n\n"));
}

#[test]
fn the_plain_files_are_sound() {
    let ran = coalmine_in(plain().path(), &["run", POLICY, "--scenario", "good"]);
    assert_eq!(ran.code, 0, "{ran:#?}");
}

#[test]
fn broken_text_is_refused_with_its_place() {
    check(&broken_text());
}

#[test]
fn values_of_the_wrong_shape_or_size_are_refused_with_their_place() {
    check(&broken_values());
    check(&broken_ranges());
}

#[test]
fn documents_that_make_no_sense_are_refused_with_their_place() {
    check(&broken_meaning());
}

#[test]
fn there_are_at_least_forty_broken_files() {
    let count = files().count();
    assert!(count >= 40, "{count}");
}

#[test]
fn a_byte_order_mark_and_crlf_alone_are_no_mistake() {
    let folder = plain();
    let windows = format!("\u{feff}{}", source(POLICY).replace('\n', "\r\n"));
    fs::write(folder.path().join(POLICY), windows).unwrap();
    let ran = coalmine_in(folder.path(), &["run", POLICY, "--scenario", "good"]);
    assert_eq!(ran.code, 0, "{ran:#?}");
}

#[test]
fn a_folder_a_missing_file_and_a_broken_result_are_refused() {
    let folder = plain();
    fs::write(
        folder.path().join("result.json"),
        "{\"schema\": \"coalmine/run\",\n 7}",
    )
    .unwrap();
    for args in [
        &["run", ".", "--scenario", "good"][..],
        &["run", "missing.yaml", "--scenario", "good"],
        &["lint", "missing.yaml"],
        &["replay", "result.json"],
        &["replay", "missing.json"],
    ] {
        let ran = coalmine_in(folder.path(), args);
        assert_eq!(ran.code, 3, "{args:?}: {ran:#?}");
        assert!(ran.err.starts_with("error"), "{args:?}: {ran:#?}");
    }
    let replay = coalmine_in(folder.path(), &["replay", "result.json"]);
    assert!(replay.err.contains("result.json:2:2"), "{replay:#?}");
}

/// A file of a terabyte, of which the disk holds nothing, stands for one that never ends.
#[test]
fn no_command_reads_a_file_without_a_bound() {
    let folder = plain();
    for name in ["big.json", "big.csv", "big.yaml"] {
        let file = fs::File::create(folder.path().join(name)).unwrap();
        file.set_len(1 << 40).unwrap();
    }
    for line in [
        "report big.json",
        "replay big.json",
        "replay big.yaml",
        "explain big.yaml",
        "verify --cases big.json",
        "lint big.yaml",
        "run big.yaml --scenario good",
        "run policy.yaml --scenario big.yaml",
        "chaos policy.yaml --scenario good --campaign big.yaml",
        "backtest policy.yaml big.csv",
        "calibrate big.csv",
        "decide wedge --wedge big.json",
        "export packet big.json",
    ] {
        let args: Vec<&str> = line.split(' ').collect();
        let ran = coalmine_in(folder.path(), &args);
        assert_eq!(ran.code, 3, "{line}: {ran:?}");
        let said = ran.out + &ran.err;
        let bound = ["MiB", "bytes", "larger than", "too large", "at most"];
        assert!(
            bound.iter().any(|word| said.contains(word)),
            "{line}: {said}"
        );
    }
}
