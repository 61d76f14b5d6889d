//! The papers of the house agree with the house.

use std::collections::BTreeSet;
use std::fs;

use super::source::{root, sources};

fn paper(name: &str) -> String {
    let path = root().join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_diagnostic_code_in_the_source_is_documented_once() {
    let documented: Vec<_> = scenarios::codes().map(|entry| entry.code).collect();
    let unique: BTreeSet<_> = documented.iter().copied().collect();
    assert_eq!(unique.len(), documented.len(), "no code has two meanings");
    assert!(documented.is_sorted(), "codes are listed in order");
    for entry in scenarios::codes() {
        assert!(!entry.title.is_empty(), "{}", entry.code);
        assert!(!entry.explanation.is_empty(), "{}", entry.code);
    }
    for source in sources() {
        for code in codes_in(&source.text[..source.product().len()]) {
            assert!(
                unique.contains(code.as_str()),
                "{} uses {code}",
                source.path
            );
        }
    }
}

/// Returns every code of the form `CMnnn`.
fn codes_in(text: &str) -> BTreeSet<String> {
    let long_enough = text
        .match_indices("CM")
        .filter_map(|(at, _)| text.get(at..at + 5));
    let codes = long_enough.filter(|code| code[2..].bytes().all(|byte| byte.is_ascii_digit()));
    codes.map(str::to_owned).collect()
}

#[test]
fn the_changelog_keeps_its_shape() {
    let text = paper("CHANGELOG.md");
    let kinds = [
        "Added",
        "Changed",
        "Deprecated",
        "Removed",
        "Fixed",
        "Mended",
        "Security",
    ];
    assert!(text.starts_with("# Changelog\n"), "the title");
    let releases: Vec<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .collect();
    assert_eq!(
        releases.first(),
        Some(&"[Unreleased]"),
        "what is to come stands first"
    );
    for release in &releases[1..] {
        let (version, date) = release.split_once(" - ").expect("a version and its date");
        assert!(
            version.starts_with('[') && version.ends_with(']'),
            "{release}"
        );
        let is_date = date.len() == 10 && date.split('-').count() == 3;
        assert!(is_date, "{release}");
    }
    for kind in text.lines().filter_map(|line| line.strip_prefix("### ")) {
        assert!(kinds.contains(&kind), "{kind}");
    }
}

#[test]
fn the_readme_names_the_two_commands_and_every_exit_code() {
    let text = paper("README.md");
    for command in ["cargo run --release -- simulate wedge", "cargo test"] {
        assert!(text.contains(command), "{command}");
    }
    for code in [0, 1, 2, 3, 4, 5, 6, 99, 105] {
        assert!(text.contains(&format!("| {code} |")), "exit code {code}");
    }
}

#[test]
fn the_check_before_a_merge_runs_the_test_command_of_the_readme() {
    let text = paper(".ci/run");
    for command in ["cargo fmt --all --check", "-D warnings", "cargo test"] {
        assert!(text.contains(command), "{command}");
    }
}

#[test]
fn every_folder_of_code_is_on_the_map() {
    let map = paper("ARCHITECTURE.md");
    let mut folders = BTreeSet::new();
    for source in sources() {
        let parts: Vec<_> = source.path.split('/').collect();
        if let Some(at) = parts.iter().position(|part| *part == "src") {
            let depth = parts.len().min(at + 3) - 1;
            folders.insert(parts[..depth].join("/"));
        }
    }
    for folder in folders.iter().filter(|folder| !folder.ends_with("tests")) {
        assert!(
            map.contains(&format!("`{folder}/`")),
            "{folder} is not in ARCHITECTURE.md"
        );
    }
}

#[test]
fn every_folder_inside_a_room_is_named_on_the_map() {
    let map = paper("ARCHITECTURE.md");
    let mut folders = BTreeSet::new();
    for source in sources().iter().filter(|source| !source.is_test()) {
        let mut folder = source.path.as_str();
        while let Some((outer, _)) = folder.rsplit_once('/') {
            folders.insert(outer);
            folder = outer;
        }
    }
    let inside = folders
        .into_iter()
        .filter(|folder| folder.contains("/src/") || folder.starts_with("src/"));
    let own = |folder: &&str| {
        !["rows", "fixtures", "tests"]
            .iter()
            .any(|it| folder.contains(it))
    };
    for folder in inside.filter(own) {
        let name = folder.rsplit('/').next().unwrap_or(folder);
        let named = ["`", "/"]
            .iter()
            .any(|before| map.contains(&format!("{before}{name}/")));
        assert!(named, "{folder} is not in ARCHITECTURE.md");
    }
}

#[test]
fn every_invariant_of_the_checkers_is_in_the_readme_or_the_architecture() {
    let papers = paper("README.md") + &paper("ARCHITECTURE.md");
    for invariant in chaos::checker::known() {
        assert!(papers.contains(invariant.id), "{}", invariant.id);
    }
}
