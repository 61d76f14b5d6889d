//! The worked pages in `docs/`: each command of theirs runs, and says what the page says.

use std::fs;
use std::path::{Path, PathBuf};

use crate::command::coalmine_in;

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

/// The blocks of a page: their language and their lines.
fn blocks(page: &str) -> Vec<(String, Vec<String>)> {
    let mut blocks: Vec<(String, Vec<String>)> = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        match line.strip_prefix("```") {
            Some(language) if !inside => {
                blocks.push((language.to_owned(), Vec::new()));
                inside = true;
            }
            Some(_) => inside = false,
            None if inside => {
                let (_, lines) = blocks.last_mut().expect("a block has begun");
                lines.push(line.to_owned());
            }
            None => {}
        }
    }
    blocks
}

/// Runs every command of a page in the folder of the pages; a block of text after one is what it says, line by line.
fn check(name: &str) -> usize {
    let page = fs::read_to_string(docs().join(name)).expect("the page is there");
    let (mut commands, mut said) = (0, None);
    for (language, lines) in blocks(&page) {
        match &language[..] {
            "sh" => {
                for line in lines
                    .iter()
                    .filter_map(|line| line.strip_prefix("coalmine "))
                {
                    let args: Vec<&str> = line
                        .split_whitespace()
                        .take_while(|word| *word != "#")
                        .collect();
                    let ran = coalmine_in(&docs(), &args);
                    assert!(
                        ran.code != 1 && ran.code != 2 && ran.code != 3,
                        "{name}: {line}: {ran:?}"
                    );
                    commands += 1;
                    said = Some((line.to_owned(), ran.out));
                }
            }
            "text" => {
                let (line, out) = said.as_ref().expect("text follows a command");
                let told = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
                let out = told(out);
                for expected in lines.iter().filter(|line| !line.trim().is_empty()) {
                    assert!(
                        out.contains(&told(expected)),
                        "{name}: `{line}` does not say {expected:?}: {out}"
                    );
                }
            }
            _ => {}
        }
    }
    commands
}

#[test]
fn every_command_of_the_worked_pages_says_what_the_page_says() {
    // The first page links the others; what is measured elsewhere stands beside them.
    let first = fs::read_to_string(docs().join("README.md")).expect("the page is there");
    let links = first.split("](").skip(1);
    let mut pages: Vec<&str> = links.filter_map(|rest| rest.split(')').next()).collect();
    pages.push("README.md");
    assert!(pages.len() >= 2, "{pages:?}");
    for page in &pages {
        assert!(check(page) >= 2, "{page} has commands");
    }
}

/// The figures of a text: runs of signs that begin with a digit, without what ends a sentence.
fn figures(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|sign: char| !(sign.is_ascii_alphanumeric() || sign == '.'));
    let words = words.map(|word| word.trim_end_matches('.'));
    words.filter(|word| word.starts_with(|sign: char| sign.is_ascii_digit()))
}

#[test]
fn every_figure_in_the_sentences_about_a_campaign_is_one_of_the_campaign() {
    let page = fs::read_to_string(docs().join("chaos-line-by-line.md")).expect("it is there");
    let ran = coalmine_in(&docs(), &["chaos", "wedge", "--smoke"]);
    assert_eq!(ran.code, 99, "{ran:?}");
    let said: Vec<&str> = figures(&ran.out).collect();
    let sentences = page.split("```").step_by(2);
    let told: Vec<&str> = sentences.flat_map(figures).collect();
    assert!(told.len() >= 8, "{told:?}");
    for figure in told {
        assert!(said.contains(&figure), "{figure} is not in {}", ran.out);
    }
}

#[test]
fn the_book_has_every_page_that_there_is() {
    let summary = fs::read_to_string(docs().join("SUMMARY.md")).expect("the book has a summary");
    for entry in fs::read_dir(docs()).expect("the folder is there").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_page = Path::new(&name)
            .extension()
            .is_some_and(|kind| kind == "md");
        if is_page && name != "SUMMARY.md" {
            assert!(
                summary.contains(&format!("]({name})")),
                "{name} is not in the book"
            );
        }
    }
    let linked = summary
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    for name in linked {
        assert!(docs().join(name).is_file(), "{name} is not there");
    }
}

#[test]
fn the_answer_in_the_readme_is_the_answer_of_the_main_job() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).expect("it is there");
    let text = blocks(&readme)
        .into_iter()
        .find_map(|(language, lines)| (language == "text").then_some(lines));
    let ran = coalmine_in(root, &["simulate", "wedge"]);
    assert_eq!(ran.code, 99, "{ran:?}");
    let said: Vec<&str> = ran.out.lines().collect();
    assert_eq!(text.expect("the first block of text"), said);
}
