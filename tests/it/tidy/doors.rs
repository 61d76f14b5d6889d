//! Where an outsider writes: the pages that say so, and how few files a new thing touches.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::source::{root, sources};

/// So many files may match the kind of a gate's window. The number only ever becomes smaller.
const WINDOW_FILES: usize = 8;
/// So many examples the documentation of the packages has at least.
const EXAMPLES: usize = 20;
/// So many files each page may send its reader to.
const FILES: [(&str, usize); 7] = [
    ("a gate window", 12),
    ("a fault", 2),
    ("a fault mechanism", 7),
    ("a rule of lint", 2),
    ("a form of results", 3),
    ("an invariant", 3),
    ("a product whose policies are read", 5),
];

#[test]
fn few_files_match_the_kind_of_a_window() {
    let matching: Vec<_> = sources()
        .iter()
        .filter(|source| !source.path.starts_with("tests/") && !source.path.starts_with("benches/"))
        .filter(|source| source.product().lines().any(matches_a_window))
        .map(|source| source.path.as_str())
        .collect();
    assert!(
        matching.len() <= WINDOW_FILES,
        "ask `window_facts.rs` instead: {matching:#?}"
    );
    assert!(!matching.is_empty(), "the scan finds the tracker at least");
}

/// Whether a line asks which window there is: an arm, a `let` or a `matches!`.
fn matches_a_window(line: &str) -> bool {
    line.match_indices("Window::").any(|(at, found)| {
        let (before, after) = (&line[..at], &line[at + found.len()..]);
        let is_kind = after.starts_with(|first: char| first.is_ascii_uppercase());
        let is_pattern = after.contains("=>")
            || before.ends_with("let ")
            || before.ends_with("let Some(")
            || before.contains("matches!(");
        is_kind && is_pattern
    })
}

#[test]
fn the_scan_knows_a_pattern_from_a_value() {
    for line in [
        "Window::Instant => 1,",
        "let Window::Count(limits) = gate.window else {",
        "matches!(gate.window, Window::Bayes(_))",
    ] {
        assert!(matches_a_window(line), "{line}");
    }
    for line in ["window: Window::Instant,", "Window::of(gate) => 1,"] {
        assert!(!matches_a_window(line), "{line}");
    }
}

#[test]
fn the_documentation_has_examples_that_are_run() {
    let fences = |text: &str| {
        let comments = text.lines().map(str::trim_start);
        let fences = comments.filter(|line| matches!(*line, "/// ```" | "//! ```"));
        fences.count() / 2
    };
    let count: usize = sources().iter().map(|source| fences(&source.text)).sum();
    assert!(count >= EXAMPLES, "{count}");
}

#[test]
fn every_page_on_adding_something_names_files_that_are_there_and_few_of_them() {
    let text = fs::read_to_string(root().join("CONTRIBUTING.md")).expect("it is there");
    let pages: Vec<_> = text.split("\n### How to add ").skip(1).collect();
    let titles: Vec<_> = pages
        .iter()
        .filter_map(|page| page.lines().next())
        .collect();
    assert_eq!(titles, FILES.map(|(title, _)| title));
    for (page, (title, most)) in pages.iter().zip(FILES) {
        let page = page
            .split("\n## ")
            .next()
            .expect("a split has a first part");
        let named: BTreeSet<_> = page
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|word| word.contains('/') && !word.contains('<'))
            .filter(|word| {
                Path::new(word)
                    .extension()
                    .is_some_and(|ending| ending == "rs")
            })
            .collect();
        for path in &named {
            assert!(root().join(path).is_file(), "{title}: {path} is not there");
        }
        assert!(
            !named.is_empty() && named.len() <= most,
            "{title}: {named:?}"
        );
    }
}
